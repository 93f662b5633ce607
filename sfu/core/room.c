#include "sfu/core/room.h"

#include <assert.h>

#include "sfu/core/cast.h"
#include "sfu/core/relaying.h"
#include "sfu/core/state.h"

uint8_t source_place(enum source_kind kind, uint8_t layer)
{
    static const uint8_t first[SOURCE_KINDS] = {
        [SOURCE_MICROPHONE] = PLACE_MICROPHONE,
        [SOURCE_CAMERA] = PLACE_CAMERA,
        [SOURCE_SCREEN] = PLACE_SCREEN,
        [SOURCE_SCREEN_SOUND] = PLACE_SCREEN_SOUND,
    };
    return (uint8_t)(first[kind] + layer);
}

enum source_kind source_kind_of(uint8_t place)
{
    assert(place < SOURCE_PLACES);
    if (place == PLACE_MICROPHONE)
        return SOURCE_MICROPHONE;
    if (place < PLACE_SCREEN)
        return SOURCE_CAMERA;
    return place == PLACE_SCREEN ? SOURCE_SCREEN : SOURCE_SCREEN_SOUND;
}

bool source_may_send(const struct source *source, enum source_kind kind)
{
    switch (kind) {
    case SOURCE_MICROPHONE:
        return source->rights & SFU_RIGHT_MICROPHONE;
    case SOURCE_CAMERA:
        return source->rights & (SFU_RIGHT_TILE | SFU_RIGHT_STAGE);
    case SOURCE_SCREEN:
    case SOURCE_SCREEN_SOUND:
        return source->rights & SFU_RIGHT_SCREEN;
    }
    return false;
}

bool source_may_show(const struct source *source, enum slot_kind kind)
{
    switch (kind) {
    case SLOT_AUDIO: /* microphone or screen sound: source_may_send() knows which */
        return source->rights & (SFU_RIGHT_MICROPHONE | SFU_RIGHT_SCREEN);
    case SLOT_STAGE:
        return source->rights & SFU_RIGHT_STAGE;
    case SLOT_SCREEN:
        return source->rights & SFU_RIGHT_SCREEN;
    case SLOT_TILE:
        return source->rights & SFU_RIGHT_TILE;
    }
    return false;
}

uint8_t source_wanted(const struct worker *worker, const struct source *source,
                      enum source_kind kind)
{
    unsigned wanted = 0;
    for (uint8_t layer = 0; layer < source->layer_count[kind]; layer++)
        if (stream_is_wanted(&worker->streams[source->streams[source_place(kind, layer)]]))
            wanted |= 1u << layer;
    return (uint8_t)wanted;
}

static uint64_t room_hash(const struct worker *worker, uint64_t id)
{
    return table_hash(worker->hash_seed, id, 1);
}

static uint64_t source_hash(const struct worker *worker, uint32_t room, uint32_t number)
{
    return table_hash(worker->hash_seed, (uint64_t)room << 32 | number, 2);
}

uint32_t room_find(const struct worker *worker, uint64_t id)
{
    struct table_walk walk = {0};
    uint32_t room;
    while (table_next(&worker->by_room, room_hash(worker, id), &walk, &room))
        if (worker->rooms[room].id == id)
            return room;
    return INDEX_NONE;
}

static bool room_is_deserted(const struct worker *worker, uint32_t index)
{
    const struct room *room = &worker->rooms[index];
    if (room->endpoints != INDEX_NONE || room->closing)
        return false;
    for (uint32_t source = room->sources; source != INDEX_NONE;
         source = worker->sources[source].room_next)
        if (worker->sources[source].present)
            return false;
    return true;
}

/* Frees a place: the door may forget to close a room that everybody left. */
static void room_evict(struct worker *worker)
{
    uint32_t oldest = INDEX_NONE;
    for (uint32_t index = 0; index < worker->config.rooms; index++)
        if (room_is_deserted(worker, index) &&
            (oldest == INDEX_NONE ||
             worker->rooms[index].mentioned < worker->rooms[oldest].mentioned))
            oldest = index;
    if (oldest != INDEX_NONE)
        room_close(worker, oldest);
}

