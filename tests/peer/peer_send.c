#include <string.h>

#include "sfu/proto/rtcp_write.h"
#include "sfu/proto/vp8.h"
#include "tests/peer/peer_part.h"

enum {
    PICTURE_CLOCK_HZ = 90000,
    PICTURES_PER_SECOND = 15,
    FRAGMENT_BYTES = 1000,
    PITCH_HZ = 440, /* of a voice that was given none */
};

static const struct {
    const char *rid;
    uint32_t width;
    uint32_t height;
    uint32_t kbps;
} layers[PEER_LAYERS_MAX] = {{"q", 160, 90, 150}, {"h", 320, 180, 300}, {"f", 640, 360, 600}};

static struct peer_outgoing *outgoing_init(struct peer *peer, uint32_t at, uint8_t payload_type)
{
    struct peer_outgoing *outgoing = &peer->outgoing[at];
    outgoing->present = true;
    outgoing->payload_type = payload_type;
    outgoing->ssrc = (uint32_t)rng_u64(&peer->rng) | 1;
    outgoing->rtx_ssrc = (uint32_t)rng_u64(&peer->rng) | 1;
    outgoing->sequence = (uint16_t)rng_u64(&peer->rng);
    outgoing->rtx_sequence = (uint16_t)rng_u64(&peer->rng);
    outgoing->timestamp = (uint32_t)rng_u64(&peer->rng);
    outgoing->picture_id = (uint16_t)(rng_u64(&peer->rng) & 0x7fff);
    outgoing->want_keyframe = true;
    return outgoing;
}

void peer_send_init(struct peer *peer)
{
    const struct peer_config *config = &peer->config;
    if (config->microphone)
        outgoing_init(peer, PEER_MICROPHONE_AT, PEER_PT_OPUS)->voice =
            peer_voice_create(config->pitch_hz ? config->pitch_hz : PITCH_HZ);
    for (uint32_t i = 0; i < config->camera_layers; i++) {
        struct peer_outgoing *outgoing = outgoing_init(peer, PEER_CAMERA_AT + i, PEER_PT_VP8);
        uint32_t size = config->camera_layers == 1 ? PEER_LAYERS_MAX - 1 : i;
        if (config->camera_layers > 1)
            memcpy(outgoing->rid, layers[i].rid, 2);
        outgoing->encoder = peer_encoder_create(layers[size].width, layers[size].height,
                                                layers[size].kbps, config->brightness);
    }
    if (config->screen) {
        struct peer_outgoing *outgoing = outgoing_init(peer, PEER_SCREEN_AT, PEER_PT_VP8);
        outgoing->encoder =
            peer_encoder_create(640, 480, 400, (uint8_t)(UINT8_MAX - config->brightness));
    }
}

void peer_send_done(struct peer *peer)
{
    for (uint32_t i = 0; i < PEER_OUTGOING_MAX; i++)
        peer_encoder_destroy(peer->outgoing[i].encoder);
    peer_voice_destroy(peer->outgoing[PEER_MICROPHONE_AT].voice);
}

/* ---- Packets --------------------------------------------------------------------------------- */

/* Header, payload, protection, and off it goes. The header's own fields are the caller's. */
static void send_packet(struct peer *peer, const struct peer_outgoing *outgoing,
                        struct rtp_outgoing *header, struct bytes head, struct bytes payload)
{
    struct rtp_extension more[2];
    bool retransmission = header->payload_type == PEER_PT_RTX;
    size_t size = 0;
    size_t number_at = 0;
    struct peer_wire *wire = &peer->wire[peer->wire_count % PEER_WIRE];
    if (!peer->srtp)
        return;
    header->more = more;
    more[header->more_count++] = (struct rtp_extension){PEER_EXT_MID, bytes_of(outgoing->mid)};
    if (outgoing->rid[0])
        more[header->more_count++] = (struct rtp_extension){
            retransmission ? PEER_EXT_REPAIRED_RID : PEER_EXT_RID, bytes_of(outgoing->rid)};
    if (peer->transport_cc_agreed) {
        header->transport_cc_id = PEER_EXT_TRANSPORT_CC;
        header->transport_cc = peer->transport_cc++;
    }
    enum err err = rtp_write_header(header, wire->bytes, PEER_DATAGRAM_BYTES, &size, &number_at);
    struct wr wr = wr_init(wire->bytes + size, PEER_DATAGRAM_BYTES - size);
    wr_bytes(&wr, head);
    wr_bytes(&wr, payload);
    g_assert(err == ERR_OK && !wr.failed);
    size += wr_size(&wr);
    if (!peer_srtp_protect(peer->srtp, false, wire->bytes, &size))
        g_error("libsrtp2 could not protect a packet");
    wire->size = size;
    peer->wire_count++;
    bool withheld =
        peer->withhold_every && !retransmission && peer->wire_count % peer->withhold_every == 0;
    if (!withheld)
        peer_transmit(peer, wire->bytes, wire->size);
}

