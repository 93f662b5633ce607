#include "sfu/core/rate.h"

#include <assert.h>

bool rate_take(struct rate *rate, usec_t now, uint32_t per_second, uint32_t burst)
{
    assert(per_second > 0 && burst > 0);
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
    if (rate->tokens == 0)
        return false;
    rate->tokens--;
    return true;
}
