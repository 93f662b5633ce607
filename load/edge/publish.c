#include <assert.h>
#include <stdlib.h>

#include "load/edge/crowd.h"
#include "sfu/proto/rtcp.h"
#include "sfu/proto/rtcp_write.h"

enum { SPEECH_LEVEL = 20, REPORT_US = 1000 * 1000, SENDER_SSRC = 1, SR_BYTES = 512 };

enum err publish_init(struct peer *peer)
{
    struct load *load = peer->load;
    if (load->sent.count == SENT_SOURCES_MAX)
        return ERR_FULL;
    struct publisher *publisher = calloc(1, sizeof *publisher);
    struct sent_source *sent = calloc(1, sizeof *sent);
    if (!publisher || !sent) {
        free(publisher);
        free(sent);
        return ERR_NO_MEMORY;
    }
    sent->source = peer->config.source;
    sender_init(&publisher->sender, &load->film, rng_u64(&load->rng), sent);
    sender_switch(&publisher->sender, load->now, load->sending);
    for (size_t i = 0; i < SENT_STREAMS; i++) {
        publisher->index[i] = publisher->sender.streams[i].sequence;
        publisher->rtx_index[i] = publisher->sender.streams[i].rtx_sequence;
    }
    load->senders[load->sent.count] = peer->number;
    load->sent.sources[load->sent.count++] = sent;
    peer->publisher = publisher;
    return ERR_OK;
}

void publish_begin(struct peer *peer, const struct answer *answer)
{
    struct sender *sender = &peer->publisher->sender;
    sender->streams[SENT_MICROPHONE].present &= answer->microphone;
    for (size_t i = SENT_CAMERA; i < SENT_STREAMS; i++)
        sender->streams[i].present &= answer->camera;
}

/* ---- Packets --------------------------------------------------------------------------------- */

/* Simulcast streams are known by their section and rid, a single one by its SSRC, which the offer
 * announced. */
static void name_stream(const struct load *load, const struct sender_packet *packet,
                        struct rtp_extension more[2], struct rtp_outgoing *header)
{
    header->more = more;
    if (packet->stream == SENT_MICROPHONE) {
        header->audio_level_id = OFFER_EXTENSION_LEVEL;
        header->audio_level = SPEECH_LEVEL;
        header->audio_voice = true;
        return;
    }
    if (load->film.video_count == 1)
        return;
    const char *rid = offer_rid(packet->stream - SENT_CAMERA);
    more[0] = (struct rtp_extension){OFFER_EXTENSION_MID, bytes_of(offer_mid(true))};
    more[1] = (struct rtp_extension){
        packet->retransmission ? OFFER_EXTENSION_REPAIRED_RID : OFFER_EXTENSION_RID, bytes_of(rid)};
    header->more_count = 2;
}

static uint8_t payload_type_of(const struct sender_packet *packet)
{
    if (packet->stream == SENT_MICROPHONE)
        return OFFER_OPUS;
    return packet->retransmission ? OFFER_RTX : OFFER_VP8;
}

static void send_packet(struct peer *peer, const struct sender_packet *packet)
{
    struct load *load = peer->load;
    struct publisher *publisher = peer->publisher;
    uint8_t datagram[PORT_DATAGRAM_BYTES];
    struct rtp_extension more[2];
    struct rtp_outgoing header = {.marker = packet->marker,
                                  .payload_type = payload_type_of(packet),
                                  .sequence = packet->sequence,
                                  .timestamp = packet->timestamp,
                                  .ssrc = packet->ssrc,
                                  .transport_cc_id = OFFER_EXTENSION_TRANSPORT_CC,
                                  .transport_cc = publisher->transport_cc++};
    size_t size = 0;
    size_t number_at = 0;
    name_stream(load, packet, more, &header);
    enum err err = rtp_write_header(&header, datagram, sizeof datagram, &size, &number_at);
    assert(err == ERR_OK);
    struct wr wr = wr_init(datagram + size, sizeof datagram - size);
    wr_bytes(&wr, (struct bytes){packet->head, packet->head_size});
    uint64_t *index = packet->retransmission ? &publisher->rtx_index[packet->stream]
                                             : &publisher->index[packet->stream];
    size_t whole = 0;
    err = srtp_gcm_ops.protect_rtp(&peer->keys.out, (*index)++, datagram, sizeof datagram, size,
                                   wr_size(&wr), packet->payload, &whole);
    assert(err == ERR_OK && !wr.failed); /* film.h bounds what a packet holds */
    peer_send(peer, datagram, whole);
    load->stats.sent_bytes += whole;
}

