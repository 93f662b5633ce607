/* What a receiver knows about one incoming stream (RFC 3550, sections 6.4.1, A.3 and A.8): what its
 * report block says. Pure; the extended sequence number comes from srtp_index.h. */
#ifndef SFU_CORE_RECEPTION_H
#define SFU_CORE_RECEPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "sfu/proto/rtcp.h"

struct reception {
    bool any;
    uint64_t base; /* the first and the highest extended sequence number */
    uint64_t highest;
    uint64_t received;
    uint64_t expected_before; /* at the last report */
    uint64_t received_before;
    uint32_t transit;   /* arrival minus timestamp of the last packet, in timestamp units */
    uint32_t jitter_16; /* times 16, as A.8 keeps it */
    uint32_t last_sr;   /* middle bits of the sender's last report, 0: none */
    usec_t last_sr_at;
};

void reception_on_packet(struct reception *reception, usec_t now, uint64_t sequence,
                         uint32_t timestamp, uint32_t clock_hz);
void reception_on_sender_report(struct reception *reception, usec_t now, uint64_t ntp);
/* The report block of what came since the last one. Needs: any. */
struct rtcp_report reception_report(struct reception *reception, usec_t now, uint32_t ssrc);

#endif
