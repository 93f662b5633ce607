/* A token bucket: so many a second on average, so many at once (floods of NACK and PLI meet it). */
#ifndef SFU_CORE_RATE_H
#define SFU_CORE_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

struct rate {
    usec_t earned_until; /* tokens were credited up to here; 0: never used, the bucket is full */
    uint32_t tokens;
};

/* Takes one token; false when there is none. `per_second` and `burst` are the same at each call. */
bool rate_take(struct rate *rate, usec_t now, uint32_t per_second, uint32_t burst);
/* The same for `count` tokens at once, all or none. */
bool rate_take_many(struct rate *rate, usec_t now, uint32_t per_second, uint32_t burst,
                    uint32_t count);

#endif
