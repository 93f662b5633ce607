#include "sfu/core/rate.h"

#include <assert.h>

bool rate_take(struct rate *rate, usec_t now, uint32_t per_second, uint32_t burst)
{
    return rate_take_many(rate, now, per_second, burst, 1);
}

bool rate_take_many(struct rate *rate, usec_t now, uint32_t per_second, uint32_t burst,
                    uint32_t count)
{
    assert(per_second > 0 && per_second <= USEC_PER_SEC && burst > 0);
    usec_t each = USEC_PER_SEC / per_second;
    if (rate->earned_until == 0) {
        rate->tokens = burst;
        rate->earned_until = now;
    }
    usec_t earned = (now - rate->earned_until) / each;
    if (earned >= burst - rate->tokens) {
        rate->tokens = burst;
        rate->earned_until = now;
    } else {
        rate->tokens += (uint32_t)earned;
        rate->earned_until += earned * each;
    }
    if (rate->tokens < count)
        return false;
    rate->tokens -= count;
    return true;
}
