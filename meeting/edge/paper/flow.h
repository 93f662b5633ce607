/* Breaking a document into pages: a list of items, each a line of text or a box, and the rules of
 * what must stay together. Fill it with flow_add(), place it with flow_paginate(); drawing is the
 * caller's. Units are points (1/72 inch), y grows downwards from the page's top edge. Pure. */
#ifndef MEETING_EDGE_PAPER_FLOW_H
#define MEETING_EDGE_PAPER_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct flow_item {
    int kind;         /* the caller's */
    void *layout;     /* the caller's: what it draws */
    uint32_t line;    /* the caller's: which line of the layout */
    double gap;       /* before the item; falls away at the top of a page */
    double height;    /* what it takes */
    bool keep_next;   /* may not be the last of its page */
    bool begins_page; /* is always the first of its page */
    double lead;      /* room above it when a page begins with it: a table's header, drawn again */
    /* Set by flow_paginate(). */
    uint32_t page; /* from 0 */
    double y;      /* of the item's top, below its lead */
    bool led;      /* the lead is above it */
};

struct flow {
    struct flow_item *items;
    size_t count;
    size_t capacity;
    uint32_t pages;
};

MUST_USE enum err flow_add(struct flow *flow, struct flow_item item);
void flow_done(struct flow *flow);

/* Places every item between `top` and `bottom`. A chain of items kept together that is higher than
 * a page is broken wherever the page ends. ERR_LIMIT over `pages_max`. */
MUST_USE enum err flow_paginate(struct flow *flow, double top, double bottom, uint32_t pages_max);

#endif
