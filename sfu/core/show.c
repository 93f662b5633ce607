#include "sfu/core/show.h"

#include "sfu/core/layers.h"
#include "sfu/core/link.h"
#include "sfu/core/state.h"

enum {
    /* What was shown before stays until its successor's keyframe, but no longer than this. */
    CUT_AFTER_US = 2000000,
    /* A better layer is taken from a cached keyframe only if that is this young: an older one would
     * show again what was seen already. */
    UPGRADE_KEYFRAME_US = 250000,
    /* When thousands change the stage at once, each gets what followed the cached keyframe: beyond
     * so many packets in all, the last of them would see a new keyframe sooner. */
    SWITCH_BURST_PACKETS = 40000,
};

static bool is_audio(const struct slot *slot)
{
    return slot->kind == SLOT_AUDIO;
}

static void set_shown(struct worker *worker, struct endpoint *endpoint, struct slot *slot,
                      uint32_t number)
{
    if (slot->shown == number)
        return;
    slot->shown = number;
    if (!is_audio(slot))
        endpoint_tell(worker, endpoint, NEWS_SLOTS);
}

/* 0: not at all. */
static void set_cut(struct worker *worker, struct endpoint *endpoint, uint32_t index, usec_t at)
{
    uint64_t bit = UINT64_C(1) << index;
    endpoint->slots[index].cut_at = at;
    endpoint->cutting = at ? endpoint->cutting | bit : endpoint->cutting & ~bit;
    if (at)
        deadlines_hasten(&worker->deadlines, endpoint->handle.index, at);
}

static void untie_waits(struct worker *worker, struct endpoint *endpoint, uint32_t index)
{
    for (uint32_t which = LINK_WAIT_FIRST; which < SLOT_LINKS; which++)
        link_untie(worker, endpoint, index, which);
    endpoint->slots[index].feed->switch_to = INDEX_NONE;
}

static void show_nothing(struct worker *worker, struct endpoint *endpoint, uint32_t index)
{
    struct slot *slot = &endpoint->slots[index];
    untie_waits(worker, endpoint, index);
    link_untie(worker, endpoint, index, LINK_WATCH);
    slot->desired = INDEX_NONE;
    set_cut(worker, endpoint, index, 0);
    set_shown(worker, endpoint, slot, 0);
}

static uint16_t wanted_height(const struct endpoint *endpoint, const struct slot *slot)
{
    switch (slot->kind) {
    case SLOT_STAGE:
        return endpoint->view.stage_height;
    case SLOT_SCREEN:
        return endpoint->view.screen_height;
    case SLOT_TILE:
        return endpoint->view.tile_height;
    case SLOT_AUDIO:
        break;
    }
    return 1;
}

/* The source it should and may show; INDEX_NONE: there is nothing to show. */
static uint32_t showable(const struct worker *worker, const struct endpoint *endpoint,
                         const struct slot *slot)
{
    if (slot->number == 0 || wanted_height(endpoint, slot) == 0)
        return INDEX_NONE;
    uint32_t index = room_find_source(worker, endpoint->room, slot->number);
    if (index == INDEX_NONE)
        return INDEX_NONE;
    const struct source *source = &worker->sources[index];
    bool may = source->present && source->layer_count[slot->source_kind] > 0 &&
               source_may_show(source, slot->kind) && source_may_send(source, slot->source_kind);
    return may ? index : INDEX_NONE;
}

static struct layers layers_of(const struct worker *worker, const struct source *source,
                               enum source_kind kind)
{
    struct layers layers = {.count = source->layer_count[kind]};
    for (uint8_t layer = 0; layer < layers.count; layer++) {
        const struct stream *stream = &worker->streams[source->streams[source_place(kind, layer)]];
        layers.alive[layer] = stream->alive;
        layers.height[layer] = stream->height;
    }
    return layers;
}

/* Whether what it watches belongs to this source, and packets come. */
static bool watches_alive(const struct worker *worker, const struct slot *slot, uint32_t source)
{
    uint32_t watched = slot->feed->watch.stream;
    return watched != INDEX_NONE && worker->streams[watched].source == source &&
           worker->streams[watched].kind == slot->source_kind && worker->streams[watched].alive;
}

/* How far a layer is from the desired one; of two equally far the lower is nearer. */
static int distance(const struct worker *worker, const struct slot *slot, uint32_t stream)
{
    int above = worker->streams[stream].layer - worker->streams[slot->desired].layer;
    return above > 0 ? 2 * above + 1 : -2 * above;
}

