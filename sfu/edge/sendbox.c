#include "sfu/edge/sendbox.h"

#include <assert.h>
#include <string.h>

void sendbox_put(struct sendbox *sendbox, usec_t now, const struct udp_address *to,
                 struct bytes datagram)
{
    assert(datagram.size <= LIMIT_DATAGRAM_BYTES);
    if (sendbox->count == UDP_BATCH)
        sendbox_flush(sendbox, now);
    uint32_t place = sendbox->count++;
    memcpy(sendbox->data[place], datagram.data, datagram.size);
    sendbox->sends[place] =
        (struct worker_send){.to = *to, .data = sendbox->data[place], .size = datagram.size};
}

void sendbox_flush(struct sendbox *sendbox, usec_t now)
{
    if (sendbox->count == 0)
        return;
    sendbox->congested +=
        sendbox->count - udp_send(sendbox->udp, now, sendbox->sends, sendbox->count);
    sendbox->count = 0;
}
