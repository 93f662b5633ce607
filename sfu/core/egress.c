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
};

/* The first payload bytes as this subscriber has them (VP8 descriptor with its picture id). */
static size_t write_own(const struct packet *packet, const struct rewritten *numbers, uint8_t *out)
{
    if (!packet->vp8)
        return 0;
    size_t own =
        packet->size < LIMIT_RTP_PAYLOAD_OWN_BYTES ? packet->size : LIMIT_RTP_PAYLOAD_OWN_BYTES;
    memcpy(out, packet->payload, own);
    /* vp8_write() made it: flags, extension flags, 15-bit picture id, TL0PICIDX. */
    out[2] = (uint8_t)(0x80 | numbers->picture_id >> 8);
    out[3] = (uint8_t)numbers->picture_id;
    if (packet->has_tl0_index)
        out[4] = numbers->tl0_index;
    return own;
}

static void count_sent(struct worker *worker, struct endpoint *endpoint, const struct slot *slot,
                       size_t size)
{
    if (slot->transport_cc_id)
        endpoint->transport_cc_next++;
    worker->counters.sent_packets++;
    worker->counters.sent_bytes += size;
}

/* ---- Lanes ----------------------------------------------------------------------------------- */

/* What one slot has to send in this turn: its stream's packets from the cursor on, in order.
 *
 *   stage  1100 1100 1100 1100 1100 │ 700        lanes are drained longest packet first, so that
 *   sound   100                     │            the sound rides as the short last segment */
struct lane {
    struct slot *slot;
    const struct history *history;
    const struct packet *next; /* NULL: nothing left */
    uint64_t end;              /* arrival */
    size_t plain;              /* what the next one takes, header and padding included */
    uint32_t left;             /* packets that may still go in this turn */
    uint32_t index;            /* of the slot */
};

/* Steps over what lies before the segment's beginning. */
static void lane_find_next(struct worker *worker, struct lane *lane)
{
    struct slot *slot = lane->slot;
    const struct rewrite_segment *segment = rewrite_newest(&slot->rewrite);
    for (; slot->cursor < lane->end; slot->cursor++) {
        const struct packet *packet = history_at(lane->history, &worker->packets, slot->cursor);
        if (packet->sequence < segment->in_first)
            continue;
        lane->next = packet;
        lane->plain = (size_t)slot->header.size + packet->size + packet->padding;
        return;
    }
    lane->next = NULL;
}

/* The watched stream from the cursor on. */
static void lane_watch(struct worker *worker, struct lane *lane)
{
    struct slot *slot = lane->slot;
    uint32_t index = slot->links[LINK_WATCH].stream;
    const struct history *history = stream_history(worker, index);
    lane->next = NULL;
    if (!history)
        return;
    const struct stream *stream = &worker->streams[index];
    lane->history = history;
    lane->end = stream->settled < history->head ? stream->settled : history->head;
    if (slot->cursor < history->tail)
        slot->cursor = history->tail;
    if (slot->cursor >= lane->end)
        return;
    const struct rewrite_segment *segment = rewrite_newest(&slot->rewrite);
    if (slot->fresh || !segment || segment->epoch != stream->epoch)
        slot_begin(slot, index, stream->epoch, worker->sources[stream->source].number,
                   history_at(history, &worker->packets, slot->cursor));
    lane_find_next(worker, lane);
}

/* At the end of what it watched, a slot may be on its way to another stream. */
static void lane_switch(struct worker *worker, struct endpoint *endpoint, struct lane *lane)
{
    while (!lane->next && lane->slot->switch_to != INDEX_NONE &&
           show_switch(worker, endpoint, lane->index))
        lane_watch(worker, lane);
}

static void lane_open(struct worker *worker, struct endpoint *endpoint, struct lane *lane)
{
    lane_watch(worker, lane);
    lane_switch(worker, endpoint, lane);
}

static void lane_advance(struct worker *worker, struct endpoint *endpoint, struct lane *lane)
{
    lane->slot->cursor++;
    lane->left--;
    lane_find_next(worker, lane);
    lane_switch(worker, endpoint, lane);
}

