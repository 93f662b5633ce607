#include "load/core/receiver.h"

#include <assert.h>

#include "sfu/core/srtp.h"
#include "sfu/proto/vp8.h"

enum {
    VIDEO_HZ = 90000,
    AUDIO_HZ = 48000,
    /* A slot that begins without a keyframe is patient for a moment, then asks once a second. */
    PLI_PATIENCE_US = 300 * 1000,
    PLI_AGAIN_US = 1000 * 1000,
    /* Timestamps of a new segment go on, but by no more than the time passed and this. */
    LEAP_SECONDS = 10,
    /* A server takes a sender that was silent longer for one that began anew. */
    SILENCE_US = 700 * 1000,
};

void receiver_slot_init(struct receiver_slot *slot)
{
    sequence_init(&slot->sequence);
    slot->pli_due = USEC_NEVER;
    slot->frame.wanted = slot->video;
}

struct receiver_slot *receiver_find(struct receiver *receiver, uint32_t ssrc, bool *ret_rtx)
{
    for (uint32_t i = 0; i < receiver->slot_count; i++) {
        struct receiver_slot *slot = &receiver->slots[i];
        if (slot->ssrc != ssrc && (slot->rtx_ssrc != ssrc || ssrc == 0))
            continue;
        *ret_rtx = slot->ssrc != ssrc;
        return slot;
    }
    return NULL;
}

static uint32_t clock_of(const struct receiver_slot *slot)
{
    return slot->video ? VIDEO_HZ : AUDIO_HZ;
}

/* ---- Numbers --------------------------------------------------------------------------------- */

static void ask_keyframe(struct receiver_slot *slot, usec_t due)
{
    slot->frame.wanted = true;
    if (due < slot->pli_due)
        slot->pli_due = due;
}

static void note_lost(struct receiver *receiver, struct receiver_slot *slot, usec_t now,
                      uint64_t lost)
{
    if (lost == 0)
        return;
    receiver->lost += lost;
    receiver->stats->lost += lost;
    if (slot->video)
        ask_keyframe(slot, now);
}

static enum sequence_verdict number(struct receiver *receiver, const struct receiver_arrival *when,
                                    uint16_t sequence, struct receiver_place *place)
{
    struct receiver_slot *slot = place->slot;
    uint64_t lost = 0;
    receiver->stats->missing -= slot->sequence.missing;
    enum sequence_verdict verdict =
        sequence_on_packet(&slot->sequence, when->now, sequence, &place->extended, &lost);
    receiver->stats->missing += slot->sequence.missing;
    note_lost(receiver, slot, when->now, lost);
    place->newest = verdict == SEQUENCE_NEW;
    place->fresh = verdict == SEQUENCE_NEW || verdict == SEQUENCE_FILLED;
    slot->received += place->fresh;
    return verdict;
}

/* RFC 3550, appendix A.8. */
static void note_jitter(struct receiver_slot *slot, usec_t now, uint32_t timestamp)
{
    uint32_t arrived = (uint32_t)(now * (clock_of(slot) / 1000) / 1000);
    uint32_t transit = arrived - timestamp;
    int32_t change = (int32_t)(transit - slot->transit);
    if (slot->received > 1)
        slot->jitter_16 += (uint32_t)(change < 0 ? -change : change) - (slot->jitter_16 + 8) / 16;
    slot->transit = transit;
}

static void note_arrival(struct receiver *receiver, const struct receiver_arrival *arrival,
                         const struct rtp_header *header)
{
    uint16_t transport = 0;
    if (rtp_transport_cc(header, receiver->transport_cc_id, &transport))
        (void)receipts_on_packet(&receiver->receipts, arrival->now, transport);
}

/* ---- Against what was sent ------------------------------------------------------------------- */

static void on_switched(struct receiver *receiver, const struct receiver_slot *slot, usec_t now)
{
    struct load_switch *order = &receiver->stats->stage_switch;
    if (!slot->stage || !receiver->awaits_switch || slot->source != order->source)
        return;
    receiver->awaits_switch = false;
    order->arrived++;
    times_add(&order->first_packet_us, now - order->ordered_at);
}

