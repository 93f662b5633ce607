/* When each transport-wide numbered packet of one endpoint came, and the feedback that says so
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1). Pure. */
#ifndef SFU_CORE_ARRIVALS_H
#define SFU_CORE_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "sfu/core/srtp_index.h"
#include "sfu/proto/rtcp.h"

enum { ARRIVALS_WINDOW = 256 }; /* packets; a power of two, not above LIMIT_TRANSPORT_CC_PACKETS */

struct arrivals {
    struct srtp_index numbers; /* 16 bits extended, as everywhere */
    bool waiting;              /* something came since the last feedback */
    uint64_t first;            /* the lowest number the next feedback speaks of */
    uint8_t feedbacks;
    uint64_t number[ARRIVALS_WINDOW]; /* by number modulo the window: which one, and when it came */
    usec_t at[ARRIVALS_WINDOW];
};

void arrivals_on_packet(struct arrivals *arrivals, usec_t now, uint16_t number);
/* So many numbers wait that the feedback should not be put off. */
bool arrivals_urgent(const struct arrivals *arrivals);
/* The next feedback without its SSRCs; false when nothing came since the last one. */
bool arrivals_report(struct arrivals *arrivals, struct transport_cc *ret_feedback);

#endif
