/* A small seeded generator (splitmix64; Steele, Lea, Flood 2014) for simulators, jitter and hash
 * seeds. Never for keys: those come from the edge's cryptographic source. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

struct rng rng_seed(uint64_t seed);
uint64_t rng_u64(struct rng *rng);
/* Uniform in [0, bound). Needs: bound > 0. */
uint32_t rng_below(struct rng *rng, uint32_t bound);

#endif
