#include "sfu/core/feedback.h"
#include "sfu/core/ntp.h"
#include "sfu/core/show.h"
#include "sfu/core/state.h"
#include "sfu/proto/rtcp.h"

enum {
    /* A subscriber asks for so many packets again, and so many keyframes, and no more. */
    RESENDS_PER_SECOND = 400,
    RESENDS_BURST = 200,
    /* Reports, feedback and requests together: browsers send up to 100 compounds a second. */
    RTCP_PER_SECOND = 400,
    RTCP_BURST = 400,
    KEYFRAMES_PER_SECOND = 2,
    KEYFRAMES_BURST = 3,
    MIDDLE_PER_SECOND = 65536, /* units of a report block's times */
    /* The stage goes a layer down above 10 % of loss, and up again after 10 s below 2 %. */
    LOSS_DOWN_PERCENT = 10,
    LOSS_UP_PERCENT = 2,
    JUDGE_EVERY_US = 2000000,
    JUDGE_UP_US = 10000000,
    JUDGE_PACKETS = 50,
};

static struct rtcp_sender *sender_of(struct endpoint *endpoint, uint32_t ssrc)
{
    for (int i = 0; i < ENDPOINT_RTCP_SENDERS; i++) {
        struct rtcp_sender *sender = &endpoint->rtcp_senders[i];
        if (!sender->used) {
            sender->used = true;
            sender->ssrc = ssrc;
        }
        if (sender->ssrc == ssrc)
            return sender;
    }
    return NULL;
}

static struct slot *slot_by_ssrc(struct endpoint *endpoint, uint32_t ssrc)
{
    for (uint32_t i = 0; i < endpoint->slot_count; i++)
        if (endpoint->slots[i].ssrc == ssrc)
            return &endpoint->slots[i];
    return NULL;
}

static void on_sender_report(struct worker *worker, struct endpoint *endpoint,
                             const struct rtcp_packet *packet)
{
    struct rtcp_sender_info info;
    struct intake *intake = endpoint->intake;
    if (!intake || rtcp_parse_sr(packet, &info) != ERR_OK)
        return;
    for (int i = 0; i < SOURCE_PLACES; i++)
        if (intake->receivers[i].ssrc == info.ssrc && info.ssrc)
            reception_on_sender_report(&intake->receivers[i].reception, worker->now, info.ntp);
}

static void on_reports(struct worker *worker, struct endpoint *endpoint,
                       const struct rtcp_packet *packet)
{
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    uint32_t sender;
    uint32_t count;
    if (rtcp_parse_reports(packet, &sender, reports, &count) != ERR_OK)
        return;
    for (uint32_t i = 0; i < count; i++) {
        if (reports[i].last_sr == 0 || !slot_by_ssrc(endpoint, reports[i].ssrc))
            continue;
        /* RFC 3550, section 6.4.1: arrival - delay - last SR, in 1/65536 s. */
        uint32_t rtt =
            ntp_middle(worker->now) - reports[i].delay_since_last_sr - reports[i].last_sr;
        /* An answer at once may seem to be there before the question: both clocks were rounded. */
        if (-rtt < MIDDLE_PER_SECOND)
            rtt = 0;
        if (rtt >= 10 * MIDDLE_PER_SECOND)
            worker->counters.drop_forged_feedback++;
        else
            endpoint->rtt_us = (uint32_t)((uint64_t)rtt * USEC_PER_SEC >> 16);
    }
}

static bool is_queued(const struct endpoint *endpoint, uint32_t count, uint32_t slot,
                      uint64_t sequence)
{
    for (uint32_t i = 0; i < count; i++)
        if (endpoint->resends[i].slot == slot && endpoint->resends[i].sequence == sequence)
            return true;
    return false;
}

static void on_nack(struct worker *worker, struct endpoint *endpoint,
                    const struct rtcp_packet *packet)
{
    struct rtcp_nack nack;
    if (rtcp_parse_nack(packet, &nack) != ERR_OK)
        return;
    struct slot *slot = slot_by_ssrc(endpoint, nack.media_ssrc);
    if (!slot || !slot->rtx_payload_type || slot->feed->rewrite.stage != REWRITE_SENT)
        return;
    struct outlet *outlet = outlet_of(worker, endpoint);
    uint32_t index = (uint32_t)(slot - endpoint->slots);
    for (uint32_t i = 0; i < nack.count; i++) {
        /* A token for each number asked for, whatever becomes of it: no flood makes us search. */
        if (outlet->resend_count == ENDPOINT_RESENDS ||
            !rate_take(&endpoint->resend_rate, worker->now, RESENDS_PER_SECOND, RESENDS_BURST)) {
            worker->counters.drop_rate_limited += nack.count - i;
            return;
        }
        uint64_t sequence = rewrite_extend(&slot->feed->rewrite, nack.sequences[i]);
        if (is_queued(endpoint, outlet->resend_count, index, sequence))
            continue;
        endpoint->resends[outlet->resend_count++] = (struct resend){index, sequence};
        endpoint_pend(worker, endpoint, index);
    }
}

