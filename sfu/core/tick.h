/* How long a media worker lets packets gather before it sends.
 *
 * An idle worker sends at once. A busy one gains by waiting: sound then rides behind a frame in one
 * send, and the kernel's cost is by sends (docs/performance.md). So the least time between the
 * beginnings of two rounds rises with how busy the worker was:
 *
 *   longest_us ┤            ┌───────
 *              │          ╱
 *            0 ┼────────╱
 *              0       30 %  60 %  100 %  of the time spent in rounds
 *
 * Waiting lowers the load and so itself; what was measured counts by half with what was known
 * before, so that it settles. Owner: one worker's loop. No clock: times are inputs. */
#ifndef SFU_CORE_TICK_H
#define SFU_CORE_TICK_H

#include <stdint.h>

#include "base/units.h"

struct tick {
    uint32_t longest_us; /* 0: never waits */
    uint32_t busy_ppm;   /* of the time, in rounds */
    usec_t window_begin;
    usec_t window_busy_us;
    usec_t round_begin; /* of the last round */
};

void tick_init(struct tick *tick, usec_t now, uint32_t longest_us);
/* A round is over. Rounds come in order and do not overlap. */
void tick_on_round(struct tick *tick, usec_t begin, usec_t end);
/* The least time between the beginnings of two rounds now. */
uint32_t tick_length(const struct tick *tick);
/* The next round begins no earlier. */
usec_t tick_next(const struct tick *tick);

#endif
