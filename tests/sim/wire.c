#include "tests/sim/wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void wire_done(struct wire *wire)
{
    for (size_t i = 0; i < wire->count; i++)
        free(wire->heap[i].data);
    free(wire->heap);
    *wire = (struct wire){0};
}

static bool before(const struct wire_item *a, const struct wire_item *b)
{
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void swap(struct wire *wire, size_t a, size_t b)
{
    struct wire_item kept = wire->heap[a];
    wire->heap[a] = wire->heap[b];
    wire->heap[b] = kept;
}

void wire_put(struct wire *wire, usec_t due, const struct wire_item *item)
{
    if (wire->count == wire->capacity) {
        wire->capacity = wire->capacity ? wire->capacity * 2 : 256;
        wire->heap = realloc(wire->heap, wire->capacity * sizeof *wire->heap);
        assert(wire->heap);
    }
    struct wire_item copy = *item;
    copy.due = due;
    copy.order = wire->orders++;
    copy.data = malloc(item->size ? item->size : 1);
    assert(copy.data);
    if (item->size)
        memcpy(copy.data, item->data, item->size);
    size_t at = wire->count++;
    wire->heap[at] = copy;
    for (; at > 0 && before(&wire->heap[at], &wire->heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(wire, at, (at - 1) / 2);
}

void wire_send(struct wire *wire, struct rng *rng, const struct wire_profile *profile, usec_t now,
               const struct wire_item *item)
{
    if (rng_below(rng, 1000) < profile->loss_permille) {
        wire->lost++;
        return;
    }
    usec_t jitter = profile->jitter_us ? rng_below(rng, profile->jitter_us) : 0;
    wire_put(wire, now + profile->delay_us + jitter, item);
}

usec_t wire_next(const struct wire *wire)
{
    return wire->count ? wire->heap[0].due : USEC_NEVER;
}

struct wire_item wire_take(struct wire *wire)
{
    assert(wire->count);
    struct wire_item first = wire->heap[0];
    wire->heap[0] = wire->heap[--wire->count];
    for (size_t at = 0;;) {
        size_t child = at * 2 + 1;
        if (child >= wire->count)
            break;
        if (child + 1 < wire->count && before(&wire->heap[child + 1], &wire->heap[child]))
            child++;
        if (!before(&wire->heap[child], &wire->heap[at]))
            break;
        swap(wire, at, child);
        at = child;
    }
    return first;
}
