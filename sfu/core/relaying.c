#include "sfu/core/relaying.h"

#include <string.h>

#include "sfu/core/state.h"
#include "sfu/proto/rtp.h"

/* What stands in a queue: two bits of kind, then an index. */
enum { ITEM_STREAM, ITEM_LEVEL, ITEM_BACK };
enum { ITEM_SHIFT = 30 };
static const uint32_t item_index_mask = (UINT32_C(1) << ITEM_SHIFT) - 1;

static uint32_t item(uint32_t kind, uint32_t index)
{
    return kind << ITEM_SHIFT | index;
}

void relaying_on_packets(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    for (uint32_t to = 0; to < worker->config.workers; to++) {
        uint16_t bit = (uint16_t)(1u << to);
        if (!(stream->relay_to & bit) || (stream->relay_queued & bit))
            continue;
        stream->relay_queued |= bit;
        fifo_put(&worker->relay[to], item(ITEM_STREAM, index));
    }
}

static void queue_back(struct worker *worker, uint32_t index)
{
    struct source *source = &worker->sources[index];
    if (source->back_queued)
        return;
    source->back_queued = true;
    fifo_put(&worker->relay[source->worker], item(ITEM_BACK, index));
}

/* What a slot just left goes on coming for a while: packets that are late or lost would otherwise
 * stay a gap, and slots on their way through the layers would switch the relay on and off. */
static const usec_t less_after_us = 300000;

/* The layers that the hosting worker should send of this kind. */
static uint8_t should_come(const struct worker *worker, const struct source *source,
                           enum source_kind kind)
{
    uint8_t wanted = source_wanted(worker, source, kind);
    bool lately = source->less_since && worker->now - source->less_since < less_after_us;
    return lately ? wanted | source->wanted_told[kind] : wanted;
}

void relaying_on_wanted(struct worker *worker, uint32_t index)
{
    struct source *source = &worker->sources[index];
    for (int i = 0; i < SOURCE_KINDS; i++) {
        enum source_kind kind = (enum source_kind)i;
        if (source->wanted_told[i] & ~source_wanted(worker, source, kind))
            source->less_since = worker->now;
        if (should_come(worker, source, kind) != source->wanted_told[i])
            queue_back(worker, index);
    }
}

void relaying_on_care(struct worker *worker, uint32_t index)
{
    struct source *source = &worker->sources[index];
    if (!source->less_since || worker->now - source->less_since < less_after_us)
        return;
    source->less_since = 0;
    queue_back(worker, index);
}

void relaying_want_again(struct worker *worker, uint32_t index, enum source_kind kind)
{
    worker->sources[index].wanted_told[kind] = 0;
    queue_back(worker, index);
}

void relaying_ask_keyframe(struct worker *worker, uint32_t index)
{
    const struct stream *stream = &worker->streams[index];
    struct source *source = &worker->sources[stream->source];
    source->keyframes[stream->kind] |= (uint8_t)(1u << stream->layer);
    queue_back(worker, stream->source);
}

void relaying_tell_level(struct worker *worker, uint32_t index)
{
    struct source *source = &worker->sources[index];
    for (uint32_t to = 0; to < worker->config.workers; to++) {
        uint16_t bit = (uint16_t)(1u << to);
        if (to == worker->config.index || (source->level_queued & bit))
            continue;
        source->level_queued |= bit;
        fifo_put(&worker->relay[to], item(ITEM_LEVEL, index));
    }
}

static void address_message(const struct worker *worker, const struct source *source,
                            enum relay_kind kind, struct relay_message *message)
{
    message->kind = kind;
    message->room = worker->rooms[source->room].id;
    message->source = source->number;
    message->source_kind = SOURCE_MICROPHONE;
    message->layer = 0;
    message->layers = 0;
    message->level = 0;
    message->size = 0;
}

