/* A paper set in type and broken into pages: from values to positions, without drawing anything.
 * paper_draw_page() then draws any page of it, in any order. One document, one thread. */
#ifndef MEETING_EDGE_PAPER_PAPER_LAYOUT_H
#define MEETING_EDGE_PAPER_PAPER_LAYOUT_H

#include "meeting/edge/paper/ending.h"
#include "meeting/edge/paper/head.h"
#include "meeting/edge/paper/page.h"

enum paper_item {
    PAPER_ITEM_LINE,            /* a line of running text */
    PAPER_ITEM_ROW,             /* a line of a table's row */
    PAPER_ITEM_HEAD,            /* agency, national title, number */
    PAPER_ITEM_TITLE,           /* the kind and its subject */
    PAPER_ITEM_ENDING,          /* the signature blocks, with recipients beside them */
    PAPER_ITEM_CHECK,           /* QR code and what it is for; takes no height of its own */
    PAPER_ITEM_RECIPIENTS_HEAD, /* "Nơi nhận:" below the signatures */
    PAPER_ITEM_RECIPIENT,
    PAPER_ITEM_ANNEX, /* an annex's title: begins a page and a count of pages */
    PAPER_ITEM_SPACE,
};

struct paper_layout {
    const struct paper *paper;
    struct typeset set;
    struct head head;
    struct ending ending;
};

/* What stands above an annex. */
struct annex_head {
    PangoLayout *number;
    PangoLayout *title; /* NULL if absent */
    PangoLayout *reference;
};

/* Sets everything and breaks it into pages. Always to be ended by paper_layout_done(). Errors as
 * paper_pdf_write(). */
MUST_USE enum err paper_layout_init(struct paper_layout *layout, const struct paper *paper);
void paper_layout_done(struct paper_layout *layout);

/* Draws page `page` (from 0); adds the fields that lie on it. */
MUST_USE enum err paper_draw_page(struct paper_layout *layout, uint32_t page, cairo_t *cr,
                                  struct page_places *places);

#endif
