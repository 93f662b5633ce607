/* Small datagrams on their way out (answers to checks, handshakes), gathered so that they leave in
 * batches. The owner flushes at the end of its round; a full box flushes itself. */
#ifndef SFU_EDGE_OUTBOX_H
#define SFU_EDGE_OUTBOX_H

#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "sfu/edge/udp.h"

struct outbox {
    struct udp *udp;
    uint64_t unsent; /* datagrams that the kernel did not take, ever */
    uint32_t count;
    struct worker_send sends[UDP_BATCH];
    uint8_t data[UDP_BATCH][LIMIT_DATAGRAM_BYTES];
};

/* Copies the datagram. Needs: at most LIMIT_DATAGRAM_BYTES. */
void outbox_put(struct outbox *outbox, const struct udp_address *to, struct bytes datagram);
void outbox_flush(struct outbox *outbox);

#endif
