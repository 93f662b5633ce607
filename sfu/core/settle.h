/* Streams' new packets become their watchers', once a tick.
 *
 * Idle, all of them at once. A busy worker lets sound wait a little for a frame of its room, behind
 * which it then leaves in the same send (train.h); frames wait for nobody:
 *
 *   sound   s···········┐        s at once: its room has shown no frame for FRAMES_STOPPED_US
 *   frames         FFFFFs ···
 *           ├─ wait ─┤           no frame within sound_wait: sound leaves alone */
#ifndef SFU_CORE_SETTLE_H
#define SFU_CORE_SETTLE_H

#include <stdint.h>

#include "base/units.h"

struct worker;

enum { FRAMES_STOPPED_US = 100 * 1000 };

/* Tells watchers and waiters of all streams with new packets, but of the sound that waits. */
void settle_all(struct worker *worker);
/* When sound that waits is to be settled at the latest; USEC_NEVER while none does. */
usec_t settle_deadline(const struct worker *worker);

#endif
