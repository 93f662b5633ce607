#include "meeting/edge/paper/flow.h"

#include <assert.h>
#include <stdlib.h>

enum err flow_add(struct flow *flow, struct flow_item item)
{
    if (flow->count == flow->capacity) {
        size_t capacity = flow->capacity ? 2 * flow->capacity : 64;
        struct flow_item *items = reallocarray(flow->items, capacity, sizeof *items);
        if (!items)
            return ERR_NO_MEMORY;
        flow->items = items;
        flow->capacity = capacity;
    }
    flow->items[flow->count++] = item;
    return ERR_OK;
}

void flow_done(struct flow *flow)
{
    free(flow->items);
    *flow = (struct flow){0};
}

/* The height of item `first` and all that it may not be parted from. */
static double chain_height(const struct flow *flow, size_t first)
{
    double height = flow->items[first].height;
    for (size_t i = first; i + 1 < flow->count && flow->items[i].keep_next; i++)
        height += flow->items[i + 1].gap + flow->items[i + 1].height;
    return height;
}

enum err flow_paginate(struct flow *flow, double top, double bottom, uint32_t pages_max)
{
    assert(bottom > top);
    uint32_t page = 0;
    double y = top;
    for (size_t i = 0; i < flow->count; i++) {
        struct flow_item *item = &flow->items[i];
        double gap = y > top ? item->gap : 0;
        double need = chain_height(flow, i);
        if (need > bottom - top)
            need = item->height;
        if (y > top && (item->begins_page || y + gap + need > bottom)) {
            page++;
            y = top;
            gap = 0;
        }
        if (page >= pages_max)
            return ERR_LIMIT;
        item->page = page;
        item->led = y <= top && item->lead > 0;
        item->y = y + gap + (item->led ? item->lead : 0);
        y = item->y + item->height;
    }
    flow->pages = page + 1;
    return ERR_OK;
}
