#include "sfu/core/slot.h"

#include <assert.h>

void slot_begin(struct slot *slot, uint32_t stream, uint32_t epoch, uint32_t source,
                const struct packet *first)
{
    rewrite_begin(&slot->rewrite, stream, epoch, source, first);
    struct rtp_outgoing header = {
        .payload_type = slot->payload_type,
        .ssrc = slot->ssrc,
        .csrc = source,
        .transport_cc_id = slot->transport_cc_id,
    };
    enum err err = rtp_template_init(&header, &slot->header);
    assert(err == ERR_OK); /* 12 bytes, a CSRC and one element are 24 */
    slot->fresh = false;
}
