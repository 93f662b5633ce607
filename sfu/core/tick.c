#include "sfu/core/tick.h"

#include <assert.h>

enum {
    WINDOW_US = 100 * 1000,
    IDLE_PPM = 300 * 1000,
    FULL_PPM = 600 * 1000,
};

void tick_init(struct tick *tick, usec_t now, uint32_t longest_us)
{
    *tick = (struct tick){.longest_us = longest_us, .window_begin = now, .round_begin = now};
}

void tick_on_round(struct tick *tick, usec_t begin, usec_t end)
{
    assert(begin >= tick->window_begin && end >= begin);
    tick->round_begin = begin;
    tick->window_busy_us += end - begin;
    usec_t passed = end - tick->window_begin;
    if (passed < WINDOW_US)
        return;
    uint32_t measured = (uint32_t)(tick->window_busy_us * 1000000 / passed);
    /* After a pause nothing of what was before counts. */
    tick->busy_ppm = passed < 2 * WINDOW_US ? (tick->busy_ppm + measured) / 2 : measured;
    tick->window_begin = end;
    tick->window_busy_us = 0;
}

uint32_t tick_length(const struct tick *tick)
{
    if (tick->busy_ppm <= IDLE_PPM)
        return 0;
    uint64_t above = tick->busy_ppm < FULL_PPM ? tick->busy_ppm - IDLE_PPM : FULL_PPM - IDLE_PPM;
    return (uint32_t)(tick->longest_us * above / (FULL_PPM - IDLE_PPM));
}

usec_t tick_next(const struct tick *tick)
{
    return tick->round_begin + tick_length(tick);
}
