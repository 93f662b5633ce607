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
    uint32_t endpoint = id >> (SLOTS_SHIFT + LINKS_SHIFT);
    uint32_t slot = (id >> LINKS_SHIFT) & ((1 << SLOTS_SHIFT) - 1);
    uint32_t which = id & ((1 << LINKS_SHIFT) - 1);
    if (which == LINK_WATCH)
        return &worker->feeds[(size_t)endpoint * SESSION_SLOTS + slot].watch;
    return &worker->endpoints[endpoint].slots[slot].waits[which - LINK_WAIT_FIRST];
}

void link_pend(struct worker *worker, uint32_t id)
{
    outlet_pend(worker, id >> (SLOTS_SHIFT + LINKS_SHIFT),
                (id >> LINKS_SHIFT) & ((1 << SLOTS_SHIFT) - 1));
}

void link_fetch(const struct worker *worker, uint32_t id)
{
    uint32_t endpoint = id >> (SLOTS_SHIFT + LINKS_SHIFT);
    uint32_t slot = (id >> LINKS_SHIFT) & ((1 << SLOTS_SHIFT) - 1);
    if (endpoint >= worker->config.endpoints || slot >= SESSION_SLOTS)
        return;
    __builtin_prefetch(&worker->feeds[(size_t)endpoint * SESSION_SLOTS + slot].watch, 1);
    __builtin_prefetch(&worker->outlets[endpoint], 1);
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
    uint32_t id = link_id(endpoint, slot, which);
    struct link *link = link_at(worker, id);
    assert(link->stream == INDEX_NONE && stream != INDEX_NONE);
    uint32_t *first = list_of(worker, stream, which);
    *link = (struct link){.stream = stream, .next = *first, .previous = INDEX_NONE};
    if (*first != INDEX_NONE)
        link_at(worker, *first)->previous = id;
    *first = id;
    stream_on_wanted(worker, stream);
}

void link_untie(struct worker *worker, struct endpoint *endpoint, uint32_t slot, uint32_t which)
{
    struct link *link = link_at(worker, link_id(endpoint, slot, which));
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
