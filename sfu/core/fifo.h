/* A queue of small numbers (who has something to be done), sized once for the most there can be:
 * whoever is queued carries a flag, so nobody stands in it twice and it never overflows. */
#ifndef SFU_CORE_FIFO_H
#define SFU_CORE_FIFO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct fifo {
    uint32_t *items;
    uint32_t mask;
    uint32_t head; /* next to take */
    uint32_t tail; /* next free */
};

MUST_USE enum err fifo_init(struct fifo *fifo, uint32_t capacity);
void fifo_done(struct fifo *fifo);
/* Needs: fewer than `capacity` are in. */
void fifo_put(struct fifo *fifo, uint32_t item);
bool fifo_take(struct fifo *fifo, uint32_t *ret_item);
/* The one fifo_take() would give; false when empty. */
bool fifo_first(const struct fifo *fifo, uint32_t *ret_item);

static inline uint32_t fifo_count(const struct fifo *fifo)
{
    return fifo->tail - fifo->head;
}

/* The one that stands `behind` places behind the first; false when there is none. */
static inline bool fifo_peek(const struct fifo *fifo, uint32_t behind, uint32_t *ret_item)
{
    if (fifo->tail - fifo->head <= behind)
        return false;
    *ret_item = fifo->items[(fifo->head + behind) & fifo->mask];
    return true;
}

#endif