static void note_source(struct receiver *receiver, struct receiver_slot *slot,
                        const struct rtp_header *header, usec_t now)
{
    uint32_t source = header->csrc_count > 0 ? header->csrc[0] : 0;
    if (!slot->sent) /* its name may have become known only now */
        slot->sent = sent_source_of(receiver->sent, source);
    if (source == slot->source && slot->received > 1)
        return;
    slot->source = source;
    slot->sent = sent_source_of(receiver->sent, source);
    slot->stream = NULL;
    slot->in_step = false;
    slot->frame = (struct receiver_frame){.wanted = slot->video};
    if (slot->video)
        ask_keyframe(slot, now + PLI_PATIENCE_US);
    on_switched(receiver, slot, now);
}

static void note_matched(struct receiver *receiver, const struct receiver_arrival *arrival,
                         const struct receiver_slot *slot, const struct sent_packet *sent,
                         size_t payload_size, bool padded)
{
    struct load_stats *stats = receiver->stats;
    stats->matched++;
    if (padded ? payload_size < sent->size : payload_size != sent->size)
        stats->wrong_size++;
    if (arrival->at_ns >= sent->at_ns && sent->at_ns >= slot->since_ns)
        times_add(&stats->delay_us, (arrival->at_ns - sent->at_ns) / 1000);
}

/* By number. Needs: in step. False: it is not, any more. */
static bool match(struct receiver *receiver, const struct receiver_arrival *arrival,
                  const struct rtp_header *header, size_t payload_size,
                  const struct receiver_place *place)
{
    struct receiver_slot *slot = place->slot;
    const struct sent_packet *sent =
        sent_at(slot->stream, (uint16_t)(header->sequence + slot->sequence_step));
    if (!sent || sent->timestamp != header->timestamp + slot->timestamp_step)
        return false;
    note_matched(receiver, arrival, slot, sent, payload_size, header->padded);
    return true;
}

static bool goes_on(const struct receiver_slot *slot, usec_t now, uint32_t timestamp)
{
    if (slot->timestamp_at == 0)
        return true;
    int64_t passed = (int64_t)(now - slot->timestamp_at) * clock_of(slot) / (int64_t)USEC_PER_SEC;
    int64_t ahead = (int32_t)(timestamp - slot->timestamp);
    return ahead > 0 && ahead <= passed + (int64_t)LEAP_SECONDS * clock_of(slot);
}

/* The first packet of a new stage was found among what its source sent. */
static void note_switch_sent(struct receiver *receiver, const struct receiver_arrival *arrival,
                             const struct receiver_slot *slot, const struct sent_packet *sent)
{
    struct load_switch *order = &receiver->stats->stage_switch;
    if (!slot->stage || !receiver->awaits_switch_sent || slot->source != order->source ||
        arrival->at_ns < sent->at_ns)
        return;
    receiver->awaits_switch_sent = false;
    usec_t carried = (arrival->at_ns - sent->at_ns) / 1000;
    usec_t all = arrival->now - order->ordered_at;
    usec_t wait = all > carried ? all - carried : 0; /* none: it was sent before the order */
    times_add(&order->wait_us, wait);
    times_add(&order->carried_us, all - wait);
}

/* The newest of these bytes: a layer that is not sent any more may have had the same. */
static const struct sent_packet *find_sent(const struct receiver_slot *slot, struct bytes payload,
                                           const struct sent_stream **ret_stream)
{
    uint32_t from = slot->video ? SENT_CAMERA : SENT_MICROPHONE;
    uint32_t to = slot->video ? SENT_STREAMS : SENT_CAMERA;
    const struct sent_packet *newest = NULL;
    for (uint32_t i = from; i < to; i++) {
        const struct sent_stream *stream = &slot->sent->streams[i];
        const struct sent_packet *last = sent_at(stream, stream->newest);
        if (!last || (newest && last->at_ns <= newest->at_ns))
            continue; /* nothing newer in it */
        const struct sent_packet *sent = sent_find(stream, payload);
        if (!sent || (newest && sent->at_ns <= newest->at_ns))
            continue;
        newest = sent;
        *ret_stream = stream;
    }
    return newest;
}

