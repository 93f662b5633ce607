#include "sfu/core/stream.h"

#include <assert.h>
#include <string.h>

#include "sfu/core/link.h"
#include "sfu/core/relaying.h"
#include "sfu/core/show.h"
#include "sfu/core/state.h"
#include "sfu/proto/vp8.h"

enum {
    AUDIO_CLOCK_HZ = 48000, /* opus (RFC 7587, section 4.1) */
    VIDEO_CLOCK_HZ = 90000,
    KEEP_VIDEO_US = 3000000,
    KEEP_AUDIO_US = 500000,
    /* A camera sends at least ten frames a second; a screen that stands still may send none. */
    SILENT_CAMERA_US = 1500000,
    SILENT_AUDIO_US = 5000000,
    SILENT_SCREEN_US = 60000000,
    WANT_AGAIN_US = 1000000,
    LAYERS_ANSWER_US = 400000,
    HOPELESS_US = 1500000, /* a paused layer comes within a round trip, or its encoder won't */
};

static void care_for(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    if (stream->care_place != INDEX_NONE)
        return;
    stream->care_place = worker->cared_count;
    worker->cared[worker->cared_count++] = index;
    deadlines_hasten(&worker->deadlines, deadline_of_care(worker), worker->now + STREAM_CARE_US);
}

static void care_no_more(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    if (stream->care_place == INDEX_NONE)
        return;
    uint32_t last = worker->cared[--worker->cared_count];
    worker->cared[stream->care_place] = last;
    worker->streams[last].care_place = stream->care_place;
    stream->care_place = INDEX_NONE;
}

void stream_init(struct worker *worker, uint32_t index, uint32_t source, uint8_t place)
{
    enum source_kind kind = source_kind_of(place);
    bool video = kind == SOURCE_CAMERA || kind == SOURCE_SCREEN;
    /* What stood in this place before may still stand in queues. */
    bool dirty = worker->streams[index].dirty;
    usec_t dirty_since = worker->streams[index].dirty_since;
    uint16_t relay_queued = worker->streams[index].relay_queued;
    worker->streams[index] = (struct stream){
        .dirty = dirty,
        .dirty_since = dirty_since,
        .relay_queued = relay_queued,
        .source = source,
        .place = place,
        .layer = (uint8_t)(kind == SOURCE_CAMERA ? place - PLACE_CAMERA : 0),
        .kind = kind,
        .clock_hz = video ? VIDEO_CLOCK_HZ : AUDIO_CLOCK_HZ,
        .epoch = ++worker->epochs,
        .history = INDEX_NONE,
        .care_place = INDEX_NONE,
        .watchers = INDEX_NONE,
        .waiters = INDEX_NONE,
    };
}

static void give_history(struct worker *worker, struct stream *stream)
{
    if (stream->history == INDEX_NONE)
        return;
    struct history *history = &worker->histories[stream->history];
    struct handle handle;
    bool taken = pool_at(&worker->history_pool, stream->history, &handle);
    assert(taken);
    history_clear(history, &worker->packets);
    stream->next_arrival = history->head;
    pool_give(&worker->history_pool, handle);
    stream->history = INDEX_NONE;
    stream->has_keyframe = false;
}

/* Everybody tied to it chooses anew; none may come back to it. */
static void send_away(struct worker *worker, uint32_t first)
{
    while (first != INDEX_NONE) {
        struct link_owner owner = link_owner(worker, first);
        first = link_next(worker, first);
        link_untie(worker, owner.endpoint, owner.slot, owner.which);
        show_again(worker, owner.endpoint, owner.slot);
    }
}

void stream_done(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    stream->relay_to = 0;
    send_away(worker, stream->waiters);
    send_away(worker, stream->watchers);
    assert(stream->watchers == INDEX_NONE && stream->waiters == INDEX_NONE);
    give_history(worker, stream);
    care_no_more(worker, index);
    struct handle handle;
    bool taken = pool_at(&worker->stream_pool, index, &handle);
    assert(taken);
    pool_give(&worker->stream_pool, handle);
}

