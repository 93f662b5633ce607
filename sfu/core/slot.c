#include "sfu/core/slot.h"

#include <assert.h>

#include "sfu/core/stream.h"

_Static_assert(sizeof(struct feed) == 128, "two cache lines");

enum { AUDIO_CLOCK_HZ = 48000, VIDEO_CLOCK_HZ = 90000 };

void slot_init(struct slot *slot, struct feed *feed, const struct session *session, uint32_t index,
               struct rng *rng)
{
    const struct session_slot *agreed = &session->slots[index];
    *feed = (struct feed){
        .transport_cc_id = agreed->transport_cc ? session->extensions.transport_cc : 0,
        .sound = agreed->kind == SLOT_AUDIO,
        .watch = {.stream = INDEX_NONE},
        .switch_to = INDEX_NONE,
    };
    *slot = (struct slot){
        .feed = feed,
        .kind = agreed->kind,
        .index = agreed->index,
        .payload_type = agreed->payload_type,
        .rtx_payload_type = agreed->rtx_payload_type,
        .ssrc = agreed->ssrc,
        .rtx_ssrc = agreed->rtx_ssrc,
        .desired = INDEX_NONE,
        .rtx_next = 1 + (rng_u64(rng) & 0x3fff),
    };
    if (feed->sound && slot->index >= LIMIT_AUDIO_SLOTS)
        slot->index = LIMIT_AUDIO_SLOTS - 1;
    for (int wait = 0; wait < LIMIT_SIMULCAST_LAYERS; wait++)
        slot->waits[wait].stream = INDEX_NONE;
    rewrite_init(&feed->rewrite, &slot->past, rng_u64(rng),
                 feed->sound ? AUDIO_CLOCK_HZ : VIDEO_CLOCK_HZ);
}

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