/* By its payload: a new segment, unless only the timestamps are out of step, which is a fault but
 * after a silence. */
static void begin_segment(struct receiver *receiver, const struct receiver_arrival *arrival,
                          const struct rtp_header *header, struct bytes payload,
                          struct receiver_slot *slot)
{
    struct load_stats *stats = receiver->stats;
    const struct sent_stream *stream = NULL;
    const struct sent_packet *sent = find_sent(slot, payload, &stream);
    if (!sent) {
        stats->unmatched++;
        return;
    }
    uint16_t step = (uint16_t)(sent->sequence - header->sequence);
    bool same = slot->stream == stream && slot->sequence_step == step &&
                arrival->now - slot->timestamp_at < SILENCE_US;
    if (same || !goes_on(slot, arrival->now, header->timestamp))
        stats->wrong_timestamp++;
    if (!same)
        slot->since_ns = arrival->at_ns;
    stats->segments += !same;
    slot->stream = stream;
    slot->in_step = true;
    slot->sequence_step = step;
    slot->timestamp_step = sent->timestamp - header->timestamp;
    note_matched(receiver, arrival, slot, sent, payload.size, false);
    note_switch_sent(receiver, arrival, slot, sent);
}

/* ---- The keyframe that is waited for --------------------------------------------------------- */

static void on_whole_keyframe(struct receiver *receiver, struct receiver_slot *slot, usec_t now)
{
    struct load_stats *stats = receiver->stats;
    struct load_switch *order = &stats->stage_switch;
    slot->frame = (struct receiver_frame){0};
    slot->pli_due = USEC_NEVER;
    if (!slot->stage)
        return;
    if (receiver->first_frame_at == 0) {
        receiver->first_frame_at = now;
        stats->seen++;
        stats->last_seen_at = now;
        times_add(&stats->first_frame_us, now - receiver->answered_at);
    }
    if (receiver->awaits_switch_frame && !receiver->awaits_switch &&
        slot->source == order->source) {
        receiver->awaits_switch_frame = false;
        times_add(&order->first_frame_us, now - order->ordered_at);
    }
}

static void note_frame(struct receiver *receiver, const struct receiver_arrival *arrival,
                       const struct rtp_header *header, struct bytes payload,
                       const struct receiver_place *place)
{
    struct vp8_descriptor descriptor;
    struct receiver_frame *frame = &place->slot->frame;
    if (!frame->wanted || vp8_parse(payload, &descriptor) != ERR_OK)
        return;
    if (vp8_is_keyframe(&descriptor, payload))
        *frame = (struct receiver_frame){.wanted = true,
                                         .begun = true,
                                         .timestamp = header->timestamp,
                                         .first = place->extended};
    if (!frame->begun || header->timestamp != frame->timestamp || place->extended < frame->first)
        return;
    frame->came++;
    if (header->marker) {
        frame->ended = true;
        frame->last = place->extended;
    }
    if (frame->ended && frame->came == frame->last - frame->first + 1)
        on_whole_keyframe(receiver, place->slot, arrival->now);
}

/* ---- Packets --------------------------------------------------------------------------------- */

static void note_packet(struct receiver *receiver, const struct receiver_arrival *arrival,
                        const struct rtp_header *header, const struct receiver_place *place)
{
    struct load_stats *stats = receiver->stats;
    if (receiver->first_packet_at == 0) {
        receiver->first_packet_at = arrival->now;
        stats->heard++;
        times_add(&stats->first_packet_us, arrival->now - receiver->answered_at);
    }
    stats->padded += header->padded;
    note_jitter(place->slot, arrival->now, header->timestamp);
    if (place->newest)
        note_source(receiver, place->slot, header, arrival->now);
}