/* Header, own bytes, shared rest; protected. */
static void lane_write(struct worker *worker, struct trains *trains, struct endpoint *endpoint,
                       const struct lane *lane)
{
    struct slot *slot = lane->slot;
    const struct packet *packet = lane->next;
    struct rewritten numbers;
    if (!rewrite_next(&slot->rewrite, packet, &numbers))
        return; /* cannot be: lane_find_next() stepped over it */
    uint8_t *at = trains->at;
    const struct rtp_numbers patch = {.marker = packet->marker,
                                      .padded = packet->padding != 0,
                                      .sequence = (uint16_t)numbers.sequence,
                                      .transport_cc = endpoint->transport_cc_next,
                                      .timestamp = numbers.timestamp};
    rtp_template_write(&slot->header, &patch, at);
    size_t own = write_own(packet, &numbers, at + slot->header.size);
    struct bytes shared = {packet->payload + own, (size_t)packet->size + packet->padding - own};
    const struct srtp_transform *transform = &endpoint->keys.outbound;
    size_t size;
    if (transform->ops->protect_rtp(transform->state, numbers.sequence, at, TRAIN_DATAGRAM_ROOM,
                                    slot->header.size, own, shared, &size) != ERR_OK) {
        worker->counters.drop_too_large++;
        return;
    }
    slot->sent_packets++;
    slot->sent_bytes += packet->size;
    worker->counters.sent_padding_bytes += packet->padding;
    count_sent(worker, endpoint, slot, size);
    trains_add(trains, endpoint, lane->plain, size);
}

/* The lane to go on with: one whose packet is as long as the open train's; else what may end it,
 * sound first; else the longest. */
static struct lane *choose(struct lane *lanes, uint32_t count, const struct trains *trains)
{
    struct lane *longest = NULL;
    struct lane *last = NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct lane *lane = &lanes[i];
        if (!lane->next || lane->left == 0)
            continue;
        if (!longest || lane->plain > longest->plain)
            longest = lane;
        if (!trains_joins(trains, lane->plain))
            continue;
        if (lane->plain == trains->plain)
            return lane;
        bool sound = lane->slot->kind == SLOT_AUDIO;
        if (!last || (sound && last->slot->kind != SLOT_AUDIO) ||
            (sound == (last->slot->kind == SLOT_AUDIO) && lane->plain > last->plain))
            last = lane;
    }
    return last ? last : longest;
}

/* One turn of the pending slots; what is left stays pending. False when there is no room left. */
static bool send_lanes(struct worker *worker, struct trains *trains, struct endpoint *endpoint)
{
    struct lane lanes[SESSION_SLOTS];
    uint32_t count = 0;
    for (uint64_t pending = endpoint->pending; pending; pending &= pending - 1) {
        uint32_t index = (uint32_t)__builtin_ctzll(pending);
        struct lane *lane = &lanes[count++];
        *lane =
            (struct lane){.slot = &endpoint->slots[index], .left = TURN_PACKETS, .index = index};
        lane_open(worker, endpoint, lane);
    }
    endpoint->pending = 0;
    bool room = true;
    struct lane *lane;
    while (room && (lane = choose(lanes, count, trains))) {
        size_t plain = lane->plain;
        while (lane->next && lane->left > 0 && lane->plain == plain &&
               (room = trains_room(trains) != NULL)) {
            lane_write(worker, trains, endpoint, lane);
            lane_advance(worker, endpoint, lane);
        }
    }
    for (uint32_t i = 0; i < count; i++)
        endpoint->pending |= (uint64_t)(lanes[i].next != NULL) << lanes[i].index;
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
static void write_again(struct worker *worker, struct trains *trains, struct endpoint *endpoint,
                        struct slot *slot, const struct packet *packet,
                        const struct rewritten *numbers)
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
        .transport_cc_id = slot->transport_cc_id,
        .transport_cc = endpoint->transport_cc_next,
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
    const struct srtp_transform *transform = &endpoint->keys.outbound;
    size_t size;
    if (transform->ops->protect_rtp(transform->state, index, at, TRAIN_DATAGRAM_ROOM, header_size,
                                    RTP_RTX_OSN_BYTES + own, shared, &size) != ERR_OK) {
        worker->counters.drop_too_large++;
        return;
    }
    worker->counters.sent_retransmissions++;
    count_sent(worker, endpoint, slot, size);
    trains_add(trains, endpoint, header_size + RTP_RTX_OSN_BYTES + packet->size, size);
}

