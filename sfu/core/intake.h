/* What is known of the packets an endpoint sends: one receiver for each SSRC, and when each packet
 * came. In a large meeting few endpoints ever send any, so it is taken from a pool with the first
 * packet and given back when the endpoint leaves. */
#ifndef SFU_CORE_INTAKE_H
#define SFU_CORE_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "sfu/core/arrivals.h"
#include "sfu/core/nack.h"
#include "sfu/core/reception.h"
#include "sfu/core/replay.h"
#include "sfu/core/room.h"
#include "sfu/core/srtp_index.h"

struct worker;
struct endpoint;

/* One receiver per place of a source, and one per place for its retransmissions. */
enum { ENDPOINT_RECEIVERS = 2 * SOURCE_PLACES };
struct receiver {
    uint32_t ssrc; /* 0: none yet */
    bool keyframe_asked;
    struct srtp_index index;
    struct replay replay;
    struct reception reception;
    struct nack nack; /* unused where retransmissions arrive */
};

struct intake {
    struct handle handle;
    struct receiver receivers[ENDPOINT_RECEIVERS];
    struct arrivals arrivals;
};

/* Nothing happens when it has one. ERR_FULL leaves it without. */
MUST_USE enum err intake_need(struct worker *worker, struct endpoint *endpoint);
void intake_give(struct worker *worker, struct endpoint *endpoint);

#endif
