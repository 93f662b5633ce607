#include "sfu/core/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((HISTORY_PACKETS & (HISTORY_PACKETS - 1)) == 0, "places are masked");

static uint32_t place(uint64_t number)
{
    return (uint32_t)number & (HISTORY_PACKETS - 1);
}

enum err packets_init(struct packets *packets, uint32_t capacity)
{
    struct packet *items = calloc(capacity, sizeof *items);
    if (!items)
        return ERR_NO_MEMORY;
    *packets = (struct packets){.items = items, .free_first = PACKET_NONE, .capacity = capacity};
    return ERR_OK;
}

void packets_done(struct packets *packets)
{
    free(packets->items);
    *packets = (struct packets){.free_first = PACKET_NONE};
}

/* Buffers never used are taken in order, so that memory nobody needs is never touched. */
static struct packet *packets_take(struct packets *packets)
{
    assert(packets->items);
    if (packets->free_first != PACKET_NONE) {
        struct packet *packet = &packets->items[packets->free_first];
        packets->free_first = packet->next_free;
        return packet;
    }
    return packets->taken < packets->capacity ? &packets->items[packets->taken++] : NULL;
}

static void packets_give(struct packets *packets, struct packet *packet)
{
    packet->next_free = packets->free_first;
    packets->free_first = (uint32_t)(packet - packets->items);
}

void history_init(struct history *history, uint64_t arrival)
{
    history->head = arrival;
    history->tail = arrival;
}

static void drop_oldest(struct history *history, struct packets *packets)
{
    assert(history->tail < history->head);
    packets_give(packets, &packets->items[history->by_arrival[place(history->tail)]]);
    history->tail++;
}

void history_clear(struct history *history, struct packets *packets)
{
    while (history->tail < history->head)
        drop_oldest(history, packets);
}

struct packet *history_take(struct history *history, struct packets *packets)
{
    if (history->head - history->tail == HISTORY_PACKETS)
        drop_oldest(history, packets);
    struct packet *packet = packets_take(packets);
    if (!packet && history->tail < history->head) {
        drop_oldest(history, packets);
        packet = packets_take(packets);
    }
    return packet;
}

void history_put(struct history *history, struct packets *packets, struct packet *packet)
{
    assert(history->head - history->tail < HISTORY_PACKETS);
    history->by_arrival[place(history->head)] = (uint32_t)(packet - packets->items);
    history->by_sequence[place(packet->sequence)] = (uint32_t)history->head;
    history->head++;
}

void history_give_up(struct packets *packets, struct packet *packet)
{
    packets_give(packets, packet);
}

void history_expire(struct history *history, struct packets *packets, usec_t oldest)
{
    while (history->tail < history->head &&
           history_at(history, packets, history->tail)->arrival < oldest)
        drop_oldest(history, packets);
}

const struct packet *history_at(const struct history *history, const struct packets *packets,
                                uint64_t arrival)
{
    assert(arrival >= history->tail && arrival < history->head);
    return &packets->items[history->by_arrival[place(arrival)]];
}

struct packet *history_edit(const struct history *history, struct packets *packets,
                            uint64_t arrival)
{
    assert(arrival >= history->tail && arrival < history->head);
    return &packets->items[history->by_arrival[place(arrival)]];
}

const struct packet *history_find(const struct history *history, const struct packets *packets,
                                  uint64_t sequence)
{
    /* The low bits name an arrival at most a window back; anything else is a leftover. */
    uint32_t back = (uint32_t)history->head - history->by_sequence[place(sequence)];
    if (back == 0 || back > history->head - history->tail)
        return NULL;
    const struct packet *packet = history_at(history, packets, history->head - back);
    return packet->sequence == sequence ? packet : NULL;
}