void stream_restart(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    give_history(worker, stream);
    stream->epoch = ++worker->epochs;
    stream->alive = false;
    stream->highest = 0;
    if (stream_is_video(stream))
        send_away(worker, stream->watchers);
}

/* The payload as everybody shares it: the descriptor with a picture id of 15 bits. */
static bool fill_vp8(struct stream *stream, struct packet *packet, const struct incoming *in)
{
    struct vp8_descriptor descriptor;
    if (vp8_parse(in->payload, &descriptor) != ERR_OK ||
        in->payload.size + VP8_DESCRIPTOR_MAX_BYTES > sizeof packet->payload)
        return false;
    bool newer = (int32_t)(in->timestamp - stream->timestamp_last) > 0;
    packet->picture_id = descriptor.has_picture_id ? descriptor.picture_id
                         : newer                   ? (uint16_t)(stream->picture_last + 1) & 0x7fff
                                                   : stream->picture_last;
    packet->has_tl0_index = descriptor.has_tl0_index;
    packet->tl0_index = descriptor.has_tl0_index ? descriptor.tl0_index : stream->tl0_last;
    packet->keyframe = vp8_is_keyframe(&descriptor, in->payload);
    size_t size = vp8_write(&descriptor, packet->picture_id, packet->tl0_index, packet->payload);
    size_t rest = in->payload.size - descriptor.size;
    memcpy(packet->payload + size, in->payload.data + descriptor.size, rest);
    packet->size = (uint16_t)(size + rest);
    packet->vp8 = true;
    return true;
}

static bool fill(struct stream *stream, struct packet *packet, const struct incoming *in)
{
    packet->vp8 = false;
    packet->keyframe = false;
    packet->has_tl0_index = false;
    packet->picture_id = stream->picture_last;
    packet->tl0_index = stream->tl0_last;
    packet->sequence = in->sequence;
    packet->timestamp = in->timestamp;
    packet->marker = in->marker;
    packet->size = 0;
    packet->padding = 0;
    if (in->payload.size == 0)
        return true; /* padding: its number is used up and has to be sent on */
    if (stream_is_video(stream))
        return fill_vp8(stream, packet, in);
    if (in->payload.size > sizeof packet->payload)
        return false;
    memcpy(packet->payload, in->payload.data, in->payload.size);
    packet->size = (uint16_t)in->payload.size;
    return true;
}

static void note_keyframe(struct stream *stream, const struct packet *packet, uint64_t arrival)
{
    if (stream->has_keyframe && packet->sequence < stream->keyframe_sequence)
        return;
    stream->has_keyframe = true;
    stream->keyframe_new = true;
    stream->keyframe_wanted = false;
    stream->keyframe_came = true;
    stream->keyframe_arrival = arrival;
    stream->keyframe_sequence = packet->sequence;

    struct vp8_descriptor descriptor;
    struct bytes payload = {packet->payload, packet->size};
    uint16_t width;
    uint16_t height;
    if (vp8_parse(payload, &descriptor) == ERR_OK &&
        vp8_keyframe_size(&descriptor, payload, &width, &height) == ERR_OK &&
        height != stream->height) {
        stream->height = height;
        stream->height_new = true;
    }
}

static struct history *need_history(struct worker *worker, struct stream *stream)
{
    struct handle handle;
    if (stream->history == INDEX_NONE) {
        if (pool_take(&worker->history_pool, &handle) != ERR_OK)
            return NULL;
        stream->history = handle.index;
        history_init(&worker->histories[handle.index], stream->next_arrival);
    }
    return &worker->histories[stream->history];
}

static void mark_dirty(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    if (!stream->dirty) {
        stream->dirty = true;
        stream->dirty_since = worker->now;
        fifo_put(&worker->dirty, index);
    }
    if (stream->relay_to)
        relaying_on_packets(worker, index);
}

