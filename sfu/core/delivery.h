/* How much of what an endpoint was sent arrived, from its transport-wide feedback.
 *
 * Feedback calls a packet missing that was only overtaken, and tells of it again later; so packets
 * are counted once, against the highest number told of, as RFC 3550 (A.3) counts them. Pure. */
#ifndef SFU_CORE_DELIVERY_H
#define SFU_CORE_DELIVERY_H

#include <stdint.h>

#include "sfu/core/replay.h"
#include "sfu/core/srtp_index.h"
#include "sfu/proto/rtcp.h"

struct delivery {
    struct srtp_index numbers;
    struct replay seen;
    uint64_t base;
    uint64_t expected_before; /* at the last delivery_take() */
    uint64_t received_before;
};

void delivery_on_feedback(struct delivery *delivery, const struct transport_cc *feedback);
/* Packets told of since the last delivery_take(). */
uint32_t delivery_expected(const struct delivery *delivery);
/* Of those, how many of a hundred did not arrive; begins a new interval. */
uint32_t delivery_take_loss_percent(struct delivery *delivery);

#endif