void publish_due(struct peer *peer)
{
    struct load *load = peer->load;
    struct sender_packet packet;
    while (sender_poll(&peer->publisher->sender, load->now, load->now_ns, &packet)) {
        send_packet(peer, &packet);
        load->stats.sent_packets++;
        load->stats.sent_keyframes += packet.key_start;
    }
}

/* ---- What the server asks for ---------------------------------------------------------------- */

static void on_nack(struct peer *peer, const struct rtcp_packet *feedback)
{
    struct rtcp_nack nack;
    struct sender_packet packet;
    if (rtcp_parse_nack(feedback, &nack) != ERR_OK)
        return;
    for (uint32_t i = 0; i < nack.count; i++) {
        if (!sender_again(&peer->publisher->sender, nack.media_ssrc, nack.sequences[i], &packet))
            continue;
        send_packet(peer, &packet);
        peer->load->stats.resent++;
    }
}

static void on_keyframe_request(struct peer *peer, uint32_t ssrc)
{
    peer->load->stats.keyframes_asked += sender_on_keyframe_request(&peer->publisher->sender, ssrc);
}

void publish_on_feedback(struct peer *peer, const struct rtcp_packet *packet)
{
    struct rtcp_fir_entry entries[RTCP_FIR_ENTRIES_MAX];
    uint32_t ssrc = 0;
    uint32_t count = 0;
    if (packet->type == RTCP_RTPFB && packet->count == RTCP_RTPFB_NACK)
        on_nack(peer, packet);
    if (packet->type == RTCP_PSFB && rtcp_parse_pli(packet, &ssrc) == ERR_OK)
        on_keyframe_request(peer, ssrc);
    if (packet->type == RTCP_PSFB && rtcp_parse_fir(packet, entries, &count) == ERR_OK)
        for (uint32_t i = 0; i < count; i++)
            on_keyframe_request(peer, entries[i].ssrc);
}

usec_t publish_reports(struct peer *peer)
{
    const uint64_t unix_epoch_in_ntp = 2208988800u; /* seconds from 1900 to 1970 */
    struct load *load = peer->load;
    struct publisher *publisher = peer->publisher;
    uint8_t compound[SR_BYTES + SRTP_OVERHEAD_MAX_BYTES];
    struct wr wr = wr_init(compound, SR_BYTES);
    struct rtcp_sender_info info;
    if (load->now < publisher->report_due)
        return publisher->report_due;
    publisher->report_due = load->now + REPORT_US;
    rtcp_write_rr(&wr, SENDER_SSRC, NULL, 0);
    size_t bare = wr_size(&wr);
    uint64_t seconds = load->now_ns / 1000000000u;
    uint64_t fraction = (load->now_ns % 1000000000u << 32) / 1000000000u;
    for (uint32_t i = 0; i < SENT_STREAMS; i++) {
        if (!sender_report(&publisher->sender, i, &info))
            continue;
        info.ntp = (seconds + unix_epoch_in_ntp) << 32 | fraction;
        rtcp_write_sr(&wr, &info, NULL, 0);
    }
    if (!wr.failed && wr_size(&wr) > bare)
        listen_send_rtcp(peer, compound, wr_size(&wr));
    return publisher->report_due;
}