/* False when there is no room left; what is not kept any more stays lost. */
static bool send_resend(struct worker *worker, struct trains *trains, struct endpoint *endpoint,
                        const struct resend *resend)
{
    struct slot *slot = &endpoint->slots[resend->slot];
    uint64_t original;
    const struct rewrite_segment *segment =
        rewrite_find(&slot->rewrite, resend->sequence, &original);
    const struct history *history = segment ? stream_history(worker, segment->stream) : NULL;
    if (!history || !may_resend(worker, slot, segment))
        return true;
    const struct packet *packet = history_find(history, &worker->packets, original);
    if (!packet)
        return true;
    if (!trains_room(trains))
        return false;
    struct rewritten numbers = rewrite_again(segment, packet);
    write_again(worker, trains, endpoint, slot, packet, &numbers);
    return true;
}

/* False when there is no room left; more than a turn takes waits for the next one. */
static bool send_resends(struct worker *worker, struct trains *trains, struct endpoint *endpoint)
{
    uint32_t done = 0;
    bool room = true;
    while (room && done < endpoint->resend_count && done < TURN_PACKETS) {
        room = send_resend(worker, trains, endpoint, &endpoint->resends[done]);
        done += room;
    }
    endpoint->resend_count -= done;
    memmove(endpoint->resends, endpoint->resends + done,
            endpoint->resend_count * sizeof endpoint->resends[0]);
    return room;
}

/* ---- Subscribers ----------------------------------------------------------------------------- */

static bool send_control(struct worker *worker, struct trains *trains, struct endpoint *endpoint)
{
    if (!endpoint->control)
        return true;
    uint8_t *at = trains_room(trains);
    if (!at)
        return false;
    size_t plain = feedback_write(worker, endpoint, at, RTCP_ROOM);
    const struct srtp_transform *transform = &endpoint->keys.outbound;
    size_t size;
    if (plain == 0)
        return true;
    uint32_t index = endpoint->rtcp_index++ & 0x7fffffff;
    if (transform->ops->protect_rtcp(transform->state, index, at, TRAIN_DATAGRAM_ROOM, plain,
                                     &size) != ERR_OK)
        return true;
    worker->counters.sent_packets++;
    worker->counters.sent_bytes += size;
    trains_add(trains, endpoint, plain, size);
    return true;
}

/* One turn. False when something is left because arena or sends are used up. */
static bool send_endpoint(struct worker *worker, struct trains *trains, struct endpoint *endpoint)
{
    trains_end(trains);
    if (!endpoint->connected || !ice_address(&endpoint->ice)) {
        endpoint->pending = 0;
        endpoint->control = 0;
        endpoint->resend_count = 0;
        return true;
    }
    return send_lanes(worker, trains, endpoint) &&
           (endpoint->resend_count == 0 || send_resends(worker, trains, endpoint)) &&
           send_control(worker, trains, endpoint);
}

uint32_t egress_build(struct worker *worker, struct worker_send *ret_sends, uint32_t sends_max,
                      uint8_t *arena, size_t arena_size)
{
    struct trains trains = trains_init(ret_sends, sends_max, arena, arena_size);
    uint32_t index;
    while (trains_worth_starting(&trains) && fifo_first(&worker->sends, &index)) {
        struct endpoint *endpoint = &worker->endpoints[index];
        if (!send_endpoint(worker, &trains, endpoint))
            break;
        (void)fifo_take(&worker->sends, &index);
        /* What is left waits behind the others; writing RTCP may have asked for more of it, too. */
        endpoint->send_queued = endpoint->pending || endpoint->resend_count || endpoint->control;
        if (endpoint->send_queued)
            fifo_put(&worker->sends, index);
    }
    return trains.count;
}
