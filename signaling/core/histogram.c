#include "signaling/core/histogram.h"

const usec_t histogram_bounds_us[HISTOGRAM_BOUNDS] = {1000,  2000,   5000,   10000,  20000,
                                                      50000, 100000, 200000, 500000, 1000000};

void histogram_add(struct histogram *histogram, usec_t value_us)
{
    for (uint32_t n = 0; n < HISTOGRAM_BOUNDS; n++)
        histogram->up_to[n] += value_us <= histogram_bounds_us[n];
    histogram->count++;
    histogram->sum_us += value_us;
}
