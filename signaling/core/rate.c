#include "signaling/core/rate.h"

#include <assert.h>

static uint64_t level_at(const struct rate *rate, usec_t now)
{
    uint64_t full = (uint64_t)rate->burst * USEC_PER_SEC;
    uint64_t passed = now - rate->at;
    uint64_t missing = full - rate->level;
    if (rate->per_second > 0 && passed >= missing / rate->per_second + 1)
        return full; /* decided by division, so that a long pause cannot overflow */
    return rate->level + passed * rate->per_second;
}

struct rate rate_init(uint32_t burst, uint32_t per_second, usec_t now)
{
    assert(burst > 0);
    return (struct rate){burst, per_second, (uint64_t)burst * USEC_PER_SEC, now};
}

bool rate_take(struct rate *rate, usec_t now)
{
    assert(now >= rate->at);
    rate->level = level_at(rate, now);
    rate->at = now;
    if (rate->level < USEC_PER_SEC)
        return false;
    rate->level -= USEC_PER_SEC;
    return true;
}

usec_t rate_wait_us(const struct rate *rate, usec_t now)
{
    uint64_t level = level_at(rate, now);
    if (level >= USEC_PER_SEC)
        return 0;
    if (rate->per_second == 0)
        return USEC_NEVER;
    uint64_t missing = USEC_PER_SEC - level;
    return (missing + rate->per_second - 1) / rate->per_second;
}
