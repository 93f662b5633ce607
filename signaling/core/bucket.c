#include "signaling/core/bucket.h"

#include <assert.h>

static uint64_t level_at(const struct bucket *bucket, usec_t now)
{
    uint64_t full = (uint64_t)bucket->burst * USEC_PER_SEC;
    uint64_t passed = now - bucket->at;
    uint64_t missing = full - bucket->level;
    if (bucket->per_second > 0 && passed >= missing / bucket->per_second + 1)
        return full; /* decided by division, so that a long pause cannot overflow */
    return bucket->level + passed * bucket->per_second;
}

struct bucket bucket_init(uint32_t burst, uint32_t per_second, usec_t now)
{
    assert(burst > 0);
    return (struct bucket){burst, per_second, (uint64_t)burst * USEC_PER_SEC, now};
}

bool bucket_take(struct bucket *bucket, usec_t now)
{
    assert(now >= bucket->at);
    bucket->level = level_at(bucket, now);
    bucket->at = now;
    if (bucket->level < USEC_PER_SEC)
        return false;
    bucket->level -= USEC_PER_SEC;
    return true;
}

usec_t bucket_wait_us(const struct bucket *bucket, usec_t now)
{
    uint64_t level = level_at(bucket, now);
    if (level >= USEC_PER_SEC)
        return 0;
    if (bucket->per_second == 0)
        return USEC_NEVER;
    uint64_t missing = USEC_PER_SEC - level;
    return (missing + bucket->per_second - 1) / bucket->per_second;
}