static bool write_packet(const struct packet *packet, uint32_t ssrc, struct relay_message *message)
{
    struct rtp_outgoing header = {
        .marker = packet->marker,
        .sequence = (uint16_t)packet->sequence,
        .timestamp = packet->timestamp,
        .ssrc = ssrc,
    };
    size_t size;
    size_t unused;
    if (rtp_write_header(&header, message->packet, sizeof message->packet, &size, &unused) !=
            ERR_OK ||
        size + packet->size > sizeof message->packet)
        return false;
    memcpy(message->packet + size, packet->payload, packet->size);
    message->size = (uint16_t)(size + packet->size);
    return true;
}

/* The stream's next packet; false when it has none (any more) for this worker. */
static bool next_packet(struct worker *worker, uint32_t index, uint32_t to,
                        struct relay_message *message)
{
    struct stream *stream = &worker->streams[index];
    const struct history *history = stream_history(worker, index);
    if (!history || !(stream->relay_to & (1u << to)))
        return false;
    uint64_t *cursor = &stream->relay_cursor[to];
    if (*cursor < history->tail)
        *cursor = history->tail;
    while (*cursor < history->head) {
        const struct packet *packet = history_at(history, &worker->packets, (*cursor)++);
        address_message(worker, &worker->sources[stream->source], RELAY_PACKET, message);
        message->source_kind = stream->kind;
        message->layer = stream->layer;
        /* The epoch stands for the SSRC: a new life of the stream shows as a new one. */
        if (write_packet(packet, stream->epoch, message)) {
            worker->counters.relayed_packets++;
            return true;
        }
        worker->counters.drop_too_large++;
    }
    return false;
}

static uint8_t lowest_bit(uint8_t mask)
{
    uint8_t bit = 0;
    while (!((mask >> bit) & 1))
        bit++;
    return bit;
}

/* One thing that the hosting worker has to know of this source; false when it knows all. */
static bool next_back(struct worker *worker, uint32_t index, struct relay_message *message)
{
    struct source *source = &worker->sources[index];
    if (source->endpoint != INDEX_NONE)
        return false; /* hosted here by now */
    for (int i = 0; i < SOURCE_KINDS; i++) {
        enum source_kind kind = (enum source_kind)i;
        uint8_t wanted = should_come(worker, source, kind);
        if (wanted != source->wanted_told[kind]) {
            address_message(worker, source, RELAY_WANT, message);
            message->layers = wanted;
            source->wanted_told[kind] = wanted;
        } else if (source->keyframes[kind]) {
            address_message(worker, source, RELAY_KEYFRAME, message);
            message->layer = lowest_bit(source->keyframes[kind]);
            source->keyframes[kind] &= (uint8_t)(source->keyframes[kind] - 1);
        } else {
            continue;
        }
        message->source_kind = kind;
        return true;
    }
    return false;
}

/* The item at the front gives one message, or has no more to give and leaves the queue. */
static bool next_of_item(struct worker *worker, uint32_t to, uint32_t kind, uint32_t index,
                         struct relay_message *message)
{
    uint32_t taken;
    uint16_t bit = (uint16_t)(1u << to);
    if (kind == ITEM_STREAM) {
        if (next_packet(worker, index, to, message))
            return true;
        worker->streams[index].relay_queued &= (uint16_t)~bit;
        (void)fifo_take(&worker->relay[to], &taken);
        return false;
    }
    if (kind == ITEM_BACK) {
        if (worker->sources[index].worker == to && next_back(worker, index, message))
            return true;
        (void)fifo_take(&worker->relay[to], &taken);
        worker->sources[index].back_queued = false;
        if (worker->sources[index].present && worker->sources[index].endpoint == INDEX_NONE)
            relaying_on_wanted(worker, index); /* it moved to another worker meanwhile */
        return false;
    }
    struct source *source = &worker->sources[index];
    source->level_queued &= (uint16_t)~bit;
    (void)fifo_take(&worker->relay[to], &taken);
    if (source->endpoint == INDEX_NONE)
        return false;
    address_message(worker, source, RELAY_LEVEL, message);
    message->level = loudness_level(&worker->rooms[source->room].loudness, source->number);
    return true;
}

bool relaying_next(struct worker *worker, uint32_t to, struct relay_message *ret_message)
{
    uint32_t front;
    while (fifo_first(&worker->relay[to], &front))
        if (next_of_item(worker, to, front >> ITEM_SHIFT, front & item_index_mask, ret_message))
            return true;
    return false;
}

