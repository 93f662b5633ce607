/* How often which duration: log-linear buckets, in microseconds.
 *
 *   0 … 63 one bucket each, then 32 buckets for every doubling: a value is told to within 3 %.
 *
 * Two histograms of one process subtract, so that a window of time is the later minus the earlier.
 * Plain values: copy them. Pure. */
#ifndef LOAD_CORE_TIMES_H
#define LOAD_CORE_TIMES_H

#include <stdint.h>

#include "base/units.h"

enum {
    TIMES_STEPS = 32,     /* buckets of one doubling; a power of two */
    TIMES_DOUBLINGS = 28, /* above the first: up to 2^33 us, more than two hours */
    TIMES_BUCKETS = (TIMES_DOUBLINGS + 1) * TIMES_STEPS,
};

struct times {
    uint64_t count;
    uint64_t sum_us;
    usec_t max_us; /* of everything ever added: a difference keeps the later one's */
    uint32_t buckets[TIMES_BUCKETS];
};

/* Values beyond the last bucket are counted in it. */
void times_add(struct times *times, usec_t value_us);
/* `later` without what `earlier` had counted. Needs: earlier is a former state of later. */
struct times times_since(const struct times *later, const struct times *earlier);
/* The value that `per_mille` of all are not above, as its bucket's upper end but not above the
 * greatest value; 0 when nothing was counted. */
usec_t times_at(const struct times *times, uint32_t per_mille);

#endif
