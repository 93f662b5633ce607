/* A token bucket in integers: `burst` at once, then `per_second`.
 *
 * Owner: whoever it guards. No clock (now is an argument and never goes back), no allocation. */
#ifndef SIGNALING_CORE_BUCKET_H
#define SIGNALING_CORE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

struct bucket {
    uint32_t burst;
    uint32_t per_second;
    uint64_t level; /* tokens × USEC_PER_SEC, so that slow rates lose nothing to rounding */
    usec_t at;
};

/* A full bucket. Needs: burst > 0. */
struct bucket bucket_init(uint32_t burst, uint32_t per_second, usec_t now);
/* Takes one token; false when there is none. */
bool bucket_take(struct bucket *bucket, usec_t now);
/* How long until a token is there; 0 if one is. USEC_NEVER when nothing refills. */
usec_t bucket_wait_us(const struct bucket *bucket, usec_t now);

#endif
