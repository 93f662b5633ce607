#include <string.h>

#include "sfu/proto/rtcp_write.h"
#include "sfu/proto/vp8.h"
#include "tests/peer/peer_part.h"

/* How far the newest packet may run ahead before a missing one is given up on. */
enum { PATIENCE_PACKETS = 256, NACK_MAX = 64 };

_Static_assert((int)PATIENCE_PACKETS < (int)PEER_WINDOW, "what waits must fit the window");

struct peer_incoming *peer_receive_add(struct peer *peer)
{
    struct peer_incoming *incoming = g_new0(struct peer_incoming, 1);
    g_assert(peer->incoming_count < PEER_SLOTS_MAX);
    peer->incoming[peer->incoming_count++] = incoming;
    return incoming;
}

void peer_receive_done(struct peer *peer)
{
    for (uint32_t i = 0; i < peer->incoming_count; i++) {
        peer_decoder_destroy(peer->incoming[i]->decoder);
        peer_ear_destroy(peer->incoming[i]->ear);
        g_free(peer->incoming[i]);
    }
}

/* ---- Frames ---------------------------------------------------------------------------------- */

static void finish_frame(struct peer_incoming *incoming)
{
    struct bytes frame = {incoming->frame, incoming->frame_size};
    struct peer_picture picture;
    struct peer_stream *record = &incoming->record;
    bool keyframe = frame.size > 0 && (frame.data[0] & 1) == 0;
    bool whole = !incoming->frame_broken && frame.size > 0;
    incoming->frame_size = 0;
    incoming->frame_broken = false;
    if (!incoming->decoder) {
        if (!keyframe)
            return; /* a decoder begins with a keyframe */
        incoming->decoder = peer_decoder_create();
    }
    if (!whole || !peer_decoder_feed(incoming->decoder, frame, &picture)) {
        record->broken++;
        return;
    }
    record->frames++;
    record->keyframes += keyframe;
    record->width = picture.width;
    record->height = picture.height;
    record->brightness = picture.brightness;
}

static void note_picture_id(struct peer_incoming *incoming, const struct vp8_descriptor *descriptor)
{
    uint16_t expected = (incoming->picture_id + 1) & 0x7fff;
    if (incoming->has_picture_id && descriptor->picture_id != expected)
        incoming->record.id_jumps++;
    incoming->picture_id = descriptor->picture_id;
    incoming->has_picture_id = true;
}

static void hear(struct peer_incoming *incoming, struct bytes packet)
{
    struct peer_stream *record = &incoming->record;
    if (!incoming->ear)
        incoming->ear = peer_ear_create();
    if (peer_ear_feed(incoming->ear, packet, &record->pitch_hz))
        record->frames++;
    else
        record->broken++;
}

/* One packet in the order of sequence numbers. */
static void deliver(struct peer_incoming *incoming, const struct peer_kept *kept)
{
    struct vp8_descriptor descriptor;
    struct bytes payload = {kept->payload, kept->size};
    if (kept->size == 0)
        return;
    if (!incoming->video) {
        hear(incoming, payload);
        return;
    }
    if (vp8_parse(payload, &descriptor) != ERR_OK) {
        incoming->frame_broken = true;
        return;
    }
    if (descriptor.starts_partition && descriptor.partition == 0) {
        note_picture_id(incoming, &descriptor);
        incoming->frame_size = 0;
    }
    size_t size = payload.size - descriptor.size;
    if (incoming->frame_size + size > sizeof incoming->frame) {
        incoming->frame_broken = true;
        return;
    }
    memcpy(incoming->frame + incoming->frame_size, payload.data + descriptor.size, size);
    incoming->frame_size += size;
    if (kept->marker)
        finish_frame(incoming);
}

static void deliver_ready(struct peer_incoming *incoming)
{
    while (incoming->next <= incoming->highest) {
        struct peer_kept *kept = &incoming->window[incoming->next % PEER_WINDOW];
        if (kept->used) {
            deliver(incoming, kept);
            kept->used = false;
        } else if (incoming->highest - incoming->next < PATIENCE_PACKETS) {
            return;
        } else {
            incoming->record.skipped++;
            incoming->frame_broken = true;
        }
        incoming->next++;
    }
}

/* ---- Packets --------------------------------------------------------------------------------- */

static uint64_t extend(const struct peer_incoming *incoming, uint16_t sequence)
{
    int16_t ahead = (int16_t)(sequence - (uint16_t)incoming->highest);
    return incoming->highest + (uint64_t)(int64_t)ahead;
}

static void accept(struct peer_incoming *incoming, const struct rtp_header *header,
                   uint16_t sequence, struct bytes payload, bool repaired)
{
    struct peer_stream *record = &incoming->record;
    if (!incoming->begun) {
        incoming->begun = true;
        incoming->highest = (UINT64_C(1) << 16) + sequence;
        incoming->next = incoming->highest;
    }
    uint64_t index = extend(incoming, sequence);
    struct peer_kept *kept = &incoming->window[index % PEER_WINDOW];
    if (index < incoming->next || (index <= incoming->highest && kept->used)) {
        record->duplicates++;
        return;
    }
    incoming->highest = index > incoming->highest ? index : incoming->highest;
    *kept = (struct peer_kept){.used = true,
                               .sequence = sequence,
                               .timestamp = header->timestamp,
                               .marker = header->marker,
                               .size = payload.size};
    struct wr wr = wr_init(kept->payload, sizeof kept->payload);
    wr_bytes(&wr, payload);
    record->packets++;
    record->repaired += repaired;
    if (header->csrc_count > 0)
        record->source = header->csrc[0];
    record->timestamp = header->timestamp;
    deliver_ready(incoming);
}

