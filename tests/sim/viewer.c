#include "tests/sim/viewer.h"

#include <assert.h>
#include <string.h>

#include "sfu/proto/rtcp_write.h"

enum {
    ASK_AFTER_US = 5000,
    ASK_AGAIN_US = 60000,
    ASK_TIMES = 20,
    KEYFRAME_AGAIN_US = 700000,
    PICTURE_ID_MASK = 0x7fff,
};

static void decoded(struct viewer_slot *slot, usec_t now)
{
    const struct frame_part *last = &slot->last;
    slot->decoded++;
    slot->decoded_layer = last->layer;
    if (last->source < VIEWER_SOURCES) {
        slot->last_decoded[last->source] = now;
        if (!slot->first_decoded[last->source])
            slot->first_decoded[last->source] = now;
    }
}

static void begin_frame(struct viewer *viewer, struct viewer_slot *slot,
                        const struct frame_part *part, uint32_t timestamp)
{
    struct viewer_faults *faults = &viewer->faults;
    const struct frame_part *last = &slot->last;
    bool follows = slot->started && slot->complete && last->source == part->source &&
                   last->layer == part->layer && part->frame == last->frame + 1;
    if (!part->keyframe && !follows && !slot->resync)
        faults->frame_without_reference++;
    if (slot->started && !slot->resync) {
        if (part->picture_id != ((last->picture_id + 1) & PICTURE_ID_MASK))
            faults->picture_id_jumped++;
        if (part->tl0_index != (uint8_t)(last->tl0_index + 1))
            faults->tl0_index_jumped++;
        if ((int32_t)(timestamp - slot->last_timestamp) <= 0)
            faults->timestamp_went_back++;
    }
    if (part->keyframe)
        slot->resync = false;
}

static void continue_frame(struct viewer *viewer, const struct viewer_slot *slot,
                           const struct frame_part *part, uint32_t timestamp)
{
    const struct frame_part *last = &slot->last;
    bool fits = slot->started && last->source == part->source && last->layer == part->layer &&
                last->frame == part->frame && last->part + 1 == part->part &&
                last->picture_id == part->picture_id && slot->last_timestamp == timestamp;
    if (!fits && !slot->resync)
        viewer->faults.frame_torn++;
}

static void decode(struct viewer *viewer, struct viewer_slot *slot, usec_t now,
                   const struct buffered *packet)
{
    struct frame_part part;
    struct bytes payload = {packet->payload, packet->size};
    if (!frame_read(payload, &part)) {
        viewer->faults.frame_torn++;
        return;
    }
    if (part.source != packet->source)
        viewer->faults.source_not_named++;
    if (part.part == 0)
        begin_frame(viewer, slot, &part, packet->timestamp);
    else
        continue_frame(viewer, slot, &part, packet->timestamp);
    slot->started = true;
    slot->last = part;
    slot->last_timestamp = packet->timestamp;
    slot->complete = part.part + 1 == part.parts;
    if (slot->complete && !slot->resync)
        decoded(slot, now);
}

static void drain(struct viewer *viewer, struct viewer_slot *slot, usec_t now)
{
    for (; slot->next <= slot->highest; slot->next++) {
        struct buffered *packet = &slot->buffer[slot->next % VIEWER_BUFFER];
        if (!packet->here || packet->sequence != slot->next)
            return;
        decode(viewer, slot, now, packet);
        packet->here = false;
    }
}

static void store(struct viewer *viewer, struct viewer_slot *slot, usec_t now, uint64_t sequence,
                  const struct rtp_header *header, struct bytes payload)
{
    if (!slot->any) {
        /* The first to arrive need not be the first that was sent: its frame says how many came
         * before it. */
        struct frame_part part;
        slot->any = true;
        slot->next = frame_read(payload, &part) ? sequence - part.part : sequence;
        slot->highest = slot->next - 1;
    }
    if (sequence < slot->next)
        return;
    for (uint64_t missing = slot->highest + 1; missing <= sequence; missing++) {
        struct buffered *place = &slot->buffer[missing % VIEWER_BUFFER];
        *place = (struct buffered){.sequence = missing, .missed = now};
        slot->highest = missing;
    }
    struct buffered *packet = &slot->buffer[sequence % VIEWER_BUFFER];
    packet->here = true;
    packet->timestamp = header->timestamp;
    packet->source = header->csrc_count ? header->csrc[0] : 0;
    packet->marker = header->marker;
    packet->size = payload.size < sizeof packet->payload ? payload.size : sizeof packet->payload;
    memcpy(packet->payload, payload.data, packet->size);
    drain(viewer, slot, now);
}

static void on_audio(struct viewer *viewer, struct viewer_slot *slot, usec_t now,
                     const struct rtp_header *header)
{
    uint32_t source = header->csrc_count ? header->csrc[0] : 0;
    if (source == 0)
        viewer->faults.source_not_named++;
    if (source == viewer->source)
        viewer->faults.own_voice++;
    slot->any = true;
    slot->decoded++;
    slot->last.source = source;
    if (source < VIEWER_SOURCES) {
        slot->last_decoded[source] = now;
        if (!slot->first_decoded[source])
            slot->first_decoded[source] = now;
    }
}