static void note_alive(struct worker *worker, uint32_t index, const struct packet *packet)
{
    struct stream *stream = &worker->streams[index];
    bool woke = !stream->alive;
    stream->alive = true;
    stream->hopeless = false;
    stream->heard = worker->now;
    if ((int32_t)(packet->timestamp - stream->timestamp_last) > 0 || woke) {
        stream->timestamp_last = packet->timestamp;
        stream->picture_last = packet->picture_id;
        stream->tl0_last = packet->tl0_index;
    }
    if (!woke)
        return;
    care_for(worker, index);
    if (stream_is_video(stream) && stream_is_wanted(stream) && !packet->keyframe)
        stream_ask_keyframe(worker, index);
}

/* Slots send on a stream's gaps. One that nobody could fill would only bring their numbers near to
 * half a cycle, where subscribers lose count of the roll-overs: such a leap is a new life. */
static void note_sequence(struct worker *worker, uint32_t index, uint64_t sequence)
{
    struct stream *stream = &worker->streams[index];
    if (stream->highest && sequence > stream->highest + HISTORY_PACKETS)
        stream_restart(worker, index);
    if (sequence > stream->highest)
        stream->highest = sequence;
}

void stream_on_packet(struct worker *worker, uint32_t index, const struct incoming *in)
{
    struct stream *stream = &worker->streams[index];
    note_sequence(worker, index, in->sequence);
    struct history *history = need_history(worker, stream);
    if (!history) {
        worker->counters.drop_no_buffer++;
        return;
    }
    if (history_find(history, &worker->packets, in->sequence)) {
        worker->counters.drop_duplicate++; /* recovered twice, or in spite of all not lost */
        return;
    }
    struct packet *packet = history_take(history, &worker->packets);
    if (!packet) {
        worker->counters.drop_no_buffer++;
        return;
    }
    if (!fill(stream, packet, in)) {
        history_give_up(&worker->packets, packet);
        worker->counters.drop_malformed++;
        return;
    }
    packet->arrival = worker->now;
    if (packet->keyframe)
        note_keyframe(stream, packet, history->head);
    history_put(history, &worker->packets, packet);
    usec_t keep = stream_is_video(stream) ? KEEP_VIDEO_US : KEEP_AUDIO_US;
    history_expire(history, &worker->packets, worker->now > keep ? worker->now - keep : 0);
    note_alive(worker, index, packet);
    mark_dirty(worker, index);
}

void stream_on_broken(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    if (!stream_is_video(stream))
        return;
    stream->has_keyframe = false;
    if (stream_is_wanted(stream))
        stream_ask_keyframe(worker, index);
}

bool stream_may_ask_keyframe(const struct worker *worker, uint32_t index)
{
    const struct stream *stream = &worker->streams[index];
    usec_t pause = stream->keyframe_came ? STREAM_KEYFRAME_EVERY_US : STREAM_KEYFRAME_AGAIN_US;
    return !stream->keyframe_asked || worker->now - stream->keyframe_asked >= pause;
}

void stream_ask_keyframe(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    if (!stream_is_video(stream))
        return;
    if (!stream_may_ask_keyframe(worker, index)) {
        stream->keyframe_wanted = true;
        care_for(worker, index);
        return;
    }
    struct source *source = &worker->sources[stream->source];
    if (source->endpoint == INDEX_NONE) {
        relaying_ask_keyframe(worker, index);
    } else {
        struct endpoint *endpoint = &worker->endpoints[source->endpoint];
        struct intake *intake = endpoint->intake;
        if (!intake || intake->receivers[stream->place].ssrc == 0)
            return; /* it begins with a keyframe, or is asked as soon as it is known */
        intake->receivers[stream->place].keyframe_asked = true;
        endpoint_need_control(worker, endpoint, CONTROL_KEYFRAME);
        worker->counters.sent_keyframe_requests++;
    }
    stream->keyframe_asked = worker->now ? worker->now : 1;
    stream->keyframe_came = false;
    stream->keyframe_wanted = false;
    care_for(worker, index);
}