enum err room_need(struct worker *worker, uint64_t id, uint32_t *ret_room)
{
    uint32_t found = room_find(worker, id);
    if (found != INDEX_NONE) {
        worker->rooms[found].mentioned = worker->now;
        *ret_room = found;
        return ERR_OK;
    }
    struct handle handle;
    if (worker->room_pool.taken == worker->room_pool.capacity)
        room_evict(worker);
    enum err err = pool_take(&worker->room_pool, &handle);
    if (err != ERR_OK)
        return err;
    err = table_put(&worker->by_room, room_hash(worker, id), handle.index);
    assert(err == ERR_OK); /* the table is as large as the pool */
    bool news_queued = worker->rooms[handle.index].news_queued;
    worker->rooms[handle.index] = (struct room){
        .id = id, .endpoints = INDEX_NONE, .sources = INDEX_NONE, .news_queued = news_queued};
    *ret_room = handle.index;
    return ERR_OK;
}

void room_release(struct worker *worker, uint32_t index)
{
    struct room *room = &worker->rooms[index];
    if (room->closing || room->endpoints != INDEX_NONE || room->sources != INDEX_NONE ||
        room->floor || room->stage || room->screen)
        return;
    bool removed = table_remove(&worker->by_room, room_hash(worker, room->id), index);
    assert(removed);
    room->speakers_new = false;
    deadlines_set(&worker->deadlines, deadline_of_room(worker, index), USEC_NEVER);
    struct handle handle;
    bool taken = pool_at(&worker->room_pool, index, &handle);
    assert(taken);
    pool_give(&worker->room_pool, handle);
}

void room_close(struct worker *worker, uint32_t index)
{
    struct room *room = &worker->rooms[index];
    room->closing = true;
    while (room->endpoints != INDEX_NONE)
        endpoint_leave(worker, &worker->endpoints[room->endpoints], SFU_GONE_LEFT);
    while (room->sources != INDEX_NONE)
        room_forget_source(worker, room->sources);
    room->floor = 0;
    room->stage = 0;
    room->screen = 0;
    room->closing = false;
    room_release(worker, index);
}

uint32_t room_find_source(const struct worker *worker, uint32_t room, uint32_t number)
{
    struct table_walk walk = {0};
    uint32_t source;
    while (table_next(&worker->by_source, source_hash(worker, room, number), &walk, &source))
        if (worker->sources[source].room == room && worker->sources[source].number == number)
            return source;
    return INDEX_NONE;
}

enum err room_need_source(struct worker *worker, uint32_t room, uint32_t number,
                          uint32_t *ret_source)
{
    assert(number != 0);
    uint32_t found = room_find_source(worker, room, number);
    if (found != INDEX_NONE) {
        *ret_source = found;
        return ERR_OK;
    }
    struct handle handle;
    enum err err = pool_take(&worker->source_pool, &handle);
    if (err != ERR_OK)
        return err;
    err = table_put(&worker->by_source, source_hash(worker, room, number), handle.index);
    assert(err == ERR_OK);
    struct source *source = &worker->sources[handle.index];
    /* What stood in this place before may still stand in queues. */
    *source = (struct source){.room = room,
                              .number = number,
                              .worker = worker->config.index,
                              .endpoint = INDEX_NONE,
                              .room_next = worker->rooms[room].sources,
                              .room_previous = INDEX_NONE,
                              .level_queued = source->level_queued,
                              .back_queued = source->back_queued};
    for (int place = 0; place < SOURCE_PLACES; place++)
        source->streams[place] = INDEX_NONE;
    if (source->room_next != INDEX_NONE)
        worker->sources[source->room_next].room_previous = handle.index;
    worker->rooms[room].sources = handle.index;
    *ret_source = handle.index;
    return ERR_OK;
}

enum err room_add_streams(struct worker *worker, uint32_t index,
                          const struct session_source offered[SOURCE_KINDS])
{
    struct source *source = &worker->sources[index];
    for (int at = 0; at < SOURCE_PLACES; at++) {
        uint8_t place = (uint8_t)at;
        enum source_kind kind = source_kind_of(place);
        uint8_t layer = (uint8_t)(place - source_place(kind, 0));
        if (!offered[kind].present || layer >= offered[kind].layer_count)
            continue;
        struct handle handle;
        if (pool_take(&worker->stream_pool, &handle) != ERR_OK) {
            room_remove_streams(worker, index);
            return ERR_FULL;
        }
        source->streams[place] = handle.index;
        source->layer_count[kind] = (uint8_t)(layer + 1);
        stream_init(worker, handle.index, index, place);
    }
    source->present = true;
    return ERR_OK;
}

