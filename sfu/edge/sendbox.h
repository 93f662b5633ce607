/* Small datagrams on their way out (answers to checks, handshakes), gathered so that they leave in
 * batches. The owner flushes at the end of its round; a full box flushes itself. */
#ifndef SFU_EDGE_SENDBOX_H
#define SFU_EDGE_SENDBOX_H

#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "sfu/edge/udp.h"

struct sendbox {
    struct udp *udp;
    uint64_t congested; /* datagrams that found the socket's buffer full, ever */
    uint32_t count;
    struct worker_send sends[UDP_BATCH];
    uint8_t data[UDP_BATCH][LIMIT_DATAGRAM_BYTES];
};

/* Copies the datagram. Needs: at most LIMIT_DATAGRAM_BYTES. */
void sendbox_put(struct sendbox *sendbox, usec_t now, const struct udp_address *to,
                 struct bytes datagram);
/* What finds the socket's buffer full is lost: whoever asked repeats it. */
void sendbox_flush(struct sendbox *sendbox, usec_t now);

#endif
