#include "sfu/core/link.h"

#include <assert.h>

#include "sfu/core/state.h"

enum { SLOTS_SHIFT = 6, LINKS_SHIFT = 2 };

_Static_assert(SESSION_SLOTS <= 1 << SLOTS_SHIFT, "a slot's index fits its bits");
_Static_assert(SLOT_LINKS <= 1 << LINKS_SHIFT, "a link's index fits its bits");

static uint32_t link_id(const struct endpoint *endpoint, uint32_t slot, uint32_t which)
{
    return ((endpoint->handle.index << SLOTS_SHIFT | slot) << LINKS_SHIFT) | which;
}

struct link_owner link_owner(struct worker *worker, uint32_t id)
{
    return (struct link_owner){
        .endpoint = &worker->endpoints[id >> (SLOTS_SHIFT + LINKS_SHIFT)],
        .slot = (id >> LINKS_SHIFT) & ((1 << SLOTS_SHIFT) - 1),
        .which = id & ((1 << LINKS_SHIFT) - 1),
    };
}

static struct link *link_at(struct worker *worker, uint32_t id)
{
    struct link_owner owner = link_owner(worker, id);
    return &owner.endpoint->slots[owner.slot].links[owner.which];
}

uint32_t link_next(struct worker *worker, uint32_t id)
{
    return link_at(worker, id)->next;
}

static uint32_t *list_of(struct worker *worker, uint32_t stream, uint32_t which)
{
    struct stream *tied = &worker->streams[stream];
    return which == LINK_WATCH ? &tied->watchers : &tied->waiters;
}

void link_tie(struct worker *worker, struct endpoint *endpoint, uint32_t slot, uint32_t which,
              uint32_t stream)
{
    struct link *link = &endpoint->slots[slot].links[which];
    assert(link->stream == INDEX_NONE && stream != INDEX_NONE);
    uint32_t *first = list_of(worker, stream, which);
    uint32_t id = link_id(endpoint, slot, which);
    *link = (struct link){.stream = stream, .next = *first, .previous = INDEX_NONE};
    if (*first != INDEX_NONE)
        link_at(worker, *first)->previous = id;
    *first = id;
    stream_on_wanted(worker, stream);
}

void link_untie(struct worker *worker, struct endpoint *endpoint, uint32_t slot, uint32_t which)
{
    struct link *link = &endpoint->slots[slot].links[which];
    if (link->stream == INDEX_NONE)
        return;
    uint32_t stream = link->stream;
    if (link->previous != INDEX_NONE)
        link_at(worker, link->previous)->next = link->next;
    else
        *list_of(worker, stream, which) = link->next;
    if (link->next != INDEX_NONE)
        link_at(worker, link->next)->previous = link->previous;
    link->stream = INDEX_NONE;
    stream_on_wanted(worker, stream);
}
