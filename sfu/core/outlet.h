/* What building a subscriber's sends touches of it, and nothing else: one cache line by endpoint.
 *
 * Thousands of these are walked through for each frame, so they lie together, apart from all that
 * an endpoint is besides (endpoint.h). */
#ifndef SFU_CORE_OUTLET_H
#define SFU_CORE_OUTLET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/pool.h"
#include "sfu/core/srtp.h"

struct outlet {
    struct srtp_transform transform; /* outbound */
    uint64_t pending;                /* bit per slot with something to send */
    uint64_t numbers;                /* transport-wide numbers given so far: 16 bits are sent */
    struct handle endpoint;
    struct udp_address to;
    bool open;            /* connected, and has a valid path */
    bool queued;          /* it stands in worker.sends */
    uint8_t control;      /* of enum control */
    uint8_t resend_count; /* of endpoint.resends */
};

struct worker;
struct endpoint;

/* The endpoint's keys or its paths changed: where to send, and whether at all. */
void outlet_refresh(struct worker *worker, const struct endpoint *endpoint);

_Static_assert(sizeof(struct outlet) == 64, "one cache line");

#endif
