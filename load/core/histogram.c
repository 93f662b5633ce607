#include "load/core/histogram.h"

#include <assert.h>
#include <stddef.h>

_Static_assert((HISTOGRAM_STEPS & (HISTOGRAM_STEPS - 1)) == 0, "a doubling is cut by shifting");

enum { STEP_BITS = 5, PER_MILLE = 1000 };

_Static_assert(1 << STEP_BITS == HISTOGRAM_STEPS, "the two name the same thing");

/* Doubling 0 holds 0 … 31 and doubling 1 holds 32 … 63, both in steps of 1; doubling d above holds
 * 2^(d + 4) … 2^(d + 5) - 1 in steps of 2^(d - 1). */
static uint32_t bucket_of(usec_t value_us)
{
    if (value_us < HISTOGRAM_STEPS)
        return (uint32_t)value_us;
    uint32_t top = 63 - (uint32_t)__builtin_clzll(value_us);
    uint32_t doubling = top - STEP_BITS + 1;
    if (doubling > HISTOGRAM_DOUBLINGS)
        return HISTOGRAM_BUCKETS - 1;
    uint32_t step = (uint32_t)(value_us >> (doubling - 1)) & (HISTOGRAM_STEPS - 1);
    return doubling * HISTOGRAM_STEPS + step;
}

static usec_t bucket_end(uint32_t bucket)
{
    uint32_t doubling = bucket / HISTOGRAM_STEPS;
    uint32_t step = bucket % HISTOGRAM_STEPS;
    if (doubling == 0)
        return step;
    return ((usec_t)(HISTOGRAM_STEPS + step + 1) << (doubling - 1)) - 1;
}

void histogram_add(struct histogram *histogram, usec_t value_us)
{
    histogram->count++;
    histogram->sum_us += value_us;
    histogram->buckets[bucket_of(value_us)]++;
    if (value_us > histogram->max_us)
        histogram->max_us = value_us;
}

struct histogram histogram_since(const struct histogram *later, const struct histogram *earlier)
{
    struct histogram window = *later;
    assert(later->count >= earlier->count);
    window.count -= earlier->count;
    window.sum_us -= earlier->sum_us;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        window.buckets[i] -= earlier->buckets[i];
    return window;
}

usec_t histogram_at(const struct histogram *histogram, uint32_t per_mille)
{
    /* The rank of the value asked for, rounded up: p50 of one value is that value. */
    uint64_t rank = (histogram->count * per_mille + PER_MILLE - 1) / PER_MILLE;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < HISTOGRAM_BUCKETS && histogram->count > 0; i++) {
        seen += histogram->buckets[i];
        if (seen >= rank && seen > 0) {
            usec_t end = bucket_end(i);
            return i == HISTOGRAM_BUCKETS - 1 || end > histogram->max_us ? histogram->max_us : end;
        }
    }
    return 0;
}
