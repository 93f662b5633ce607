#include "sfu/core/slot.h"

#include <assert.h>

_Static_assert(sizeof(struct feed) == 128, "two cache lines");

void slot_begin(struct slot *slot, uint32_t stream, uint32_t epoch, uint32_t source,
                const struct packet *first)
{
    struct feed *feed = slot->feed;
    rewrite_begin(&feed->rewrite, &slot->past, stream, epoch, source, first);
    struct rtp_outgoing header = {
        .payload_type = slot->payload_type,
        .ssrc = slot->ssrc,
        .csrc = source,
        .transport_cc_id = feed->transport_cc_id,
    };
    enum err err = rtp_template_init(&header, &feed->header);
    assert(err == ERR_OK); /* 12 bytes, a CSRC and one element are 24 */
    feed->fresh = false;
}