/* Whether a keyframe of this stream would be an improvement. */
static bool is_worth_waiting(const struct worker *worker, const struct slot *slot, uint32_t source,
                             uint32_t stream)
{
    const struct stream *candidate = &worker->streams[stream];
    const struct stream *desired = &worker->streams[slot->desired];
    uint32_t watched = slot->feed->watch.stream;
    if (stream == watched)
        return false;
    if (stream == slot->desired)
        return true;
    if (!watches_alive(worker, slot, source)) /* anything to see */
        return candidate->alive || candidate->layer < desired->layer;
    return desired->hopeless && distance(worker, slot, stream) < distance(worker, slot, watched);
}

static void tie_waits(struct worker *worker, struct endpoint *endpoint, uint32_t index,
                      uint32_t source_index)
{
    struct slot *slot = &endpoint->slots[index];
    const struct source *source = &worker->sources[source_index];
    for (uint8_t layer = 0; layer < source->layer_count[slot->source_kind]; layer++) {
        uint32_t stream = source->streams[source_place(slot->source_kind, layer)];
        if (is_worth_waiting(worker, slot, source_index, stream))
            link_tie(worker, endpoint, index, LINK_WAIT_FIRST + layer, stream);
    }
}

static bool keyframe_is_young(const struct worker *worker, uint32_t stream)
{
    const struct history *history = stream_history(worker, stream);
    const struct packet *packet =
        history_at(history, &worker->packets, worker->streams[stream].keyframe_arrival);
    return worker->now - packet->arrival <= UPGRADE_KEYFRAME_US;
}

/* Whoever sees another source still can wait for a keyframe, if one was asked for now or can be. */
static bool is_better_awaited(const struct worker *worker, const struct slot *slot, uint32_t stream)
{
    uint64_t burst = stream_start_packets(worker, stream) * worker->endpoint_pool.taken;
    return slot->kind == SLOT_STAGE && slot->feed->watch.stream != INDEX_NONE &&
           burst > SWITCH_BURST_PACKETS &&
           (worker->streams[stream].keyframe_asked == worker->now ||
            stream_may_ask_keyframe(worker, stream));
}

/* Starts from a cached keyframe, or asks for one. */
static void start(struct worker *worker, struct endpoint *endpoint, uint32_t index,
                  uint32_t source_index, const struct layers *layers)
{
    struct slot *slot = &endpoint->slots[index];
    const struct source *source = &worker->sources[source_index];
    bool alive = watches_alive(worker, slot, source_index);
    uint32_t ask = slot->desired;
    uint8_t layer;
    if (!worker->streams[ask].alive &&
        layers_available(layers, worker->streams[ask].layer, &layer)) {
        if (alive)
            return; /* something is seen, and the desired layer begins with a keyframe */
        ask = source->streams[source_place(slot->source_kind, layer)];
    }
    if (ask == slot->feed->watch.stream)
        return;
    if (stream_can_start(worker, ask) && (!alive || keyframe_is_young(worker, ask)) &&
        !is_better_awaited(worker, slot, ask)) {
        slot->feed->switch_to = ask;
        endpoint_pend(worker, endpoint, index);
    } else {
        stream_ask_keyframe(worker, ask);
    }
}

static void show_video(struct worker *worker, struct endpoint *endpoint, uint32_t index,
                       uint32_t source_index)
{
    struct slot *slot = &endpoint->slots[index];
    const struct source *source = &worker->sources[source_index];
    struct layers layers = layers_of(worker, source, slot->source_kind);
    uint8_t desired = layers_desired(&layers, wanted_height(endpoint, slot));
    if (slot->kind == SLOT_STAGE)
        desired = desired > endpoint->stage_layers_off
                      ? (uint8_t)(desired - endpoint->stage_layers_off)
                      : 0;
    slot->desired = source->streams[source_place(slot->source_kind, desired)];

    uint32_t watched = slot->feed->watch.stream;
    bool same = watched != INDEX_NONE && worker->streams[watched].source == source_index;
    bool other = !same && watched != INDEX_NONE;
    set_cut(worker, endpoint, index, other ? worker->now + CUT_AFTER_US : 0);
    if (watched == slot->desired && worker->streams[watched].alive)
        return;
    tie_waits(worker, endpoint, index, source_index);
    start(worker, endpoint, index, source_index, &layers);
}

