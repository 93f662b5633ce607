/* A fixed number of equal slots, handed out by {index, generation} handles.
 *
 * The owner keeps the items in its own array; the pool only keeps which indexes are taken. Others
 * hold handles: after pool_give() the generation moves on, so a stale handle is noticed instead of
 * naming the slot's next tenant. Memory is taken once, at pool_init(). Not thread-safe. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct handle {
    uint32_t index;
    uint32_t generation; /* odd while taken; 0 is never valid, so a zeroed handle names nothing */
};

struct pool {
    uint32_t *generation; /* one per slot, odd while taken */
    uint32_t *free_next;  /* singly linked free list, UINT32_MAX ends it */
    uint32_t free_first;
    uint32_t capacity;
    uint32_t taken;
};

/* ERR_NO_MEMORY, or the pool with every slot free. */
MUST_USE enum err pool_init(struct pool *pool, uint32_t capacity);
void pool_done(struct pool *pool);

/* ERR_FULL when every slot is taken. */
MUST_USE enum err pool_take(struct pool *pool, struct handle *ret_handle);
/* Needs: pool_has(pool, handle). */
void pool_give(struct pool *pool, struct handle handle);
bool pool_has(const struct pool *pool, struct handle handle);
/* Whether slot `index` is taken, and by which handle: for walking over all tenants. */
bool pool_at(const struct pool *pool, uint32_t index, struct handle *ret_handle);

static inline bool handle_equal(struct handle a, struct handle b)
{
    return a.index == b.index && a.generation == b.generation;
}

#endif
