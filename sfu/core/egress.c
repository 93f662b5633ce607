#include "sfu/core/egress.h"

#include <string.h>

#include "sfu/core/feedback.h"
#include "sfu/core/show.h"
#include "sfu/core/state.h"
#include "sfu/core/train.h"
#include "sfu/proto/rtp.h"

enum {
    RTCP_ROOM = 1200,
    /* A long burst in one send is lost as one on a weak line: so many packets of one slot leave in
     * a turn, then it is the other subscribers' turn. */
    TURN_PACKETS = 10,
    /* What one subscriber's losses may cost at most; each packet is counted by its payload. */
    RESEND_BYTES_PER_SECOND = 250000,
    RESEND_BYTES_BURST = 250000,
};

/* The first payload bytes as this subscriber has them (VP8 descriptor with its picture id). */
static size_t write_own(const struct packet *packet, const struct rewritten *numbers, uint8_t *out)
{
    if (!packet->vp8)
        return 0;
    size_t own =
        packet->size < LIMIT_RTP_PAYLOAD_OWN_BYTES ? packet->size : LIMIT_RTP_PAYLOAD_OWN_BYTES;
    /* Always as many, so that it is one load and one store: there is room on both sides. */
    memcpy(out, packet->payload, LIMIT_RTP_PAYLOAD_OWN_BYTES);
    /* vp8_write() made it: flags, extension flags, 15-bit picture id, TL0PICIDX. */
    out[2] = (uint8_t)(0x80 | numbers->picture_id >> 8);
    out[3] = (uint8_t)numbers->picture_id;
    if (packet->has_tl0_index)
        out[4] = numbers->tl0_index;
    return own;
}

static void count_sent(struct worker *worker, struct outlet *outlet, const struct feed *feed,
                       size_t size)
{
    outlet->numbers += feed->transport_cc_id != 0;
    worker->counters.sent_packets++;
    worker->counters.sent_bytes += size;
}

/* ---- Lanes ----------------------------------------------------------------------------------- */

/* What one slot has to send in this turn: its stream's packets from the cursor on, in order.
 *
 *   stage  1100 1100 1100 1100 1100 │ 700        lanes are drained longest packet first, so that
 *   sound   100                     │            the sound rides as the short last segment */
struct lane {
    struct feed *feed;
    const struct history *history;
    const struct packet *next; /* NULL: nothing left */
    uint64_t end;              /* arrival */
    size_t plain;              /* what the next one takes, header and padding included */
    uint32_t left;             /* packets that may still go in this turn */
    uint32_t index;            /* of the slot */
};

/* Steps over what lies before the segment's beginning. */
static void lane_find_next(const struct worker *worker, struct lane *lane)
{
    struct feed *feed = lane->feed;
    for (; feed->cursor < lane->end; feed->cursor++) {
        const struct packet *packet = history_at(lane->history, &worker->packets, feed->cursor);
        if (packet->sequence < feed->rewrite.newest.in_first)
            continue;
        lane->next = packet;
        lane->plain = (size_t)feed->header.size + packet->size + packet->padding;
        return;
    }
    lane->next = NULL;
}

/* The watched stream from the cursor on. */
static void lane_watch(struct worker *worker, struct endpoint *endpoint, struct lane *lane)
{
    struct feed *feed = lane->feed;
    uint32_t index = feed->watch.stream;
    const struct history *history = stream_history(worker, index);
    lane->next = NULL;
    if (!history)
        return;
    const struct stream *stream = &worker->streams[index];
    lane->history = history;
    lane->end = stream->settled < history->head ? stream->settled : history->head;
    if (feed->cursor < history->tail)
        feed->cursor = history->tail;
    if (feed->cursor >= lane->end)
        return;
    if (feed->fresh || feed->rewrite.stage == REWRITE_NEW ||
        feed->rewrite.newest.epoch != stream->epoch) {
        slot_begin(&endpoint->slots[lane->index], index, stream->epoch,
                   worker->sources[stream->source].number,
                   history_at(history, &worker->packets, feed->cursor));
        endpoint->begun |= UINT64_C(1) << lane->index;
    }
    lane_find_next(worker, lane);
}

