/* A histogram of times, as Prometheus counts them: how many were not above each bound.
 *
 * Owner: whoever measures. No clock, no allocation. */
#ifndef SIGNALING_CORE_HISTOGRAM_H
#define SIGNALING_CORE_HISTOGRAM_H

#include <stdint.h>

#include "base/units.h"

enum { HISTOGRAM_BOUNDS = 10 };

/* Rising; what is above the last counts in the total alone. */
extern const usec_t histogram_bounds_us[HISTOGRAM_BOUNDS];

struct histogram {
    uint64_t up_to[HISTOGRAM_BOUNDS]; /* each includes those before it */
    uint64_t count;
    usec_t sum_us;
};

void histogram_add(struct histogram *histogram, usec_t value_us);

#endif