static void send_media(struct peer *peer, struct peer_outgoing *outgoing, bool marker,
                       struct bytes head, struct bytes payload)
{
    struct peer_kept *kept = &outgoing->history[outgoing->sequence % PEER_HISTORY];
    struct rtp_outgoing header = {.marker = marker,
                                  .payload_type = outgoing->payload_type,
                                  .sequence = outgoing->sequence,
                                  .timestamp = outgoing->timestamp,
                                  .ssrc = outgoing->ssrc};
    if (outgoing->payload_type == PEER_PT_OPUS) {
        header.audio_level_id = PEER_EXT_LEVEL;
        header.audio_level = peer->level;
    }
    *kept = (struct peer_kept){.used = true,
                               .sequence = outgoing->sequence,
                               .timestamp = outgoing->timestamp,
                               .marker = marker,
                               .size = head.size + payload.size};
    struct wr wr = wr_init(kept->payload, sizeof kept->payload);
    wr_bytes(&wr, head);
    wr_bytes(&wr, payload);
    send_packet(peer, outgoing, &header, head, payload);
    outgoing->sequence++;
    outgoing->packets++;
    outgoing->bytes += (uint32_t)kept->size;
    peer->state.sent++;
}

static void send_again(struct peer *peer, struct peer_outgoing *outgoing, uint16_t sequence)
{
    const struct peer_kept *kept = &outgoing->history[sequence % PEER_HISTORY];
    if (!kept->used || kept->sequence != sequence || peer->config.no_rtx)
        return;
    const uint8_t original[] = {(uint8_t)(sequence >> 8), (uint8_t)sequence};
    struct rtp_outgoing header = {.marker = kept->marker,
                                  .payload_type = PEER_PT_RTX,
                                  .sequence = outgoing->rtx_sequence++,
                                  .timestamp = kept->timestamp,
                                  .ssrc = outgoing->rtx_ssrc};
    send_packet(peer, outgoing, &header, (struct bytes){original, sizeof original},
                (struct bytes){kept->payload, kept->size});
    peer->state.resent++;
}

void peer_send_sound(struct peer *peer)
{
    struct peer_outgoing *outgoing = &peer->outgoing[PEER_MICROPHONE_AT];
    if (!outgoing->present || !(peer->media & PEER_MICROPHONE))
        return;
    send_media(peer, outgoing, false, (struct bytes){0}, peer_voice_next(outgoing->voice));
    outgoing->timestamp += PEER_SOUND_HZ / 1000 * PEER_SOUND_MS;
}

/* A frame in fragments (RFC 7741, section 4.4): S on the first one, the marker on the last. */
static void send_frame(struct peer *peer, struct peer_outgoing *outgoing, struct bytes frame)
{
    for (size_t at = 0; at < frame.size; at += FRAGMENT_BYTES) {
        size_t left = frame.size - at;
        bool last = left <= FRAGMENT_BYTES;
        struct vp8_descriptor descriptor = {.starts_partition = at == 0};
        uint8_t head[VP8_DESCRIPTOR_MAX_BYTES];
        size_t head_size = vp8_write(&descriptor, outgoing->picture_id, 0, head);
        send_media(peer, outgoing, last, (struct bytes){head, head_size},
                   (struct bytes){frame.data + at, last ? left : FRAGMENT_BYTES});
    }
    outgoing->picture_id = (outgoing->picture_id + 1) & 0x7fff;
}

