#include "load/core/times.h"

#include <assert.h>
#include <stddef.h>

_Static_assert((TIMES_STEPS & (TIMES_STEPS - 1)) == 0, "a doubling is cut by shifting");

enum { STEP_BITS = 5, PER_MILLE = 1000 };

_Static_assert(1 << STEP_BITS == TIMES_STEPS, "the two name the same thing");

/* Doubling 0 holds 0 … 31 and doubling 1 holds 32 … 63, both in steps of 1; doubling d above holds
 * 2^(d + 4) … 2^(d + 5) - 1 in steps of 2^(d - 1). */
static uint32_t bucket_of(usec_t value_us)
{
    if (value_us < TIMES_STEPS)
        return (uint32_t)value_us;
    uint32_t top = 63 - (uint32_t)__builtin_clzll(value_us);
    uint32_t doubling = top - STEP_BITS + 1;
    if (doubling > TIMES_DOUBLINGS)
        return TIMES_BUCKETS - 1;
    uint32_t step = (uint32_t)(value_us >> (doubling - 1)) & (TIMES_STEPS - 1);
    return doubling * TIMES_STEPS + step;
}

static usec_t bucket_end(uint32_t bucket)
{
    uint32_t doubling = bucket / TIMES_STEPS;
    uint32_t step = bucket % TIMES_STEPS;
    if (doubling == 0)
        return step;
    return ((usec_t)(TIMES_STEPS + step + 1) << (doubling - 1)) - 1;
}

void times_add(struct times *times, usec_t value_us)
{
    times->count++;
    times->sum_us += value_us;
    times->buckets[bucket_of(value_us)]++;
    if (value_us > times->max_us)
        times->max_us = value_us;
}

struct times times_since(const struct times *later, const struct times *earlier)
{
    struct times window = *later;
    assert(later->count >= earlier->count);
    window.count -= earlier->count;
    window.sum_us -= earlier->sum_us;
    for (size_t i = 0; i < TIMES_BUCKETS; i++)
        window.buckets[i] -= earlier->buckets[i];
    return window;
}

usec_t times_at(const struct times *times, uint32_t per_mille)
{
    /* The rank of the value asked for, rounded up: p50 of one value is that value. */
    uint64_t rank = (times->count * per_mille + PER_MILLE - 1) / PER_MILLE;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < TIMES_BUCKETS && times->count > 0; i++) {
        seen += times->buckets[i];
        if (seen >= rank && seen > 0) {
            usec_t end = bucket_end(i);
            return i == TIMES_BUCKETS - 1 || end > times->max_us ? times->max_us : end;
        }
    }
    return 0;
}