bool stream_can_start(const struct worker *worker, uint32_t index)
{
    const struct stream *stream = &worker->streams[index];
    const struct history *history = stream_history(worker, index);
    return history && stream->has_keyframe && stream->keyframe_arrival >= history->tail &&
           stream_start_packets(worker, index) <= STREAM_START_PACKETS;
}

uint64_t stream_start_packets(const struct worker *worker, uint32_t index)
{
    return stream_history(worker, index)->head - worker->streams[index].keyframe_arrival;
}

uint64_t stream_start(const struct worker *worker, uint32_t index)
{
    const struct history *history = stream_history(worker, index);
    uint64_t arrival = worker->streams[index].keyframe_arrival;
    return arrival > history->tail + STREAM_OVERTAKEN_PACKETS ? arrival - STREAM_OVERTAKEN_PACKETS
                                                              : history->tail;
}

bool stream_is_wanted(const struct stream *stream)
{
    return stream->watchers != INDEX_NONE || stream->waiters != INDEX_NONE || stream->relay_to != 0;
}

void stream_on_wanted(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    struct source *source = &worker->sources[stream->source];
    bool wanted = stream_is_wanted(stream);
    if (!wanted)
        stream->wanted_since = 0;
    else if (stream->wanted_since == 0)
        stream->wanted_since = worker->now;
    if (wanted && source->present)
        care_for(worker, index);
    if (source->endpoint != INDEX_NONE)
        endpoint_on_wanted(worker, &worker->endpoints[source->endpoint]);
    else if (source->present)
        relaying_on_wanted(worker, stream->source);
}

static void choose_anew(struct worker *worker, uint32_t first)
{
    for (uint32_t id = first; id != INDEX_NONE;) {
        struct link_owner owner = link_owner(worker, id);
        id = link_next(worker, id);
        show_again(worker, owner.endpoint, owner.slot);
    }
}

void stream_choose_anew(struct worker *worker, uint32_t index)
{
    choose_anew(worker, worker->streams[index].watchers);
}

static usec_t silence_limit(const struct stream *stream)
{
    if (stream->kind == SOURCE_CAMERA)
        return SILENT_CAMERA_US;
    return stream->kind == SOURCE_SCREEN ? SILENT_SCREEN_US : SILENT_AUDIO_US;
}

static void on_silent(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    stream->alive = false;
    stream->hopeless = true;
    give_history(worker, stream);
    choose_anew(worker, stream->watchers);
}

/* Whether it still needs care. */
static bool care(struct worker *worker, uint32_t index)
{
    struct stream *stream = &worker->streams[index];
    const struct source *source = &worker->sources[stream->source];
    bool remote = source->endpoint == INDEX_NONE;
    bool wanted = stream_is_wanted(stream);
    if (stream->alive && worker->now - stream->heard >= silence_limit(stream))
        on_silent(worker, index);
    if (stream->alive && (stream->keyframe_wanted || stream->waiters != INDEX_NONE))
        stream_ask_keyframe(worker, index);
    if (wanted && !stream->alive && !stream->hopeless &&
        worker->now - stream->wanted_since >= HOPELESS_US) {
        stream->hopeless = true;
        choose_anew(worker, stream->waiters);
    }
    if (remote)
        relaying_on_care(worker, stream->source);
    if (remote && wanted && !stream->alive && worker->now - stream->want_told >= WANT_AGAIN_US) {
        stream->want_told = worker->now;
        relaying_want_again(worker, stream->source, stream->kind);
    }
    return stream->alive || (wanted && (remote || !stream->hopeless));
}

void stream_care_all(struct worker *worker)
{
    for (uint32_t i = worker->cared_count; i-- > 0;) {
        uint32_t index = worker->cared[i];
        if (!care(worker, index))
            care_no_more(worker, index);
    }
    deadlines_set(&worker->deadlines, deadline_of_care(worker),
                  worker->cared_count ? worker->now + STREAM_CARE_US : USEC_NEVER);
}
