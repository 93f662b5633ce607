/* What a receiver says back; the rest of receiver.h stands in receiver.c. */
#include "load/core/receiver.h"

#include "sfu/proto/rtcp_write.h"

enum { RECEIVER_SSRC = 1, PLI_AGAIN_US = 1000 * 1000 };

/* RFC 3550, section 6.4.1 and appendix A.3. */
static struct rtcp_report report_of(struct receiver_slot *slot, usec_t now)
{
    uint64_t expected = slot->sequence.highest - slot->sequence.first + 1;
    uint64_t interval = expected - slot->expected_before;
    uint64_t received = slot->received - slot->received_before;
    slot->expected_before = expected;
    slot->received_before = slot->received;
    uint64_t lost = interval > received ? interval - received : 0;
    return (struct rtcp_report){
        .ssrc = slot->ssrc,
        .fraction_lost =
            (uint8_t)(interval ? (lost * 256 / interval > 255 ? 255 : lost * 256 / interval) : 0),
        .cumulative_lost = (int32_t)(expected - slot->received),
        .highest_sequence = (uint32_t)slot->sequence.highest,
        .jitter = slot->jitter_16 / 16,
        .last_sr = slot->last_sr,
        .delay_since_last_sr =
            slot->last_sr ? (uint32_t)((now - slot->last_sr_at) * 65536 / USEC_PER_SEC) : 0,
    };
}

static uint32_t gather_reports(struct receiver *receiver, usec_t now,
                               struct rtcp_report reports[RTCP_REPORTS_MAX])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < receiver->slot_count && count < RTCP_REPORTS_MAX; i++)
        if (receiver->slots[i].sequence.any)
            reports[count++] = report_of(&receiver->slots[i], now);
    return count;
}

static void write_transport_cc(struct receiver *receiver, struct wr *wr)
{
    struct transport_cc feedback; /* large; receipts_report() writes what counts */
    if (!receipts_report(&receiver->receipts, &feedback))
        return;
    feedback.sender_ssrc = RECEIVER_SSRC;
    feedback.media_ssrc = receiver->slots[0].ssrc;
    if (rtcp_write_transport_cc(wr, &feedback) == ERR_OK)
        receiver->stats->feedbacks++;
}

static void write_gaps(struct receiver *receiver, struct receiver_slot *slot, usec_t now,
                       struct wr *wr)
{
    uint16_t numbers[SEQUENCE_NACKS_MAX];
    receiver->stats->missing -= slot->sequence.missing;
    uint32_t lost = sequence_give_up(&slot->sequence, now);
    receiver->stats->missing += slot->sequence.missing;
    receiver->lost += lost;
    receiver->stats->lost += lost;
    if (lost && slot->video) {
        slot->frame.wanted = true;
        slot->pli_due = now < slot->pli_due ? now : slot->pli_due;
    }
    uint32_t count = sequence_poll_nack(&slot->sequence, now, numbers);
    if (count == 0 || slot->rtx_ssrc == 0)
        return;
    rtcp_write_nack(wr, RECEIVER_SSRC, slot->ssrc, numbers, count);
    receiver->stats->nacks += count;
}

static void write_keyframe_request(struct receiver *receiver, struct receiver_slot *slot,
                                   usec_t now, struct wr *wr)
{
    if (now < slot->pli_due)
        return;
    slot->pli_due = slot->frame.wanted ? now + PLI_AGAIN_US : USEC_NEVER;
    if (!slot->frame.wanted)
        return;
    rtcp_write_pli(wr, RECEIVER_SSRC, slot->ssrc);
    receiver->stats->plis++;
}

size_t receiver_write_feedback(struct receiver *receiver, usec_t now, uint32_t kinds, uint8_t *out,
                               size_t capacity)
{
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    struct wr wr = wr_init(out, capacity);
    uint32_t count = kinds & RECEIVER_REPORT ? gather_reports(receiver, now, reports) : 0;
    /* A compound begins with a report (RFC 3550, section 6.1), if only an empty one. */
    rtcp_write_rr(&wr, RECEIVER_SSRC, reports, count);
    size_t bare = wr_size(&wr);
    if ((kinds & RECEIVER_TRANSPORT_CC) && receiver->slot_count > 0)
        write_transport_cc(receiver, &wr);
    for (uint32_t i = 0; i < receiver->slot_count; i++) {
        write_gaps(receiver, &receiver->slots[i], now, &wr);
        write_keyframe_request(receiver, &receiver->slots[i], now, &wr);
    }
    bool something = count > 0 || wr_size(&wr) > bare;
    return wr.failed || !something ? 0 : wr_size(&wr);
}

void receiver_on_sender_report(struct receiver *receiver, usec_t now, uint32_t ssrc, uint64_t ntp)
{
    bool rtx = false;
    struct receiver_slot *slot = receiver_find(receiver, ssrc, &rtx);
    if (!slot || rtx)
        return;
    slot->last_sr = (uint32_t)(ntp >> 16);
    slot->last_sr_at = now;
}
