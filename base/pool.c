#include "base/pool.h"

#include <assert.h>
#include <stdlib.h>

enum err pool_init(struct pool *pool, uint32_t capacity)
{
    uint32_t *generation = calloc(capacity ? capacity : 1, sizeof *generation);
    uint32_t *free_next = calloc(capacity ? capacity : 1, sizeof *free_next);
    if (!generation || !free_next) {
        free(generation);
        free(free_next);
        return ERR_NO_MEMORY;
    }
    for (uint32_t i = 0; i < capacity; i++)
        free_next[i] = i + 1 < capacity ? i + 1 : UINT32_MAX;
    *pool = (struct pool){.generation = generation,
                          .free_next = free_next,
                          .free_first = capacity ? 0 : UINT32_MAX,
                          .capacity = capacity};
    return ERR_OK;
}

void pool_done(struct pool *pool)
{
    free(pool->generation);
    free(pool->free_next);
    *pool = (struct pool){.free_first = UINT32_MAX};
}

enum err pool_take(struct pool *pool, struct handle *ret_handle)
{
    if (pool->free_first == UINT32_MAX)
        return ERR_FULL;
    uint32_t index = pool->free_first;
    pool->free_first = pool->free_next[index];
    pool->generation[index]++;
    pool->taken++;
    assert(pool->generation[index] & 1);
    *ret_handle = (struct handle){index, pool->generation[index]};
    return ERR_OK;
}

void pool_give(struct pool *pool, struct handle handle)
{
    assert(pool_has(pool, handle));
    pool->generation[handle.index]++;
    pool->free_next[handle.index] = pool->free_first;
    pool->free_first = handle.index;
    pool->taken--;
}

bool pool_has(const struct pool *pool, struct handle handle)
{
    return handle.index < pool->capacity && (handle.generation & 1) &&
           pool->generation[handle.index] == handle.generation;
}

bool pool_at(const struct pool *pool, uint32_t index, struct handle *ret_handle)
{
    if (index >= pool->capacity || !(pool->generation[index] & 1))
        return false;
    *ret_handle = (struct handle){index, pool->generation[index]};
    return true;
}
