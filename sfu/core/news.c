#include "sfu/core/news.h"

#include <string.h>

#include "sfu/core/state.h"

static void write_slots(const struct endpoint *endpoint, struct sfu_slots *slots)
{
    for (uint32_t i = 0; i < endpoint->slot_count; i++) {
        const struct slot *slot = &endpoint->slots[i];
        switch (slot->kind) {
        case SLOT_STAGE:
            slots->stage = slot->shown;
            break;
        case SLOT_SCREEN:
            slots->screen = slot->shown;
            break;
        case SLOT_TILE:
            if (slot->index < LIMIT_TILES_PER_ENDPOINT) {
                slots->tiles[slot->index] = slot->shown;
                if (slots->tile_count <= slot->index)
                    slots->tile_count = (uint16_t)(slot->index + 1);
            }
            break;
        case SLOT_AUDIO:
            break;
        }
    }
}

/* Takes one kind of news out of the set; the order is that of a life. */
static enum news take_news(struct endpoint *endpoint)
{
    static const enum news order[] = {NEWS_CONNECTED, NEWS_SLOTS, NEWS_LAYERS, NEWS_GONE};
    if (endpoint->gone)
        endpoint->news = NEWS_GONE; /* nobody wants to know what its slots showed */
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (endpoint->news & order[i]) {
            endpoint->news &= (uint8_t)~order[i];
            return order[i];
        }
    return 0;
}

static bool next_of_endpoint(struct worker *worker, struct endpoint *endpoint,
                             struct sfu_event *event)
{
    event->room = endpoint->room_id;
    event->endpoint = endpoint->id;
    event->source = endpoint->number;
    switch (take_news(endpoint)) {
    case NEWS_CONNECTED:
        event->kind = SFU_CONNECTED;
        return true;
    case NEWS_SLOTS:
        event->kind = SFU_SLOTS;
        event->of.slots.number = ++endpoint->slots_number;
        write_slots(endpoint, &event->of.slots);
        return true;
    case NEWS_LAYERS:
        event->kind = SFU_LAYERS;
        event->of.layers = endpoint_layers(worker, endpoint);
        endpoint->layers_told = event->of.layers;
        return true;
    case NEWS_GONE:
        event->kind = SFU_GONE;
        event->reason = endpoint->reason;
        return true;
    }
    return false;
}

static bool next_of_room(struct room *room, struct sfu_event *event)
{
    if (!room->speakers_new)
        return false;
    room->speakers_new = false;
    event->kind = SFU_SPEAKERS;
    event->room = room->id;
    event->of.speakers.count = room->loudness.announced_count;
    memcpy(event->of.speakers.sources, room->loudness.announced, sizeof event->of.speakers.sources);
    return true;
}

bool news_next(struct worker *worker, struct sfu_event *ret_event)
{
    uint32_t item;
    while (fifo_first(&worker->news, &item)) {
        struct sfu_event event = {0};
        bool is_room = item >= worker->config.endpoints;
        struct endpoint *endpoint = is_room ? NULL : &worker->endpoints[item];
        struct room *room = is_room ? &worker->rooms[item - worker->config.endpoints] : NULL;
        bool told =
            is_room ? next_of_room(room, &event) : next_of_endpoint(worker, endpoint, &event);
        bool last = is_room || endpoint->news == 0;
        if (last) {
            (void)fifo_take(&worker->news, &item);
            if (is_room)
                room->news_queued = false;
            else
                endpoint->news_queued = false;
        }
        if (told && event.kind == SFU_GONE)
            endpoint_free(worker, endpoint);
        if (told) {
            *ret_event = event;
            return true;
        }
    }
    return false;
}

bool worker_next_event(struct worker *worker, struct sfu_event *ret_event)
{
    return news_next(worker, ret_event);
}
