#include "sfu/edge/outbox.h"

#include <assert.h>
#include <string.h>

void outbox_put(struct outbox *outbox, const struct udp_address *to, struct bytes datagram)
{
    assert(datagram.size <= LIMIT_DATAGRAM_BYTES);
    if (outbox->count == UDP_BATCH)
        outbox_flush(outbox);
    uint32_t place = outbox->count++;
    memcpy(outbox->data[place], datagram.data, datagram.size);
    outbox->sends[place] =
        (struct worker_send){.to = *to, .data = outbox->data[place], .size = datagram.size};
}

void outbox_flush(struct outbox *outbox)
{
    if (outbox->count == 0)
        return;
    outbox->unsent += udp_send(outbox->udp, outbox->sends, outbox->count);
    outbox->count = 0;
}
