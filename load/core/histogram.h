/* How often which duration: log-linear buckets, in microseconds.
 *
 *   0 … 63 one bucket each, then 32 buckets for every doubling: a value is told to within 3 %.
 *
 * Two histograms of one process subtract, so that a window of time is the later minus the earlier.
 * Plain values: copy them. Pure. */
#ifndef LOAD_CORE_HISTOGRAM_H
#define LOAD_CORE_HISTOGRAM_H

#include <stdint.h>

#include "base/units.h"

enum {
    HISTOGRAM_STEPS = 32,     /* buckets of one doubling; a power of two */
    HISTOGRAM_DOUBLINGS = 28, /* above the first: up to 2^33 us, more than two hours */
    HISTOGRAM_BUCKETS = (HISTOGRAM_DOUBLINGS + 1) * HISTOGRAM_STEPS,
};

struct histogram {
    uint64_t count;
    uint64_t sum_us;
    usec_t max_us; /* of everything ever added: a difference keeps the later one's */
    uint32_t buckets[HISTOGRAM_BUCKETS];
};

/* Values beyond the last bucket are counted in it. */
void histogram_add(struct histogram *histogram, usec_t value_us);
/* `later` without what `earlier` had counted. Needs: earlier is a former state of later. */
struct histogram histogram_since(const struct histogram *later, const struct histogram *earlier);
/* The value that `per_mille` of all are not above, as its bucket's upper end but not above the
 * greatest value; 0 when nothing was counted. */
usec_t histogram_at(const struct histogram *histogram, uint32_t per_mille);

#endif
