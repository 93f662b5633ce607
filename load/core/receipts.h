/* When each transport-wide numbered packet came to one receiver, and the feedback that says so
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1). Pure. */
#ifndef LOAD_CORE_RECEIPTS_H
#define LOAD_CORE_RECEIPTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "sfu/proto/rtcp.h"

enum { RECEIPTS_MAX = 128 }; /* between two feedbacks */

struct receipts {
    bool reported; /* a feedback was made; `next` is above what it spoke of */
    uint16_t next;
    uint16_t count;
    uint8_t feedbacks;
    uint16_t number[RECEIPTS_MAX];
    uint32_t tick[RECEIPTS_MAX]; /* of TRANSPORT_CC_TICK_US, the clock's low 32 bits */
};

/* Returns whether the place is used up and a feedback should go at once; what comes beyond is not
 * told of. */
bool receipts_on_packet(struct receipts *receipts, usec_t at, uint16_t number);
/* The next feedback without its SSRCs; only the first `count` arrivals are written. False when
 * nothing came since the last one. */
bool receipts_report(struct receipts *receipts, struct transport_cc *ret_feedback);

#endif