void peer_send_pictures(struct peer *peer)
{
    for (uint32_t i = PEER_CAMERA_AT; i < PEER_OUTGOING_MAX; i++) {
        struct peer_outgoing *outgoing = &peer->outgoing[i];
        uint32_t media = i == PEER_SCREEN_AT ? PEER_SCREEN : PEER_CAMERA;
        if (!outgoing->present || !(peer->media & media) || !peer->srtp)
            continue;
        struct bytes frame = peer_encoder_next(outgoing->encoder, outgoing->want_keyframe);
        outgoing->want_keyframe = false;
        if (frame.size > 0)
            send_frame(peer, outgoing, frame);
        outgoing->timestamp += PICTURE_CLOCK_HZ / PICTURES_PER_SECOND;
    }
}

/* SR and CNAME for each stream (RFC 3550, section 6.4.1). */
void peer_send_reports(struct peer *peer)
{
    const uint64_t ntp_unix_seconds = UINT64_C(2208988800);
    for (uint32_t i = 0; i < PEER_OUTGOING_MAX; i++) {
        const struct peer_outgoing *outgoing = &peer->outgoing[i];
        uint8_t space[256];
        struct wr wr = wr_init(space, sizeof space - PEER_SRTP_ROOM_BYTES);
        if (!outgoing->present || outgoing->packets == 0)
            continue;
        uint64_t now_us = (uint64_t)g_get_real_time();
        uint64_t seconds = now_us / 1000000 + ntp_unix_seconds;
        struct rtcp_sender_info sr = {.ssrc = outgoing->ssrc,
                                      .ntp = seconds << 32 | (now_us % 1000000 << 32) / 1000000,
                                      .rtp_timestamp = outgoing->timestamp,
                                      .packets = outgoing->packets,
                                      .bytes = outgoing->bytes};
        rtcp_write_sr(&wr, &sr, NULL, 0);
        rtcp_write_cname(&wr, outgoing->ssrc, bytes_of("peer"));
        peer_transmit_rtcp(peer, space, wr_size(&wr));
    }
}

/* ---- What the server says about us ----------------------------------------------------------- */

static struct peer_outgoing *find_outgoing(struct peer *peer, uint32_t ssrc)
{
    for (uint32_t i = 0; i < PEER_OUTGOING_MAX; i++)
        if (peer->outgoing[i].present && peer->outgoing[i].ssrc == ssrc)
            return &peer->outgoing[i];
    return NULL;
}

static void on_keyframe_request(struct peer *peer, uint32_t ssrc)
{
    struct peer_outgoing *outgoing = find_outgoing(peer, ssrc);
    if (!outgoing)
        return;
    peer->state.plis++;
    outgoing->want_keyframe = true;
}

static void on_nack(struct peer *peer, const struct rtcp_nack *nack)
{
    struct peer_outgoing *outgoing = find_outgoing(peer, nack->media_ssrc);
    peer->state.nacks += nack->count;
    for (uint32_t i = 0; outgoing && i < nack->count; i++)
        send_again(peer, outgoing, nack->sequences[i]);
}

void peer_send_on_feedback(struct peer *peer, const struct rtcp_packet *packet)
{
    struct rtcp_nack nack;
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    struct rtcp_fir_entry entries[RTCP_FIR_ENTRIES_MAX];
    struct transport_cc feedback;
    uint32_t number = 0;
    uint32_t count = 0;
    if (rtcp_parse_nack(packet, &nack) == ERR_OK)
        on_nack(peer, &nack);
    if (rtcp_parse_pli(packet, &number) == ERR_OK)
        on_keyframe_request(peer, number);
    if (rtcp_parse_fir(packet, entries, &count) == ERR_OK)
        for (uint32_t i = 0; i < count; i++)
            on_keyframe_request(peer, entries[i].ssrc);
    if (rtcp_parse_reports(packet, &number, reports, &count) == ERR_OK)
        for (uint32_t i = 0; i < count; i++)
            peer->state.reports += find_outgoing(peer, reports[i].ssrc) != NULL;
    if (rtcp_parse_transport_cc(packet, &feedback) == ERR_OK)
        for (uint32_t i = 0; i < feedback.count; i++)
            peer->state.transport_ccs += feedback.arrivals[i].received;
}