static void note_arrival(struct peer *peer, const struct rtp_header *header)
{
    uint16_t number = 0;
    if (!peer->transport_cc_agreed || peer->arrival_count == LIMIT_TRANSPORT_CC_PACKETS ||
        !rtp_transport_cc(header, PEER_EXT_TRANSPORT_CC, &number))
        return;
    peer->arrival_number[peer->arrival_count] = number;
    peer->arrival_us[peer->arrival_count++] = g_get_monotonic_time();
}

static bool is_lost(const struct peer *peer, struct peer_incoming *incoming)
{
    incoming->arrived++;
    return peer->lose_every && incoming->arrived % peer->lose_every == 0;
}

void peer_receive_rtp(struct peer *peer, const uint8_t *packet, size_t size)
{
    struct rtp_header header;
    struct bytes payload;
    if (rtp_parse((struct bytes){packet, size}, &header) != ERR_OK ||
        rtp_payload(&header, (struct bytes){packet, size}, &payload) != ERR_OK)
        g_error("the server sent a malformed packet");
    for (uint32_t i = 0; i < peer->incoming_count; i++) {
        struct peer_incoming *incoming = peer->incoming[i];
        uint16_t original = 0;
        struct bytes rest;
        if (incoming->ssrc == header.ssrc) {
            if (is_lost(peer, incoming))
                return;
            note_arrival(peer, &header);
            accept(incoming, &header, header.sequence, payload, false);
            return;
        }
        if (incoming->rtx_ssrc && incoming->rtx_ssrc == header.ssrc) {
            note_arrival(peer, &header);
            if (rtp_rtx_split(payload, &original, &rest) == ERR_OK && incoming->begun)
                accept(incoming, &header, original, rest, true);
            return;
        }
    }
    peer->state.unknown++;
}

/* ---- Feedback -------------------------------------------------------------------------------- */

void peer_receive_ask(struct peer *peer)
{
    for (uint32_t i = 0; i < peer->incoming_count && !peer->config.no_rtx; i++) {
        const struct peer_incoming *incoming = peer->incoming[i];
        uint16_t lacking[NACK_MAX];
        uint32_t count = 0;
        if (!incoming->begun || !incoming->rtx_ssrc)
            continue;
        for (uint64_t index = incoming->next; index < incoming->highest && count < NACK_MAX;
             index++)
            if (!incoming->window[index % PEER_WINDOW].used)
                lacking[count++] = (uint16_t)index;
        if (count == 0)
            continue;
        uint8_t space[512];
        struct wr wr = wr_init(space, sizeof space - PEER_SRTP_ROOM_BYTES);
        rtcp_write_rr(&wr, 1, NULL, 0);
        rtcp_write_nack(&wr, 1, incoming->ssrc, lacking, count);
        peer_transmit_rtcp(peer, space, wr_size(&wr));
    }
}

void peer_receive_report(struct peer *peer)
{
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < peer->incoming_count && count < RTCP_REPORTS_MAX; i++) {
        const struct peer_incoming *incoming = peer->incoming[i];
        if (incoming->begun)
            reports[count++] = (struct rtcp_report){
                .ssrc = incoming->ssrc, .highest_sequence = (uint32_t)incoming->highest};
    }
    uint8_t space[1024];
    struct wr wr = wr_init(space, sizeof space - PEER_SRTP_ROOM_BYTES);
    rtcp_write_rr(&wr, 1, reports, count);
    rtcp_write_cname(&wr, 1, bytes_of("peer"));
    peer_transmit_rtcp(peer, space, wr_size(&wr));
}

void peer_receive_transport_cc(struct peer *peer)
{
    struct transport_cc feedback = {.sender_ssrc = 1, .feedback_number = peer->feedback_number};
    if (peer->arrival_count == 0)
        return;
    feedback.base_sequence = peer->arrival_number[0];
    feedback.reference = (int32_t)(peer->arrival_us[0] / TRANSPORT_CC_REFERENCE_US % (1 << 23));
    int64_t zero_us = peer->arrival_us[0] - peer->arrival_us[0] % TRANSPORT_CC_REFERENCE_US;
    for (uint32_t i = 0; i < peer->arrival_count; i++) {
        uint16_t place = (uint16_t)(peer->arrival_number[i] - feedback.base_sequence);
        if (place >= LIMIT_TRANSPORT_CC_PACKETS)
            continue; /* before the base, or too far: the next feedback begins with it */
        int64_t ticks = (peer->arrival_us[i] - zero_us) / TRANSPORT_CC_TICK_US;
        feedback.arrivals[place] = (struct transport_cc_arrival){true, (int32_t)ticks};
        feedback.count = place >= feedback.count ? place + 1u : feedback.count;
    }
    peer->arrival_count = 0;
    uint8_t space[PEER_DATAGRAM_BYTES];
    struct wr wr = wr_init(space, sizeof space - PEER_SRTP_ROOM_BYTES);
    if (rtcp_write_transport_cc(&wr, &feedback) != ERR_OK)
        return;
    peer->feedback_number++;
    peer_transmit_rtcp(peer, space, wr_size(&wr));
}
