#include "sfu/core/fifo.h"

#include <assert.h>
#include <stdlib.h>

enum err fifo_init(struct fifo *fifo, uint32_t capacity)
{
    uint32_t places = 16;
    while (places < capacity)
        places *= 2;
    uint32_t *items = calloc(places, sizeof *items);
    if (!items)
        return ERR_NO_MEMORY;
    *fifo = (struct fifo){.items = items, .mask = places - 1};
    return ERR_OK;
}

void fifo_done(struct fifo *fifo)
{
    free(fifo->items);
    *fifo = (struct fifo){0};
}

void fifo_put(struct fifo *fifo, uint32_t item)
{
    assert(fifo->tail - fifo->head <= fifo->mask);
    fifo->items[fifo->tail++ & fifo->mask] = item;
}

bool fifo_take(struct fifo *fifo, uint32_t *ret_item)
{
    if (!fifo_first(fifo, ret_item))
        return false;
    fifo->head++;
    return true;
}

bool fifo_first(const struct fifo *fifo, uint32_t *ret_item)
{
    if (fifo->head == fifo->tail)
        return false;
    *ret_item = fifo->items[fifo->head & fifo->mask];
    return true;
}