/* At the end of what it watched, a slot may be on its way to another stream. */
static void lane_switch(struct worker *worker, struct endpoint *endpoint, struct lane *lane)
{
    while (!lane->next && lane->feed->switch_to != INDEX_NONE &&
           show_switch(worker, endpoint, lane->index))
        lane_watch(worker, endpoint, lane);
}

static void lane_advance(struct worker *worker, struct endpoint *endpoint, struct lane *lane)
{
    lane->feed->cursor++;
    lane->left--;
    lane_find_next(worker, lane);
    if (!lane->next)
        lane_switch(worker, endpoint, lane);
}

/* Header, own bytes, shared rest; protected. */
static void lane_write(struct worker *worker, struct trains *trains, struct outlet *outlet,
                       const struct lane *lane)
{
    struct feed *feed = lane->feed;
    const struct packet *packet = lane->next;
    struct rewritten numbers = rewrite_next(&feed->rewrite, packet);
    uint8_t *at = trains->at;
    const struct rtp_numbers patch = {.marker = packet->marker,
                                      .padded = packet->padding != 0,
                                      .sequence = (uint16_t)numbers.sequence,
                                      .transport_cc = (uint16_t)outlet->numbers,
                                      .timestamp = numbers.timestamp};
    rtp_template_write(&feed->header, &patch, at);
    size_t own = write_own(packet, &numbers, at + feed->header.size);
    struct bytes shared = {packet->payload + own, (size_t)packet->size + packet->padding - own};
    size_t size;
    if (outlet->transform.ops->protect_rtp(outlet->transform.state, numbers.sequence, at,
                                           TRAIN_DATAGRAM_ROOM, feed->header.size, own, shared,
                                           &size) != ERR_OK) {
        worker->counters.drop_too_large++;
        return;
    }
    feed->sent_packets++;
    feed->sent_bytes += packet->size;
    worker->counters.sent_padding_bytes += packet->padding;
    count_sent(worker, outlet, feed, size);
    trains_add(trains, outlet, lane->plain, size);
}

static bool comes_before(const struct lane *lane, const struct lane *other, bool sound_first)
{
    if (!other)
        return true;
    if (sound_first && lane->feed->sound != other->feed->sound)
        return lane->feed->sound;
    return lane->plain > other->plain;
}

/* The lane to go on with: one whose packet is as long as the open train's; else what may end it,
 * sound first. A turn begins with the longest packet; what sound did not ride along follows, so
 * that it never waits for more than one train. */
static struct lane *choose(struct lane *lanes, uint32_t count, const struct trains *trains,
                           bool begun)
{
    struct lane *first = NULL;
    struct lane *last = NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct lane *lane = &lanes[i];
        if (!lane->next || lane->left == 0)
            continue;
        if (comes_before(lane, first, begun))
            first = lane;
        if (!trains_joins(trains, lane->plain))
            continue;
        if (lane->plain == trains->plain)
            return lane;
        if (comes_before(lane, last, true))
            last = lane;
    }
    return last ? last : first;
}

static uint32_t open_lanes(struct worker *worker, struct endpoint *endpoint, uint64_t pending,
                           struct lane lanes[SESSION_SLOTS])
{
    struct feed *feeds = &worker->feeds[(size_t)endpoint->handle.index * SESSION_SLOTS];
    uint32_t count = 0;
    for (; pending; pending &= pending - 1) {
        uint32_t index = (uint32_t)__builtin_ctzll(pending);
        struct lane *lane = &lanes[count];
        *lane = (struct lane){.feed = &feeds[index], .left = TURN_PACKETS, .index = index};
        lane_watch(worker, endpoint, lane);
        lane_switch(worker, endpoint, lane);
        count += lane->next != NULL;
    }
    return count;
}

