#include "base/random.h"

#include <assert.h>

struct rng rng_seed(uint64_t seed)
{
    return (struct rng){seed};
}

uint64_t rng_u64(struct rng *rng)
{
    uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint32_t rng_below(struct rng *rng, uint32_t bound)
{
    assert(bound > 0);
    /* Scaling the high half keeps the bias under 2^-32, which no simulation here can see. */
    return (uint32_t)(((rng_u64(rng) >> 32) * bound) >> 32);
}
