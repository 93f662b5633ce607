#include "sfu/edge/sendbox.h"

#include <assert.h>
#include <string.h>

void sendbox_put(struct sendbox *sendbox, const struct udp_address *to, struct bytes datagram)
{
    assert(datagram.size <= LIMIT_DATAGRAM_BYTES);
    if (sendbox->count == UDP_BATCH)
        sendbox_flush(sendbox);
    uint32_t place = sendbox->count++;
    memcpy(sendbox->data[place], datagram.data, datagram.size);
    sendbox->sends[place] =
        (struct worker_send){.to = *to, .data = sendbox->data[place], .size = datagram.size};
}

void sendbox_flush(struct sendbox *sendbox)
{
    if (sendbox->count == 0)
        return;
    sendbox->unsent += udp_send(sendbox->udp, sendbox->sends, sendbox->count);
    sendbox->count = 0;
}