static void on_packet(struct worker *worker, uint32_t stream_index,
                      const struct relay_message *message)
{
    struct stream *stream = &worker->streams[stream_index];
    struct bytes packet = {message->packet, message->size};
    struct rtp_header header;
    if (rtp_parse(packet, &header) != ERR_OK) {
        worker->counters.drop_malformed++;
        return;
    }
    if (stream->ssrc != header.ssrc) {
        if (stream->ssrc)
            stream_restart(worker, stream_index);
        stream->ssrc = header.ssrc;
        stream->numbers = (struct srtp_index){0};
    }
    struct incoming in = {
        .sequence = srtp_index_estimate(&stream->numbers, header.sequence),
        .timestamp = header.timestamp,
        .marker = header.marker,
        .payload = {message->packet + header.size, message->size - header.size},
    };
    srtp_index_commit(&stream->numbers, in.sequence);
    stream_on_packet(worker, stream_index, &in);
}

/* What another worker wants of a kind, layer by layer. */
static void on_want(struct worker *worker, const struct source *source, uint32_t from,
                    const struct relay_message *message)
{
    uint16_t bit = (uint16_t)(1u << from);
    for (uint8_t layer = 0; layer < source->layer_count[message->source_kind]; layer++) {
        uint32_t index = source->streams[source_place(message->source_kind, layer)];
        struct stream *stream = &worker->streams[index];
        bool want = (message->layers >> layer) & 1;
        bool wanted = stream->relay_to & bit;
        if (want == wanted)
            continue;
        stream->relay_to ^= bit;
        stream_on_wanted(worker, index);
        if (!want)
            continue;
        const struct history *history = stream_history(worker, index);
        /* From the cached keyframe on, so that viewers over there start at once too. */
        stream->relay_cursor[from] = stream_can_start(worker, index) ? stream_start(worker, index)
                                     : history                       ? history->head
                                                                     : stream->next_arrival;
        if (stream_can_start(worker, index))
            relaying_on_packets(worker, index);
        else
            stream_ask_keyframe(worker, index);
    }
}

void relaying_on_message(struct worker *worker, uint32_t from, const struct relay_message *message)
{
    uint32_t room = room_find(worker, message->room);
    uint32_t index =
        room == INDEX_NONE ? INDEX_NONE : room_find_source(worker, room, message->source);
    if (index == INDEX_NONE || !worker->sources[index].present)
        return; /* left in the meantime */
    struct source *source = &worker->sources[index];
    bool hosted_here = source->endpoint != INDEX_NONE;
    bool forward = message->kind == RELAY_PACKET || message->kind == RELAY_LEVEL;
    if (hosted_here == forward || (!hosted_here && source->worker != from))
        return; /* meant for a life of the source that has passed */
    if (!source_may_send(source, message->source_kind)) {
        worker->counters.drop_no_right += message->kind == RELAY_PACKET;
        return;
    }
    uint32_t stream = message->layer < source->layer_count[message->source_kind]
                          ? source->streams[source_place(message->source_kind, message->layer)]
                          : INDEX_NONE;
    switch (message->kind) {
    case RELAY_PACKET:
        if (stream != INDEX_NONE)
            on_packet(worker, stream, message);
        break;
    case RELAY_LEVEL:
        room_on_level(worker, index, message->level, true);
        break;
    case RELAY_WANT:
        on_want(worker, source, from, message);
        break;
    case RELAY_KEYFRAME:
        if (stream != INDEX_NONE)
            stream_ask_keyframe(worker, stream);
        break;
    }
}

void relaying_on_overflow(struct worker *worker, uint32_t to)
{
    uint16_t bit = (uint16_t)(1u << to);
    worker->counters.drop_relay_full++;
    for (uint32_t i = 0; i < worker->cared_count; i++) {
        struct stream *stream = &worker->streams[worker->cared[i]];
        const struct history *history = stream_history(worker, worker->cared[i]);
        if (!(stream->relay_to & bit) || !history)
            continue;
        stream->relay_cursor[to] = history->head;
        stream_ask_keyframe(worker, worker->cared[i]);
    }
}
