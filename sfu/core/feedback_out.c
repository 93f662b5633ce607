#include "sfu/core/feedback.h"
#include "sfu/core/ntp.h"
#include "sfu/core/state.h"
#include "sfu/proto/rtcp_write.h"

enum { NACKS_PER_STREAM = 64 };

static uint32_t gather_reports(struct worker *worker, struct endpoint *endpoint,
                               struct rtcp_report reports[RTCP_REPORTS_MAX])
{
    uint32_t count = 0;
    for (int i = 0; endpoint->intake && i < SOURCE_PLACES; i++) {
        struct receiver *receiver = &endpoint->intake->receivers[i];
        if (receiver->ssrc && receiver->reception.any)
            reports[count++] = reception_report(&receiver->reception, worker->now, receiver->ssrc);
    }
    return count;
}

static void write_sender_reports(struct worker *worker, struct endpoint *endpoint, struct wr *wr)
{
    for (uint64_t begun = endpoint->begun; begun; begun &= begun - 1) {
        struct slot *slot = &endpoint->slots[__builtin_ctzll(begun)];
        const struct feed *feed = slot->feed;
        if (feed->rewrite.stage != REWRITE_SENT || feed->sent_packets == slot->reported_packets)
            continue;
        slot->reported_packets = feed->sent_packets;
        struct rtcp_sender_info info = {
            .ssrc = slot->ssrc,
            .ntp = ntp_time(worker->now),
            .rtp_timestamp = rewrite_timestamp_at(&feed->rewrite, &slot->past, worker->now),
            .packets = feed->sent_packets,
            .bytes = feed->sent_bytes,
        };
        rtcp_write_sr(wr, &info, NULL, 0);
    }
}

static void write_nacks(struct worker *worker, struct endpoint *endpoint, struct wr *wr)
{
    const struct source *source = &worker->sources[endpoint->source];
    usec_t next = USEC_NEVER;
    for (int place = 0; place < SOURCE_PLACES; place++) {
        struct receiver *receiver = &endpoint->intake->receivers[place];
        uint16_t sequences[NACKS_PER_STREAM];
        bool lost = false;
        uint32_t count =
            nack_poll(&receiver->nack, worker->now, sequences, NACKS_PER_STREAM, &lost);
        if (count)
            rtcp_write_nack(wr, endpoint->rtcp_ssrc, receiver->ssrc, sequences, count);
        if (lost && source->streams[place] != INDEX_NONE)
            stream_on_broken(worker, source->streams[place]);
        usec_t due = nack_deadline(&receiver->nack);
        next = due < next ? due : next;
    }
    if (next != USEC_NEVER)
        deadlines_hasten(&worker->deadlines, endpoint->handle.index, next);
}

static void write_keyframe_requests(struct endpoint *endpoint, struct wr *wr)
{
    for (int place = 0; place < SOURCE_PLACES; place++) {
        struct receiver *receiver = &endpoint->intake->receivers[place];
        if (receiver->keyframe_asked && receiver->ssrc)
            rtcp_write_pli(wr, endpoint->rtcp_ssrc, receiver->ssrc);
        receiver->keyframe_asked = false;
    }
}

static void write_transport_cc(struct endpoint *endpoint, struct wr *wr)
{
    struct transport_cc feedback;
    struct intake *intake = endpoint->intake;
    if (!arrivals_report(&intake->arrivals, &feedback))
        return;
    feedback.sender_ssrc = endpoint->rtcp_ssrc;
    feedback.media_ssrc = 0;
    for (int i = 0; i < ENDPOINT_RECEIVERS && feedback.media_ssrc == 0; i++)
        feedback.media_ssrc = intake->receivers[i].ssrc;
    /* Arrivals too far apart for one message are left out: the sender takes them for lost, and
     * after such a silence it begins anew in any case. */
    (void)!rtcp_write_transport_cc(wr, &feedback);
}

size_t feedback_write(struct worker *worker, struct endpoint *endpoint, uint8_t *out,
                      size_t capacity)
{
    struct wr wr = wr_init(out, capacity);
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    struct outlet *outlet = outlet_of(worker, endpoint);
    uint8_t control = outlet->control;
    outlet->control = 0;
    bool report = control & CONTROL_REPORT;
    uint32_t count = report ? gather_reports(worker, endpoint, reports) : 0;
    /* A compound begins with a report (RFC 3550, section 6.1), if only an empty one. */
    rtcp_write_rr(&wr, endpoint->rtcp_ssrc, reports, count);
    size_t bare = wr_size(&wr);
    if (report)
        write_sender_reports(worker, endpoint, &wr);
    bool sends = endpoint->intake != NULL;
    if (sends && (control & CONTROL_TRANSPORT_CC))
        write_transport_cc(endpoint, &wr);
    if (sends && (control & CONTROL_NACK) && endpoint->source != INDEX_NONE)
        write_nacks(worker, endpoint, &wr);
    /* Giving a packet up asks for a keyframe, which may go along at once. */
    if (sends && ((control | outlet->control) & CONTROL_KEYFRAME))
        write_keyframe_requests(endpoint, &wr);
    outlet->control &= (uint8_t)~CONTROL_KEYFRAME;
    bool something = count > 0 || wr_size(&wr) > bare;
    return wr.failed || !something ? 0 : wr_size(&wr);
}
