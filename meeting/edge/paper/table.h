/* Tables in a paper: cells of several lines, a header that stands again on every page, rows that
 * are parted only when one is higher than a page. Each line of a row is an item of the flow, and
 * draws its part of the frame. */
#ifndef MEETING_EDGE_PAPER_TABLE_H
#define MEETING_EDGE_PAPER_TABLE_H

#include "meeting/edge/paper/page.h"

/* Adds the table's lines as items of `kind`. Needs: 1 … PAPER_COLUMNS_MAX columns. */
void table_add(struct typeset *set, int kind, const struct paper_table *table);

/* Draws item `at` of the flow, with the header above it where it is led. */
void table_draw_item(const struct flow *flow, size_t at, cairo_t *cr);

#endif