/* One turn of the pending slots; what is left stays pending. False when there is no room left. */
static bool send_lanes(struct worker *worker, struct trains *trains, struct outlet *outlet)
{
    struct endpoint *endpoint = &worker->endpoints[outlet->endpoint.index];
    struct lane lanes[SESSION_SLOTS];
    uint64_t pending = outlet->pending;
    outlet->pending = 0;
    uint32_t count = open_lanes(worker, endpoint, pending, lanes);
    bool room = true;
    bool begun = false;
    struct lane *lane;
    while (room && (lane = choose(lanes, count, trains, begun))) {
        begun = true;
        size_t plain = lane->plain;
        while (lane->next && lane->left > 0 && lane->plain == plain &&
               (room = trains_room(trains, plain) != NULL)) {
            lane_write(worker, trains, outlet, lane);
            lane_advance(worker, endpoint, lane);
        }
    }
    for (uint32_t i = 0; i < count; i++)
        outlet->pending |= (uint64_t)(lanes[i].next != NULL) << lanes[i].index;
    return room;
}

/* ---- Retransmissions ------------------------------------------------------------------------- */

/* What it may not be shown now is not sent again either. */
static bool may_resend(const struct worker *worker, const struct slot *slot,
                       const struct rewrite_segment *segment)
{
    const struct stream *stream = &worker->streams[segment->stream];
    if (stream->epoch != segment->epoch)
        return false;
    const struct source *source = &worker->sources[stream->source];
    return source->present && source_may_show(source, slot->kind) &&
           source_may_send(source, stream->kind);
}

/* RFC 4588: the original's number in front of its payload, on the other SSRC, without padding. */
static void write_again(struct worker *worker, struct trains *trains, struct slot *slot,
                        const struct packet *packet, const struct rewritten *numbers,
                        struct outlet *outlet)
{
    uint8_t *at = trains->at;
    uint64_t index = slot->rtx_next++;
    struct rtp_outgoing header = {
        .marker = packet->marker,
        .payload_type = slot->rtx_payload_type,
        .sequence = (uint16_t)index,
        .timestamp = numbers->timestamp,
        .ssrc = slot->rtx_ssrc,
        .csrc = numbers->source,
        .transport_cc_id = slot->feed->transport_cc_id,
        .transport_cc = (uint16_t)outlet->numbers,
    };
    size_t header_size;
    size_t unused;
    if (rtp_write_header(&header, at, TRAIN_DATAGRAM_ROOM, &header_size, &unused) != ERR_OK)
        return; /* cannot be: RTP_OUTGOING_MAX_BYTES holds any header */
    uint8_t *payload = at + header_size;
    payload[0] = (uint8_t)(numbers->sequence >> 8);
    payload[1] = (uint8_t)numbers->sequence;
    size_t own = write_own(packet, numbers, payload + RTP_RTX_OSN_BYTES);
    struct bytes shared = {packet->payload + own, packet->size - own};
    const struct srtp_transform *transform = &outlet->transform;
    size_t size;
    if (transform->ops->protect_rtp(transform->state, index, at, TRAIN_DATAGRAM_ROOM, header_size,
                                    RTP_RTX_OSN_BYTES + own, shared, &size) != ERR_OK) {
        worker->counters.drop_too_large++;
        return;
    }
    worker->counters.sent_retransmissions++;
    count_sent(worker, outlet, slot->feed, size);
    trains_add(trains, outlet, header_size + RTP_RTX_OSN_BYTES + packet->size, size);
}

/* False when there is no room left; what is not kept any more stays lost. */
static bool send_resend(struct worker *worker, struct trains *trains, struct outlet *outlet,
                        const struct resend *resend)
{
    struct endpoint *endpoint = &worker->endpoints[outlet->endpoint.index];
    struct slot *slot = &endpoint->slots[resend->slot];
    uint64_t original;
    const struct rewrite_segment *segment =
        rewrite_find(&slot->feed->rewrite, &slot->past, resend->sequence, &original);
    const struct history *history = segment ? stream_history(worker, segment->stream) : NULL;
    if (!history || !may_resend(worker, slot, segment))
        return true;
    const struct packet *packet = history_find(history, &worker->packets, original);
    if (!packet)
        return true;
    if (!trains_room(trains, TRAIN_ALONE))
        return false; /* asked before a number is used up */
    if (!rate_take_many(&endpoint->resend_bytes, worker->now, RESEND_BYTES_PER_SECOND,
                        RESEND_BYTES_BURST, packet->size)) {
        worker->counters.drop_rate_limited++;
        return true;
    }
    struct rewritten numbers = rewrite_again(segment, packet);
    write_again(worker, trains, slot, packet, &numbers, outlet);
    return true;
}