static void on_keyframe_request(struct worker *worker, struct endpoint *endpoint, uint32_t ssrc)
{
    struct slot *slot = slot_by_ssrc(endpoint, ssrc);
    if (!slot || slot->kind == SLOT_AUDIO)
        return;
    if (!rate_take(&slot->keyframe_rate, worker->now, KEYFRAMES_PER_SECOND, KEYFRAMES_BURST)) {
        worker->counters.drop_rate_limited++;
        return;
    }
    uint32_t watched = slot->feed->watch.stream;
    if (watched != INDEX_NONE)
        stream_ask_keyframe(worker, watched);
}

static void on_payload_feedback(struct worker *worker, struct endpoint *endpoint,
                                const struct rtcp_packet *packet)
{
    uint32_t ssrc;
    struct rtcp_fir_entry entries[RTCP_FIR_ENTRIES_MAX];
    uint32_t count;
    if (packet->count == RTCP_PSFB_PLI && rtcp_parse_pli(packet, &ssrc) == ERR_OK)
        on_keyframe_request(worker, endpoint, ssrc);
    if (packet->count == RTCP_PSFB_FIR && rtcp_parse_fir(packet, entries, &count) == ERR_OK)
        for (uint32_t i = 0; i < count; i++)
            on_keyframe_request(worker, endpoint, entries[i].ssrc);
}

static void on_transport_cc(struct worker *worker, struct endpoint *endpoint,
                            const struct rtcp_packet *packet)
{
    struct transport_cc_received feedback;
    uint64_t sent = outlet_of(worker, endpoint)->numbers;
    if (rtcp_parse_transport_cc_received(packet, &feedback) != ERR_OK)
        worker->counters.drop_malformed++;
    else if (delivery_on_feedback(&endpoint->delivery, sent, &feedback) != ERR_OK)
        worker->counters.drop_forged_feedback++;
}

static void on_packet(struct worker *worker, struct endpoint *endpoint,
                      const struct rtcp_packet *packet)
{
    switch (packet->type) {
    case RTCP_SR:
        on_sender_report(worker, endpoint, packet);
        on_reports(worker, endpoint, packet);
        break;
    case RTCP_RR:
        on_reports(worker, endpoint, packet);
        break;
    case RTCP_RTPFB:
        if (packet->count == RTCP_RTPFB_NACK)
            on_nack(worker, endpoint, packet);
        else if (packet->count == RTCP_RTPFB_TRANSPORT_CC)
            on_transport_cc(worker, endpoint, packet);
        break;
    case RTCP_PSFB:
        on_payload_feedback(worker, endpoint, packet);
        break;
    default:
        break; /* SDES, BYE and APP tell nothing that is needed */
    }
}

void feedback_on_rtcp(struct worker *worker, struct endpoint *endpoint, uint8_t *datagram,
                      size_t size)
{
    const struct srtp_transform *in = &endpoint->keys.inbound;
    uint32_t index;
    size_t plain;
    if (in->ops->unprotect_rtcp(in->state, datagram, size, &index, &plain) != ERR_OK) {
        worker->counters.drop_auth++;
        return;
    }
    struct rd rd = rd_init((struct bytes){datagram, plain});
    rd_skip(&rd, 4);
    uint32_t ssrc = rd_u32(&rd);
    struct rtcp_walk walk;
    if (rd.failed || rtcp_walk_init(&walk, (struct bytes){datagram, plain}) != ERR_OK) {
        worker->counters.drop_malformed++;
        return;
    }
    struct rtcp_sender *sender = sender_of(endpoint, ssrc);
    if (!sender) {
        worker->counters.drop_unknown_ssrc++;
        return;
    }
    if (replay_check(&sender->replay, index) != ERR_OK) {
        worker->counters.drop_replay++;
        return;
    }
    replay_commit(&sender->replay, index);
    if (!rate_take(&endpoint->rtcp_rate, worker->now, RTCP_PER_SECOND, RTCP_BURST)) {
        worker->counters.drop_rate_limited++;
        return;
    }
    worker->counters.received_packets++;
    worker->counters.received_bytes += size;
    struct rtcp_packet packet;
    while (rtcp_walk_next(&walk, &packet))
        on_packet(worker, endpoint, &packet);
}

static void set_layers_off(struct worker *worker, struct endpoint *endpoint, uint8_t off)
{
    if (endpoint->stage_layers_off == off)
        return;
    endpoint->stage_layers_off = off;
    for (uint32_t i = 0; i < endpoint->slot_count; i++)
        if (endpoint->slots[i].kind == SLOT_STAGE)
            show_again(worker, endpoint, i);
}

void feedback_judge(struct worker *worker, struct endpoint *endpoint)
{
    if (delivery_expected(&endpoint->delivery) < JUDGE_PACKETS ||
        worker->now - endpoint->stage_judged < JUDGE_EVERY_US)
        return;
    uint32_t percent = delivery_take_loss_percent(&endpoint->delivery);
    uint8_t off = endpoint->stage_layers_off;
    endpoint->stage_judged = worker->now;
    if (percent > LOSS_UP_PERCENT)
        endpoint->stage_lossy = worker->now;
    if (percent > LOSS_DOWN_PERCENT && off + 1 < LIMIT_SIMULCAST_LAYERS) {
        set_layers_off(worker, endpoint, (uint8_t)(off + 1));
    } else if (off > 0 && worker->now - endpoint->stage_lossy >= JUDGE_UP_US) {
        set_layers_off(worker, endpoint, (uint8_t)(off - 1));
        endpoint->stage_lossy = worker->now; /* each step up has to prove itself */
    }
}
