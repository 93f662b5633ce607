/* How much of what an endpoint was sent arrived, from its transport-wide feedback.
 *
 * Feedback calls a packet missing that was only overtaken, and tells of it again later; so packets
 * are counted once, against the highest number told of, as RFC 3550 (A.3) counts them. Numbers are
 * full ones: the 16 bits that feedback carries mean the nearest not above what was sent. Pure. */
#ifndef SFU_CORE_DELIVERY_H
#define SFU_CORE_DELIVERY_H

#include <stdint.h>

#include "base/err.h"
#include "sfu/proto/rtcp.h"

/* Packets that may be told of late: 64 in each word. */
enum { DELIVERY_WORDS = 16 };

struct delivery {
    uint64_t base; /* the first number told of, and one above the highest; equal: none yet */
    uint64_t end;
    uint64_t received;
    uint64_t expected_before; /* at the last delivery_take_loss_percent() */
    uint64_t received_before;
    struct {
        uint64_t word; /* the numbers 64 * word … 64 * word + 63 */
        uint64_t seen;
    } window[DELIVERY_WORDS]; /* by word modulo their number */
};

/* ERR_UNKNOWN when it tells of what was never sent; then nothing changes. `sent` is how many
 * numbers were given so far, from 0 on. */
MUST_USE enum err delivery_on_feedback(struct delivery *delivery, uint64_t sent,
                                       const struct transport_cc_received *feedback);
/* Packets told of since the last delivery_take_loss_percent(). */
uint32_t delivery_expected(const struct delivery *delivery);
/* Of those, how many of a hundred did not arrive; begins a new interval. */
uint32_t delivery_take_loss_percent(struct delivery *delivery);

#endif