/* False when there is no room left; more than a turn takes waits for the next one. */
static bool send_resends(struct worker *worker, struct trains *trains, struct outlet *outlet)
{
    struct resend *resends = worker->endpoints[outlet->endpoint.index].resends;
    uint8_t done = 0;
    bool room = true;
    while (room && done < outlet->resend_count && done < TURN_PACKETS) {
        room = send_resend(worker, trains, outlet, &resends[done]);
        done = (uint8_t)(done + room);
    }
    outlet->resend_count = (uint8_t)(outlet->resend_count - done);
    memmove(resends, resends + done, outlet->resend_count * sizeof resends[0]);
    return room;
}

/* ---- Subscribers ----------------------------------------------------------------------------- */

static bool send_control(struct worker *worker, struct trains *trains, struct outlet *outlet)
{
    struct endpoint *endpoint = &worker->endpoints[outlet->endpoint.index];
    uint8_t *at = trains_room(trains, TRAIN_ALONE);
    if (!at)
        return false;
    size_t plain = feedback_write(worker, endpoint, at, RTCP_ROOM);
    size_t size;
    if (plain == 0)
        return true;
    uint32_t index = endpoint->rtcp_index++ & 0x7fffffff;
    if (outlet->transform.ops->protect_rtcp(outlet->transform.state, index, at, TRAIN_DATAGRAM_ROOM,
                                            plain, &size) != ERR_OK)
        return true;
    worker->counters.sent_packets++;
    worker->counters.sent_bytes += size;
    trains_add(trains, outlet, TRAIN_ALONE, size);
    return true;
}

/* One turn. False when something is left because arena or sends are used up. */
static bool send_outlet(struct worker *worker, struct trains *trains, struct outlet *outlet)
{
    trains_end(trains);
    if (!outlet->open) {
        outlet->pending = 0;
        outlet->control = 0;
        outlet->resend_count = 0;
        return true;
    }
    return (outlet->pending == 0 || send_lanes(worker, trains, outlet)) &&
           (outlet->resend_count == 0 || send_resends(worker, trains, outlet)) &&
           (outlet->control == 0 || send_control(worker, trains, outlet));
}

/* Thousands of subscribers do not fit into the caches, but it is known whose turn comes: what it
 * touches is fetched while others are served, in three steps, since each is found by the one
 * before. */
static void fetch_ahead(const struct worker *worker)
{
    uint32_t index;
    if (fifo_peek(&worker->sends, 3, &index))
        __builtin_prefetch(&worker->outlets[index], 1);
    if (fifo_peek(&worker->sends, 2, &index)) {
        const struct outlet *outlet = &worker->outlets[index];
        const struct feed *feeds = &worker->feeds[(size_t)index * SESSION_SLOTS];
        __builtin_prefetch(outlet->transform.state);
        for (uint64_t pending = outlet->pending; pending; pending &= pending - 1) {
            const struct feed *feed = &feeds[__builtin_ctzll(pending)];
            __builtin_prefetch(feed, 1);
            __builtin_prefetch(&feed->rewrite, 1);
        }
    }
    if (fifo_peek(&worker->sends, 1, &index)) {
        const struct srtp_transform *transform = &worker->outlets[index].transform;
        if (transform->ops && transform->ops->prefetch)
            transform->ops->prefetch(transform->state);
    }
}

uint32_t egress_build(struct worker *worker, struct worker_send *ret_sends, uint32_t sends_max,
                      uint8_t *arena, size_t arena_size)
{
    struct trains trains = trains_init(ret_sends, sends_max, arena, arena_size);
    uint32_t index;
    while (trains_worth_starting(&trains) && fifo_first(&worker->sends, &index)) {
        struct outlet *outlet = &worker->outlets[index];
        fetch_ahead(worker);
        if (!send_outlet(worker, &trains, outlet))
            break;
        (void)fifo_take(&worker->sends, &index);
        /* What is left waits behind the others; writing RTCP may have asked for more of it, too. */
        outlet->queued = outlet->pending || outlet->resend_count || outlet->control;
        if (outlet->queued)
            fifo_put(&worker->sends, index);
    }
    return trains.count;
}
