#include "sfu/core/egress.h"

#include <string.h>

#include "sfu/core/feedback.h"
#include "sfu/core/show.h"
#include "sfu/core/state.h"
#include "sfu/proto/rtp.h"

enum {
    /* What any one datagram may take: our header, a payload, and what protection adds. */
    DATAGRAM_ROOM = RTP_OUTGOING_MAX_BYTES + LIMIT_RTP_PACKET_BYTES + RTP_RTX_OSN_BYTES +
                    SRTP_OVERHEAD_MAX_BYTES,
    RTCP_ROOM = 1200,
    /* A long burst in one send is lost as one on a weak line. */
    TRAIN_PACKETS = 10,
};

_Static_assert((int)TRAIN_PACKETS <= (int)LIMIT_GSO_SEGMENTS, "the kernel takes a train");

/* The sends being built. */
struct batch {
    struct worker_send *sends;
    uint32_t count;
    uint32_t max;
    uint32_t train; /* datagrams in the last send */
    bool closed;    /* a shorter one ended it */
    uint8_t *at;
    uint8_t *end;
};

/* Where the next datagram is written; NULL when arena or sends are used up. */
static uint8_t *batch_room(const struct batch *batch)
{
    return batch->count < batch->max && (size_t)(batch->end - batch->at) >= DATAGRAM_ROOM
               ? batch->at
               : NULL;
}

static bool joins_train(const struct batch *batch, const struct endpoint *endpoint, size_t size)
{
    if (batch->count == 0 || batch->closed || batch->train >= TRAIN_PACKETS)
        return false;
    const struct worker_send *last = &batch->sends[batch->count - 1];
    size_t each = last->segment_size ? last->segment_size : last->size;
    return handle_equal(last->endpoint, endpoint->handle) && size <= each &&
           last->size + size <= LIMIT_GSO_BYTES;
}

static void batch_add(struct worker *worker, struct batch *batch, const struct endpoint *endpoint,
                      size_t size)
{
    if (joins_train(batch, endpoint, size)) {
        struct worker_send *last = &batch->sends[batch->count - 1];
        if (!last->segment_size)
            last->segment_size = (uint16_t)last->size;
        batch->closed = size < last->segment_size;
        last->size += size;
        batch->train++;
    } else {
        batch->sends[batch->count++] = (struct worker_send){
            .to = *ice_address(&endpoint->ice),
            .endpoint = endpoint->handle,
            .data = batch->at,
            .size = size,
        };
        batch->train = 1;
        batch->closed = false;
    }
    batch->at += size;
    worker->counters.sent_packets++;
    worker->counters.sent_bytes += size;
}

/* The first payload bytes as this subscriber has them (VP8 descriptor with its picture id). */
static size_t own_bytes(const struct packet *packet, const struct rewritten *numbers, uint8_t *out)
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

struct outgoing {
    const struct packet *packet;
    struct rewritten numbers;
    uint64_t rtx_sequence; /* 0: the packet itself */
};

/* Header, own bytes, shared rest; protected. False when there is no room left in the batch. */
static bool emit(struct worker *worker, struct batch *batch, struct endpoint *endpoint,
                 struct slot *slot, const struct outgoing *out)
{
    uint8_t *at = batch_room(batch);
    if (!at)
        return false;
    bool rtx = out->rtx_sequence != 0;
    uint64_t index = rtx ? out->rtx_sequence : out->numbers.sequence;
    struct rtp_outgoing header = {
        .marker = out->packet->marker,
        .payload_type = rtx ? slot->rtx_payload_type : slot->payload_type,
        .sequence = (uint16_t)index,
        .timestamp = out->numbers.timestamp,
        .ssrc = rtx ? slot->rtx_ssrc : slot->ssrc,
        .csrc = out->numbers.source,
        .transport_cc_id = endpoint->extensions.transport_cc,
        .transport_cc = endpoint->transport_cc_next,
    };
    size_t header_size;
    size_t unused;
    if (rtp_write_header(&header, at, DATAGRAM_ROOM, &header_size, &unused) != ERR_OK)
        return true; /* cannot be: RTP_OUTGOING_MAX_BYTES holds any header */
    uint8_t *payload = at + header_size;
    size_t own = 0;
    if (rtx) {
        payload[own++] = (uint8_t)(out->numbers.sequence >> 8);
        payload[own++] = (uint8_t)out->numbers.sequence;
    }
    size_t from_packet = own_bytes(out->packet, &out->numbers, payload + own);
    struct bytes shared = {out->packet->payload + from_packet, out->packet->size - from_packet};
    const struct srtp_transform *transform = &endpoint->keys.outbound;
    size_t size;
    if (transform->ops->protect_rtp(transform->state, index, at, DATAGRAM_ROOM, header_size,
                                    own + from_packet, shared, &size) != ERR_OK) {
        worker->counters.drop_too_large++;
        return true;
    }
    if (endpoint->extensions.transport_cc)
        endpoint->transport_cc_next++;
    slot->sent_packets += !rtx;
    slot->sent_bytes += rtx ? 0 : out->packet->size;
    worker->counters.sent_retransmissions += rtx;
    batch_add(worker, batch, endpoint, size);
    return true;
}

