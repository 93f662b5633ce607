/* Memory that is given back all at once: what one parsed event, one decision or one draft holds.
 *
 * One owner; arena_done() frees everything that was taken. Not thread-safe. */
#ifndef MEETING_PROTO_ARENA_H
#define MEETING_PROTO_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *newest; /* NULL while nothing was taken */
    bool failed;                /* sticky: some arena_take() found no memory */
};

/* A zeroed struct is an empty arena. Leaves an empty one behind. */
void arena_done(struct arena *arena);
/* Zeroed, aligned for any type; NULL without memory. `size` 0 gives a valid pointer too. */
void *arena_take(struct arena *arena, size_t size);
/* `count` items of `size`; NULL without memory or when the product overflows. */
void *arena_take_list(struct arena *arena, size_t count, size_t size);
/* A copy with a terminator; NULL without memory. */
const char *arena_text(struct arena *arena, const char *text, size_t size);

#endif