void room_remove_streams(struct worker *worker, uint32_t index)
{
    struct source *source = &worker->sources[index];
    source->present = false;
    source->endpoint = INDEX_NONE;
    for (int kind = 0; kind < SOURCE_KINDS; kind++) {
        source->layer_count[kind] = 0;
        source->wanted_told[kind] = 0;
        source->keyframes[kind] = 0;
    }
    loudness_forget(&worker->rooms[source->room].loudness, source->number);
    for (int place = 0; place < SOURCE_PLACES; place++)
        if (source->streams[place] != INDEX_NONE) {
            stream_done(worker, source->streams[place]);
            source->streams[place] = INDEX_NONE;
        }
}

void room_forget_source(struct worker *worker, uint32_t index)
{
    struct source *source = &worker->sources[index];
    room_remove_streams(worker, index);
    if (source->room_next != INDEX_NONE)
        worker->sources[source->room_next].room_previous = source->room_previous;
    if (source->room_previous != INDEX_NONE)
        worker->sources[source->room_previous].room_next = source->room_next;
    else
        worker->rooms[source->room].sources = source->room_next;
    bool removed =
        table_remove(&worker->by_source, source_hash(worker, source->room, source->number), index);
    assert(removed);
    struct handle handle;
    bool taken = pool_at(&worker->source_pool, index, &handle);
    assert(taken);
    pool_give(&worker->source_pool, handle);
}

void room_set_rights(struct worker *worker, uint32_t index, uint32_t rights)
{
    struct source *source = &worker->sources[index];
    if (source->rights == rights)
        return;
    source->rights = rights;
    if (!source_may_send(source, SOURCE_MICROPHONE))
        loudness_forget(&worker->rooms[source->room].loudness, source->number);
    cast_source(worker, source->room, source->number);
    /* Slots on their way elsewhere may still show it: they are tied to its streams. */
    for (int place = 0; place < SOURCE_PLACES; place++)
        if (source->streams[place] != INDEX_NONE)
            stream_choose_anew(worker, source->streams[place]);
}

void room_on_level(struct worker *worker, uint32_t index, uint8_t level, bool relayed)
{
    const struct source *source = &worker->sources[index];
    struct room *room = &worker->rooms[source->room];
    if (relayed)
        loudness_on_relayed(&room->loudness, worker->now, source->number, level);
    else
        loudness_on_level(&room->loudness, worker->now, source->number, level);
    if (!loudness_idle(&room->loudness))
        deadlines_hasten(&worker->deadlines, deadline_of_room(worker, source->room),
                         worker->now + LOUDNESS_UPDATE_US);
}

/* Other workers' rooms hear of those this worker hosts. */
static void relay_levels(struct worker *worker, uint32_t index)
{
    const struct loudness *loudness = &worker->rooms[index].loudness;
    for (int i = 0; i < LOUDNESS_CANDIDATES; i++) {
        uint32_t number = loudness->candidates[i].source;
        uint32_t source = number ? room_find_source(worker, index, number) : INDEX_NONE;
        if (source != INDEX_NONE && worker->sources[source].endpoint != INDEX_NONE)
            relaying_tell_level(worker, source);
    }
}

void room_on_due(struct worker *worker, uint32_t index)
{
    struct room *room = &worker->rooms[index];
    if (loudness_update(&room->loudness, worker->now, room->floor))
        cast_room(worker, index);
    relay_levels(worker, index);
    if (loudness_announce(&room->loudness, worker->now)) {
        room->speakers_new = true;
        if (!room->news_queued)
            fifo_put(&worker->news, news_of_room(worker, index));
        room->news_queued = true;
    }
    if (!loudness_idle(&room->loudness))
        deadlines_set(&worker->deadlines, deadline_of_room(worker, index),
                      worker->now + LOUDNESS_UPDATE_US);
}
