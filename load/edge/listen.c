#include "load/edge/crowd.h"
#include "sfu/proto/rtcp.h"
#include "sfu/proto/rtcp_write.h"

enum {
    FEEDBACK_US = 100 * 1000, /* as a browser that receives video does */
    REPORT_US = 1000 * 1000,
    COMPOUND_BYTES = 1200,
    PER_MILLE = 1000,
};

/* ---- RTP ------------------------------------------------------------------------------------- */

static bool open_packet(struct peer *peer, const struct rtp_header *header, uint64_t index,
                        uint8_t *packet, size_t size, struct bytes *ret_payload)
{
    struct load_stats *stats = &peer->load->stats;
    bool oracle = peer->keys.oracle.ops != NULL;
    const struct srtp_ops *ops = oracle ? peer->keys.oracle.ops : &srtp_gcm_ops;
    void *state = oracle ? peer->keys.oracle.state : &peer->keys.in;
    size_t plain = 0;
    if (size < header->size + AEAD_TAG_BYTES ||
        ops->unprotect_rtp(state, index, packet, size, header->size, &plain) != ERR_OK) {
        stats->decrypt_failures++;
        return false;
    }
    stats->decrypted += oracle;
    if (rtp_payload(header, (struct bytes){packet, plain}, ret_payload) == ERR_OK)
        return true;
    stats->malformed++;
    return false;
}

static void give_sample(struct peer *peer, const struct receiver_place *place, bool marker,
                        struct bytes payload)
{
    if (peer->sample && place->slot->stage)
        sample_on_packet(peer->sample, place->extended, marker, payload, &peer->load->stats);
}

static void on_retransmission(struct peer *peer, const struct receiver_arrival *arrival,
                              const struct rtp_header *header, uint8_t *packet, size_t size,
                              struct receiver_slot *slot)
{
    struct bytes payload;
    struct receiver_place place = {.slot = slot};
    uint64_t index = srtp_index_estimate(&slot->rtx_index, header->sequence);
    if (!open_packet(peer, header, index, packet, size, &payload))
        return;
    srtp_index_commit(&slot->rtx_index, index);
    if (receiver_on_retransmission(&peer->receiver, arrival, header, payload, &place, &payload))
        give_sample(peer, &place, header->marker, payload);
}

static bool is_dropped(struct load *load)
{
    uint32_t per_mille = load->config.drop_per_mille;
    if (per_mille == 0 || rng_below(&load->rng, PER_MILLE) >= per_mille)
        return false;
    load->stats.dropped_on_purpose++;
    return true;
}

void listen_on_rtp(struct peer *peer, const struct receiver_arrival *arrival, uint8_t *packet,
                   size_t size)
{
    struct rtp_header header;
    struct receiver *receiver = &peer->receiver;
    bool rtx = false;
    if (rtp_parse((struct bytes){packet, size}, &header) != ERR_OK) {
        peer->load->stats.malformed++;
        return;
    }
    struct receiver_slot *slot = receiver_find(receiver, header.ssrc, &rtx);
    if (!slot) {
        peer->load->stats.unknown_ssrc++;
        return;
    }
    if (rtx) {
        on_retransmission(peer, arrival, &header, packet, size, slot);
        return;
    }
    if (is_dropped(peer->load))
        return;
    struct bytes payload;
    struct receiver_place place = {.slot = slot};
    if (receiver_on_header(receiver, arrival, &header, size, &place) == RECEIVER_WANTS_PLAIN &&
        open_packet(peer, &header, place.extended, packet, size, &payload)) {
        receiver_on_plain(receiver, arrival, &header, payload, &place);
        give_sample(peer, &place, header.marker, payload);
    }
    if (slot->sequence.missing > 0)
        peer_hasten(peer, sequence_deadline(&slot->sequence));
    if (slot->pli_due != USEC_NEVER)
        peer_hasten(peer, slot->pli_due);
    if (receiver->receipts.count == RECEIPTS_MAX) {
        peer->feedback_due = peer->load->now;
        peer_hasten(peer, peer->load->now);
    }
}

/* ---- RTCP ------------------------------------------------------------------------------------ */

void listen_on_rtcp(struct peer *peer, uint8_t *packet, size_t size)
{
    struct load_stats *stats = &peer->load->stats;
    uint32_t index = 0;
    size_t plain = 0;
    struct rtcp_walk walk;
    struct rtcp_packet part;
    struct rtcp_sender_info info;
    if (srtp_gcm_ops.unprotect_rtcp(&peer->keys.in, packet, size, &index, &plain) != ERR_OK) {
        stats->decrypt_failures++;
        return;
    }
    if (rtcp_walk_init(&walk, (struct bytes){packet, plain}) != ERR_OK) {
        stats->malformed++;
        return;
    }
    while (rtcp_walk_next(&walk, &part)) {
        if (part.type == RTCP_SR && rtcp_parse_sr(&part, &info) == ERR_OK)
            receiver_on_sender_report(&peer->receiver, peer->load->now, info.ssrc, info.ntp);
        if (peer->publisher)
            publish_on_feedback(peer, &part);
    }
}

void listen_send_rtcp(struct peer *peer, uint8_t *compound, size_t size)
{
    size_t whole = 0;
    if (srtp_gcm_ops.protect_rtcp(&peer->keys.out, peer->rtcp_index++, compound,
                                  size + SRTP_OVERHEAD_MAX_BYTES, size, &whole) == ERR_OK)
        peer_send(peer, compound, whole);
}

usec_t listen_feedback(struct peer *peer)
{
    struct load *load = peer->load;
    uint8_t compound[COMPOUND_BYTES + SRTP_OVERHEAD_MAX_BYTES];
    uint32_t kinds = 0;
    if (load->now >= peer->feedback_due) {
        kinds |= RECEIVER_TRANSPORT_CC;
        peer->feedback_due = load->now + FEEDBACK_US;
    }
    if (load->now >= peer->report_due) {
        kinds |= RECEIVER_REPORT;
        peer->report_due = load->now + REPORT_US;
    }
    size_t size =
        receiver_write_feedback(&peer->receiver, load->now, kinds, compound, COMPOUND_BYTES);
    if (size > 0)
        listen_send_rtcp(peer, compound, size);
    usec_t due = peer->feedback_due < peer->report_due ? peer->feedback_due : peer->report_due;
    usec_t wanted = receiver_deadline(&peer->receiver);
    usec_t reports = peer->publisher ? publish_reports(peer) : USEC_NEVER;
    due = wanted < due ? wanted : due;
    return reports < due ? reports : due;
}