static void note_newest(struct receiver_slot *slot, const struct receiver_arrival *arrival,
                        const struct rtp_header *header)
{
    slot->timestamp = header->timestamp;
    slot->timestamp_at = arrival->now;
}

enum receiver_verdict receiver_on_header(struct receiver *receiver,
                                         const struct receiver_arrival *arrival,
                                         const struct rtp_header *header, size_t size,
                                         struct receiver_place *place)
{
    struct receiver_slot *slot = place->slot;
    struct load_stats *stats = receiver->stats;
    stats->packets++;
    receiver->packets++;
    note_arrival(receiver, arrival, header);
    enum sequence_verdict verdict = number(receiver, arrival, header->sequence, place);
    stats->duplicates += verdict == SEQUENCE_DUPLICATE;
    stats->stale += verdict == SEQUENCE_STALE;
    stats->reordered += verdict == SEQUENCE_FILLED;
    if (!place->fresh)
        return RECEIVER_DONE;
    note_packet(receiver, arrival, header, place);
    size_t payload =
        size > header->size + AEAD_TAG_BYTES ? size - header->size - AEAD_TAG_BYTES : 0;
    bool matched = slot->in_step && match(receiver, arrival, header, payload, place);
    if (place->newest && slot->sent)
        slot->in_step = matched; /* else it is looked for by its payload */
    else if (!matched)
        stats->unmatched++;
    bool lost_step = place->newest && slot->sent && !matched;
    if (lost_step || slot->frame.wanted || receiver->sampled)
        return RECEIVER_WANTS_PLAIN;
    note_newest(slot, arrival, header);
    return RECEIVER_DONE;
}

void receiver_on_plain(struct receiver *receiver, const struct receiver_arrival *arrival,
                       const struct rtp_header *header, struct bytes payload,
                       const struct receiver_place *place)
{
    struct receiver_slot *slot = place->slot;
    if (payload.size == 0)
        receiver->stats->probes++;
    else if (place->newest && slot->sent && !slot->in_step)
        begin_segment(receiver, arrival, header, payload, slot);
    if (slot->video)
        note_frame(receiver, arrival, header, payload, place);
    if (place->newest)
        note_newest(slot, arrival, header);
}

bool receiver_on_retransmission(struct receiver *receiver, const struct receiver_arrival *arrival,
                                const struct rtp_header *header, struct bytes payload,
                                struct receiver_place *place, struct bytes *ret_payload)
{
    uint16_t original = 0;
    struct bytes rest;
    receiver->stats->retransmissions++;
    note_arrival(receiver, arrival, header);
    if (!place->slot->sequence.any || rtp_rtx_split(payload, &original, &rest) != ERR_OK ||
        number(receiver, arrival, original, place) == SEQUENCE_DUPLICATE || !place->fresh) {
        receiver->stats->probes++;
        return false;
    }
    receiver->stats->repaired += !place->newest;
    place->newest = false; /* numbers and timestamps are in step with its own, not with RTX's */
    receiver_on_plain(receiver, arrival, header, rest, place);
    *ret_payload = rest;
    return true;
}

bool receiver_expect_stage(struct receiver *receiver)
{
    const struct load_switch *order = &receiver->stats->stage_switch;
    receiver->awaits_switch = false;
    for (uint32_t i = 0; i < receiver->slot_count; i++)
        if (receiver->slots[i].stage)
            receiver->awaits_switch = receiver->slots[i].source != order->source;
    receiver->awaits_switch_sent = receiver->awaits_switch;
    receiver->awaits_switch_frame = receiver->awaits_switch;
    return receiver->awaits_switch;
}

/* ---- Deadlines ------------------------------------------------------------------------------- */

usec_t receiver_deadline(const struct receiver *receiver)
{
    usec_t due = USEC_NEVER;
    for (uint32_t i = 0; i < receiver->slot_count; i++) {
        usec_t gaps = sequence_deadline(&receiver->slots[i].sequence);
        due = gaps < due ? gaps : due;
        due = receiver->slots[i].pli_due < due ? receiver->slots[i].pli_due : due;
    }
    return due;
}
