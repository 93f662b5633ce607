/* How much of the control thread joins may take, so that a storm of them never starves the meeting
 * that runs: what a join cost is measured, and the next ones wait until that is again no more than
 * their share.
 *
 *   ├─ work ─┤── rest ──├─ work ─┤── rest ──►      work / (work + rest) = ADMISSION_SHARE_PERCENT
 *
 * Work is done in slices, so that a timer of whole milliseconds is fine enough. While nobody waits
 * nothing is held back: a single join has its answer at once.
 * Owner: the control thread. No clock, no queue: who waits is the edge's. */
#ifndef SIGNALING_CORE_ADMISSION_H
#define SIGNALING_CORE_ADMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

enum {
    ADMISSION_SHARE_PERCENT = 60,
    ADMISSION_SLICE_US = 5000,
    ADMISSION_WAIT_WORTH_TELLING_MS = 1000,
};

struct admission {
    usec_t free_at;  /* the next slice begins here */
    usec_t slice_us; /* work done in the present one */
    usec_t join_us;  /* what one join costs, smoothed */
};

void admission_init(struct admission *admission, usec_t now);
/* Whether a join may be worked on now. */
bool admission_is_open(const struct admission *admission, usec_t now);
/* A join was worked on from `began` until `ended`. */
void admission_on_join(struct admission *admission, usec_t began, usec_t ended);
/* When the next may be worked on; not in the past. */
usec_t admission_next(const struct admission *admission, usec_t now);
/* How long somebody waits who has `ahead` others before them. */
usec_t admission_wait_us(const struct admission *admission, uint32_t ahead, usec_t now);

#endif