static bool open_packet(struct viewer *viewer, struct srtp_index *numbers,
                        const struct rtp_header *header, uint8_t *packet, size_t size,
                        uint64_t *ret_index, struct bytes *ret_payload)
{
    struct seal seal = {.key = viewer->server_key};
    uint64_t index = srtp_index_estimate(numbers, header->sequence);
    if (seal_ops.unprotect_rtp(&seal, index, packet, size, header->size, &size) != ERR_OK)
        return false;
    srtp_index_commit(numbers, index);
    *ret_index = index;
    return rtp_payload(header, (struct bytes){packet, size}, ret_payload) == ERR_OK;
}

static void on_slot(struct viewer *viewer, uint32_t at, usec_t now, const struct rtp_header *header,
                    uint8_t *packet, size_t size)
{
    struct viewer_slot *slot = &viewer->slots[at];
    const struct session_slot *agreed = &viewer->session->slots[at];
    bool rtx = header->ssrc == agreed->rtx_ssrc;
    uint64_t index;
    struct bytes payload;
    if (!open_packet(viewer, rtx ? &slot->rtx_index : &slot->index, header, packet, size, &index,
                     &payload)) {
        viewer->faults.bad_tag++;
        return;
    }
    if (agreed->kind == SLOT_AUDIO) {
        on_audio(viewer, slot, now, header);
        return;
    }
    if (rtx) {
        uint16_t original;
        if (!slot->any || rtp_rtx_split(payload, &original, &payload) != ERR_OK)
            return;
        index = srtp_index_estimate(&slot->index, original);
        slot->recovered++;
    }
    store(viewer, slot, now, index, header, payload);
}

void viewer_on_rtp(struct viewer *viewer, usec_t now, uint8_t *packet, size_t size)
{
    struct rtp_header header;
    enum err err = rtp_parse((struct bytes){packet, size}, &header);
    assert(err == ERR_OK);
    uint16_t number;
    if (rtp_transport_cc(&header, SIM_TRANSPORT_CC_ID, &number))
        arrivals_on_packet(&viewer->arrivals, now, number);
    for (uint32_t at = 0; at < viewer->session->slot_count; at++) {
        const struct session_slot *slot = &viewer->session->slots[at];
        if (header.ssrc == slot->ssrc || (slot->rtx_ssrc && header.ssrc == slot->rtx_ssrc)) {
            on_slot(viewer, at, now, &header, packet, size);
            return;
        }
    }
    viewer->faults.unknown_ssrc++;
}

/* Gives up what was asked for often enough: the rest needs a keyframe. */
static void give_up(struct viewer *viewer, struct viewer_slot *slot, usec_t now)
{
    const struct buffered *first = &slot->buffer[slot->next % VIEWER_BUFFER];
    if (slot->next > slot->highest || first->here || first->tries < ASK_TIMES)
        return;
    slot->frozen++;
    slot->resync = true;
    slot->next++;
    drain(viewer, slot, now);
}

static void ask_again(struct viewer *viewer, uint32_t at, usec_t now, struct wr *wr)
{
    struct viewer_slot *slot = &viewer->slots[at];
    const struct session_slot *agreed = &viewer->session->slots[at];
    uint16_t sequences[64];
    uint32_t count = 0;
    for (uint64_t sequence = slot->next; sequence <= slot->highest && count < 64; sequence++) {
        struct buffered *packet = &slot->buffer[sequence % VIEWER_BUFFER];
        if (packet->here || now - packet->missed < ASK_AFTER_US ||
            (packet->asked && now - packet->asked < ASK_AGAIN_US) || packet->tries >= ASK_TIMES)
            continue;
        packet->asked = now;
        packet->tries++;
        sequences[count++] = (uint16_t)sequence;
    }
    if (count)
        rtcp_write_nack(wr, 1, agreed->ssrc, sequences, count);
    if (slot->resync && now - slot->asked_keyframe >= KEYFRAME_AGAIN_US) {
        slot->asked_keyframe = now;
        rtcp_write_pli(wr, 1, agreed->ssrc);
    }
}

void viewer_on_tick(struct viewer *viewer, usec_t now)
{
    uint8_t compound[2048];
    struct wr wr = wr_init(compound, sizeof compound - 64);
    rtcp_write_rr(&wr, 1, NULL, 0);
    size_t bare = wr_size(&wr);
    for (uint32_t at = 0; at < viewer->session->slot_count; at++) {
        struct viewer_slot *slot = &viewer->slots[at];
        if (viewer->session->slots[at].kind == SLOT_AUDIO || !slot->any)
            continue;
        give_up(viewer, slot, now);
        ask_again(viewer, at, now, &wr);
    }
    struct transport_cc feedback = {.sender_ssrc = 1, .media_ssrc = 1};
    if (now % (10 * VIEWER_TICK_US) < VIEWER_TICK_US &&
        arrivals_report(&viewer->arrivals, &feedback))
        (void)!rtcp_write_transport_cc(&wr, &feedback);
    if (wr.failed || wr_size(&wr) == bare)
        return;
    size_t size;
    enum err err = seal_ops.protect_rtcp(viewer->seal, viewer->rtcp_index++, compound,
                                         sizeof compound, wr_size(&wr), &size);
    assert(err == ERR_OK);
    viewer->outbox.send(viewer->outbox.world, viewer->outbox.peer, compound, size);
}