/* Everything of the watched stream up to its head. False when there is no room left. */
static bool send_watched(struct worker *worker, struct batch *batch, struct endpoint *endpoint,
                         struct slot *slot)
{
    uint32_t index = slot->links[LINK_WATCH].stream;
    const struct history *history = stream_history(worker, index);
    if (!history)
        return true;
    const struct stream *stream = &worker->streams[index];
    if (slot->cursor < history->tail)
        slot->cursor = history->tail;
    for (; slot->cursor < history->head; slot->cursor++) {
        struct outgoing out = {.packet = history_at(history, &worker->packets, slot->cursor)};
        const struct rewrite_segment *segment = rewrite_newest(&slot->rewrite);
        if (slot->fresh || !segment || segment->epoch != stream->epoch)
            rewrite_begin(&slot->rewrite, index, stream->epoch,
                          worker->sources[stream->source].number, out.packet);
        slot->fresh = false;
        if (!batch_room(batch))
            return false; /* asked before numbers move on */
        if (rewrite_next(&slot->rewrite, out.packet, &out.numbers))
            (void)emit(worker, batch, endpoint, slot, &out);
    }
    return true;
}

static bool send_slot(struct worker *worker, struct batch *batch, struct endpoint *endpoint,
                      uint32_t index)
{
    struct slot *slot = &endpoint->slots[index];
    if (!send_watched(worker, batch, endpoint, slot))
        return false;
    if (slot->switch_to != INDEX_NONE && show_switch(worker, endpoint, index))
        return send_watched(worker, batch, endpoint, slot);
    return true;
}

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

/* RFC 4588: the packet again, on the other SSRC; what is not kept any more stays lost. */
static bool send_resend(struct worker *worker, struct batch *batch, struct endpoint *endpoint,
                        const struct resend *resend)
{
    struct slot *slot = &endpoint->slots[resend->slot];
    uint64_t original;
    const struct rewrite_segment *segment =
        rewrite_find(&slot->rewrite, resend->sequence, &original);
    const struct history *history = segment ? stream_history(worker, segment->stream) : NULL;
    if (!history || !may_resend(worker, slot, segment))
        return true;
    struct outgoing out = {.packet = history_find(history, &worker->packets, original)};
    if (!out.packet)
        return true;
    if (!batch_room(batch))
        return false;
    out.numbers = rewrite_again(segment, out.packet);
    out.rtx_sequence = slot->rtx_next++;
    return emit(worker, batch, endpoint, slot, &out);
}

static bool send_resends(struct worker *worker, struct batch *batch, struct endpoint *endpoint)
{
    uint32_t done = 0;
    while (done < endpoint->resend_count &&
           send_resend(worker, batch, endpoint, &endpoint->resends[done]))
        done++;
    endpoint->resend_count -= done;
    memmove(endpoint->resends, endpoint->resends + done,
            endpoint->resend_count * sizeof endpoint->resends[0]);
    return endpoint->resend_count == 0;
}

static bool send_control(struct worker *worker, struct batch *batch, struct endpoint *endpoint)
{
    if (!endpoint->control)
        return true;
    uint8_t *at = batch_room(batch);
    if (!at)
        return false;
    size_t plain = feedback_write(worker, endpoint, at, RTCP_ROOM);
    const struct srtp_transform *transform = &endpoint->keys.outbound;
    size_t size;
    if (plain == 0)
        return true;
    uint32_t index = endpoint->rtcp_index++ & 0x7fffffff;
    if (transform->ops->protect_rtcp(transform->state, index, at, DATAGRAM_ROOM, plain, &size) ==
        ERR_OK)
        batch_add(worker, batch, endpoint, size);
    return true;
}

/* False when something is left because arena or sends are used up. */
static bool send_endpoint(struct worker *worker, struct batch *batch, struct endpoint *endpoint)
{
    if (!endpoint->connected || !ice_address(&endpoint->ice)) {
        endpoint->pending = 0;
        endpoint->control = 0;
        endpoint->resend_count = 0;
        return true;
    }
    if (!send_control(worker, batch, endpoint) || !send_resends(worker, batch, endpoint))
        return false;
    while (endpoint->pending) {
        uint32_t slot = (uint32_t)__builtin_ctzll(endpoint->pending);
        if (!send_slot(worker, batch, endpoint, slot))
            return false;
        endpoint->pending &= endpoint->pending - 1;
    }
    return true;
}

uint32_t egress_build(struct worker *worker, struct worker_send *ret_sends, uint32_t sends_max,
                      uint8_t *arena, size_t arena_size)
{
    struct batch batch = {
        .sends = ret_sends, .max = sends_max, .at = arena, .end = arena + arena_size};
    uint32_t index;
    while (fifo_first(&worker->sends, &index)) {
        struct endpoint *endpoint = &worker->endpoints[index];
        if (!send_endpoint(worker, &batch, endpoint))
            break;
        (void)fifo_take(&worker->sends, &index);
        endpoint->send_queued = false;
        /* Writing RTCP may have asked for more of it: it stands in the queue again. */
        if (endpoint->control)
            endpoint_need_control(worker, endpoint, (enum control)endpoint->control);
    }
    return batch.count;
}
