#include "sfu/core/deadlines.h"

#include <assert.h>
#include <stdlib.h>

enum err deadlines_init(struct deadlines *deadlines, uint32_t owners)
{
    struct deadlines made = {.due = calloc(owners, sizeof *made.due),
                             .heap = calloc(owners, sizeof *made.heap),
                             .place = calloc(owners, sizeof *made.place),
                             .capacity = owners};
    if (!made.due || !made.heap || !made.place) {
        deadlines_done(&made);
        return ERR_NO_MEMORY;
    }
    for (uint32_t i = 0; i < owners; i++)
        made.place[i] = UINT32_MAX;
    *deadlines = made;
    return ERR_OK;
}

void deadlines_done(struct deadlines *deadlines)
{
    free(deadlines->due);
    free(deadlines->heap);
    free(deadlines->place);
    *deadlines = (struct deadlines){0};
}

static usec_t due_at(const struct deadlines *deadlines, uint32_t place)
{
    return deadlines->due[deadlines->heap[place]];
}

static void put_at(struct deadlines *deadlines, uint32_t place, uint32_t owner)
{
    deadlines->heap[place] = owner;
    deadlines->place[owner] = place;
}

static void sift_up(struct deadlines *deadlines, uint32_t place)
{
    uint32_t owner = deadlines->heap[place];
    while (place > 0 && due_at(deadlines, (place - 1) / 2) > deadlines->due[owner]) {
        put_at(deadlines, place, deadlines->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put_at(deadlines, place, owner);
}

static void sift_down(struct deadlines *deadlines, uint32_t place)
{
    uint32_t owner = deadlines->heap[place];
    for (;;) {
        uint32_t child = place * 2 + 1;
        if (child >= deadlines->count)
            break;
        if (child + 1 < deadlines->count && due_at(deadlines, child + 1) < due_at(deadlines, child))
            child++;
        if (due_at(deadlines, child) >= deadlines->due[owner])
            break;
        put_at(deadlines, place, deadlines->heap[child]);
        place = child;
    }
    put_at(deadlines, place, owner);
}

static void clear(struct deadlines *deadlines, uint32_t owner)
{
    uint32_t place = deadlines->place[owner];
    if (place == UINT32_MAX)
        return;
    deadlines->place[owner] = UINT32_MAX;
    uint32_t last = deadlines->heap[--deadlines->count];
    if (last == owner)
        return;
    put_at(deadlines, place, last);
    sift_up(deadlines, place);
    sift_down(deadlines, deadlines->place[last]);
}

void deadlines_set(struct deadlines *deadlines, uint32_t owner, usec_t due)
{
    assert(owner < deadlines->capacity);
    if (due == USEC_NEVER) {
        clear(deadlines, owner);
        return;
    }
    deadlines->due[owner] = due;
    if (deadlines->place[owner] == UINT32_MAX)
        put_at(deadlines, deadlines->count++, owner);
    sift_up(deadlines, deadlines->place[owner]);
    sift_down(deadlines, deadlines->place[owner]);
}

void deadlines_hasten(struct deadlines *deadlines, uint32_t owner, usec_t due)
{
    assert(owner < deadlines->capacity);
    if (deadlines->place[owner] == UINT32_MAX || due < deadlines->due[owner])
        deadlines_set(deadlines, owner, due);
}

usec_t deadlines_earliest(const struct deadlines *deadlines)
{
    return deadlines->count ? due_at(deadlines, 0) : USEC_NEVER;
}

bool deadlines_pop(struct deadlines *deadlines, usec_t now, uint32_t *ret_owner)
{
    if (deadlines_earliest(deadlines) > now)
        return false;
    uint32_t owner = deadlines->heap[0];
    clear(deadlines, owner);
    *ret_owner = owner;
    return true;
}