static void show_audio(struct worker *worker, struct endpoint *endpoint, uint32_t index,
                       uint32_t source_index)
{
    struct slot *slot = &endpoint->slots[index];
    uint32_t stream = worker->sources[source_index].streams[source_place(slot->source_kind, 0)];
    slot->desired = stream;
    if (slot->feed->watch.stream == stream)
        return;
    link_untie(worker, endpoint, index, LINK_WATCH);
    link_tie(worker, endpoint, index, LINK_WATCH, stream);
    const struct history *history = stream_history(worker, stream);
    slot->feed->cursor = history ? history->head : worker->streams[stream].next_arrival;
    slot->feed->fresh = true;
    set_shown(worker, endpoint, slot, slot->number);
}

/* What it watches now may have lost the right to be here. */
static void drop_forbidden(struct worker *worker, struct endpoint *endpoint, uint32_t index)
{
    struct slot *slot = &endpoint->slots[index];
    uint32_t watched = slot->feed->watch.stream;
    if (watched == INDEX_NONE)
        return;
    const struct source *source = &worker->sources[worker->streams[watched].source];
    if (source->present && source_may_show(source, slot->kind) &&
        source_may_send(source, worker->streams[watched].kind))
        return;
    link_untie(worker, endpoint, index, LINK_WATCH);
    set_shown(worker, endpoint, slot, 0);
}

void show_again(struct worker *worker, struct endpoint *endpoint, uint32_t index)
{
    struct slot *slot = &endpoint->slots[index];
    uint32_t source = endpoint->connected ? showable(worker, endpoint, slot) : INDEX_NONE;
    if (source == INDEX_NONE) {
        show_nothing(worker, endpoint, index);
        return;
    }
    untie_waits(worker, endpoint, index);
    drop_forbidden(worker, endpoint, index);
    if (is_audio(slot))
        show_audio(worker, endpoint, index, source);
    else
        show_video(worker, endpoint, index, source);
}

void show_source(struct worker *worker, struct endpoint *endpoint, uint32_t index, uint32_t number,
                 enum source_kind kind)
{
    struct slot *slot = &endpoint->slots[index];
    if (slot->number == number && slot->source_kind == kind)
        return;
    slot->number = number;
    slot->source_kind = kind;
    show_again(worker, endpoint, index);
}

void show_on_keyframe(struct worker *worker, struct endpoint *endpoint, uint32_t index,
                      uint32_t stream)
{
    struct slot *slot = &endpoint->slots[index];
    if (slot->feed->switch_to != INDEX_NONE &&
        distance(worker, slot, slot->feed->switch_to) <= distance(worker, slot, stream))
        return;
    slot->feed->switch_to = stream;
    endpoint_pend(worker, endpoint, index);
}

bool show_switch(struct worker *worker, struct endpoint *endpoint, uint32_t index)
{
    struct slot *slot = &endpoint->slots[index];
    uint32_t next = slot->feed->switch_to;
    struct stream *stream = &worker->streams[next];
    const struct history *history = stream_history(worker, next);
    slot->feed->switch_to = INDEX_NONE;
    if (!history || !stream->has_keyframe || stream->keyframe_arrival < history->tail) {
        stream_ask_keyframe(worker, next);
        return false;
    }
    untie_waits(worker, endpoint, index);
    link_untie(worker, endpoint, index, LINK_WATCH);
    link_tie(worker, endpoint, index, LINK_WATCH, next);

    const struct packet *first = history_at(history, &worker->packets, stream->keyframe_arrival);
    uint32_t number = worker->sources[stream->source].number;
    slot_begin(slot, next, stream->epoch, number, first);
    endpoint->begun |= UINT64_C(1) << index;
    slot->feed->cursor = stream_start(worker, next);
    set_cut(worker, endpoint, index, 0);
    set_shown(worker, endpoint, slot, number);
    if (next != slot->desired)
        tie_waits(worker, endpoint, index, stream->source);
    return true;
}

void show_cut(struct worker *worker, struct endpoint *endpoint, uint32_t index)
{
    struct slot *slot = &endpoint->slots[index];
    set_cut(worker, endpoint, index, 0);
    link_untie(worker, endpoint, index, LINK_WATCH);
    set_shown(worker, endpoint, slot, 0);
}

void show_end(struct worker *worker, struct endpoint *endpoint)
{
    for (uint32_t index = 0; index < endpoint->slot_count; index++) {
        untie_waits(worker, endpoint, index);
        link_untie(worker, endpoint, index, LINK_WATCH);
        endpoint->slots[index].number = 0;
    }
}
