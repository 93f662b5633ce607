#include "sfu/core/cast.h"

#include "sfu/core/show.h"
#include "sfu/core/state.h"

/* Places of the audio slots; LIMIT_AUDIO_SLOTS of them. */
enum { PART_FLOOR, PART_LOUD, PART_SCREEN = PART_LOUD + LOUDNESS_LOUD, PARTS };

_Static_assert((int)PARTS == (int)LIMIT_AUDIO_SLOTS, "each audio slot has its part");

struct part {
    uint32_t number;
    enum source_kind kind;
};

static uint32_t loud_or_spare(const struct room *room, const struct endpoint *endpoint,
                              uint32_t number)
{
    const struct loudness *loudness = &room->loudness;
    if (number != endpoint->number)
        return number;
    return loudness->spare != room->floor ? loudness->spare : 0;
}

static void cast_parts(const struct room *room, const struct endpoint *endpoint,
                       struct part parts[PARTS])
{
    parts[PART_FLOOR] = (struct part){room->floor, SOURCE_MICROPHONE};
    for (int i = 0; i < LOUDNESS_LOUD; i++) {
        uint32_t number = loud_or_spare(room, endpoint, room->loudness.loud[i]);
        if (number == room->floor)
            number = 0; /* has a slot of its own */
        parts[PART_LOUD + i] = (struct part){number, SOURCE_MICROPHONE};
    }
    parts[PART_SCREEN] = (struct part){room->screen, SOURCE_SCREEN_SOUND};
    for (int i = 0; i < PARTS; i++)
        if (parts[i].number == endpoint->number)
            parts[i].number = 0;
}

static uint32_t audio_slots(const struct endpoint *endpoint)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < endpoint->slot_count; i++)
        count += endpoint->slots[i].kind == SLOT_AUDIO;
    return count;
}

/* The first parts that somebody plays move to the front. */
static void cast_close_up(struct part parts[PARTS])
{
    uint32_t filled = 0;
    for (uint32_t i = 0; i < PARTS; i++)
        if (parts[i].number)
            parts[filled++] = parts[i];
    while (filled < PARTS)
        parts[filled++] = (struct part){0, SOURCE_MICROPHONE};
}

static void cast_slot(struct worker *worker, struct endpoint *endpoint, uint32_t index,
                      const struct part parts[PARTS])
{
    const struct room *room = &worker->rooms[endpoint->room];
    const struct slot *slot = &endpoint->slots[index];
    switch (slot->kind) {
    case SLOT_AUDIO:
        show_source(worker, endpoint, index, parts[slot->index].number, parts[slot->index].kind);
        break;
    case SLOT_STAGE:
        show_source(worker, endpoint, index, room->stage, SOURCE_CAMERA);
        break;
    case SLOT_SCREEN:
        show_source(worker, endpoint, index, room->screen, SOURCE_SCREEN);
        break;
    case SLOT_TILE: {
        bool asked = slot->index < endpoint->view.tile_count;
        show_source(worker, endpoint, index, asked ? endpoint->view.tiles[slot->index] : 0,
                    SOURCE_CAMERA);
        break;
    }
    }
}

void cast_endpoint(struct worker *worker, struct endpoint *endpoint)
{
    if (!endpoint->connected)
        return;
    struct part parts[PARTS];
    cast_parts(&worker->rooms[endpoint->room], endpoint, parts);
    if (audio_slots(endpoint) < PARTS)
        cast_close_up(parts);
    for (uint32_t index = 0; index < endpoint->slot_count; index++)
        cast_slot(worker, endpoint, index, parts);
}

void cast_room(struct worker *worker, uint32_t room)
{
    for (uint32_t index = worker->rooms[room].endpoints; index != INDEX_NONE;
         index = worker->endpoints[index].room_next)
        cast_endpoint(worker, &worker->endpoints[index]);
}

void cast_source(struct worker *worker, uint32_t room, uint32_t number)
{
    for (uint32_t index = worker->rooms[room].endpoints; index != INDEX_NONE;
         index = worker->endpoints[index].room_next) {
        struct endpoint *endpoint = &worker->endpoints[index];
        for (uint32_t slot = 0; slot < endpoint->slot_count; slot++)
            if (endpoint->slots[slot].number == number)
                show_again(worker, endpoint, slot);
    }
}
