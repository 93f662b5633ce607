#include "meeting/proto/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_CHUNK_BYTES = 4096, ARENA_ALIGN = _Alignof(max_align_t) };

struct arena_chunk {
    struct arena_chunk *older;
    size_t used;
    size_t capacity;
    max_align_t data[];
};

void arena_done(struct arena *arena)
{
    while (arena->newest) {
        struct arena_chunk *older = arena->newest->older;
        free(arena->newest);
        arena->newest = older;
    }
    arena->failed = false;
}

static struct arena_chunk *arena_grow(struct arena *arena, size_t size)
{
    size_t capacity = size > ARENA_CHUNK_BYTES ? size : ARENA_CHUNK_BYTES;
    struct arena_chunk *chunk = malloc(sizeof *chunk + capacity);
    if (!chunk)
        return NULL;
    *chunk = (struct arena_chunk){.older = arena->newest, .capacity = capacity};
    arena->newest = chunk;
    return chunk;
}

void *arena_take(struct arena *arena, size_t size)
{
    size_t whole = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    struct arena_chunk *chunk = arena->newest;
    if (whole < size)
        chunk = NULL; /* the rounding wrapped around */
    else if (!chunk || chunk->capacity - chunk->used < whole)
        chunk = arena_grow(arena, whole);
    if (!chunk) {
        arena->failed = true;
        return NULL;
    }
    uint8_t *taken = (uint8_t *)chunk->data + chunk->used;
    chunk->used += whole;
    return memset(taken, 0, whole);
}

void *arena_take_list(struct arena *arena, size_t count, size_t size)
{
    size_t whole;
    if (__builtin_mul_overflow(count, size, &whole)) {
        arena->failed = true;
        return NULL;
    }
    return arena_take(arena, whole);
}

const char *arena_text(struct arena *arena, const char *text, size_t size)
{
    char *copy = arena_take(arena, size + 1);
    if (copy && size)
        memcpy(copy, text, size);
    return copy;
}
