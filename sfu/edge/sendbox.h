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
    uint64_t unsent; /* datagrams that the kernel did not take, ever */
    uint32_t count;
    struct worker_send sends[UDP_BATCH];
    uint8_t data[UDP_BATCH][LIMIT_DATAGRAM_BYTES];
};

/* Copies the datagram. Needs: at most LIMIT_DATAGRAM_BYTES. */
void sendbox_put(struct sendbox *sendbox, const struct udp_address *to, struct bytes datagram);
void sendbox_flush(struct sendbox *sendbox);

#endif
