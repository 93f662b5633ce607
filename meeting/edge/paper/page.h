/* The page and the type of Nghị định 30/2020, Appendix I, part I: what all parts of a layout share.
 * Lengths in points from the page's top left corner. The decree's range stands behind each. */
#ifndef MEETING_EDGE_PAPER_PAGE_H
#define MEETING_EDGE_PAPER_PAGE_H

#include <stdbool.h>

#include "meeting/edge/paper/typeset.h"

/* A4; margins 20–25 above and below, 30–35 left, 15–20 right (mm). */
#define PAGE_WIDTH (210 * TYPESET_PT_PER_MM)
#define PAGE_HEIGHT (297 * TYPESET_PT_PER_MM)
#define PAGE_LEFT (30 * TYPESET_PT_PER_MM)
#define PAGE_TOP (20 * TYPESET_PT_PER_MM)
#define PAGE_RIGHT (190 * TYPESET_PT_PER_MM)
#define PAGE_BOTTOM (275 * TYPESET_PT_PER_MM)
#define PAGE_TEXT_WIDTH (PAGE_RIGHT - PAGE_LEFT)
#define PAGE_NUMBER_Y (10 * TYPESET_PT_PER_MM) /* in the top margin */

#define PAGE_BODY_SIZE 14.0 /* body, titles, names: 13–14 */
#define PAGE_HEAD_SIZE 12.0 /* quốc hiệu and agency: 12–13 */
#define PAGE_LINE_SIZE 13.0 /* tiêu ngữ, place and date, page numbers: 13–14; number: 13 */

#define PAGE_RULE_WIDTH 0.6
#define PAGE_RULE_GAP 2.5    /* between a text and the rule under it */
#define PAGE_RULE_SHARE 0.42 /* of the text: one third to one half */

struct page_rect {
    double x;
    double y;
    double width;
    double height;
};

/* Where a form field comes to lie. */
struct page_place {
    const char *name; /* PAPER_FIELD_… */
    const char *tooltip;
    bool text; /* a text field; else a signature */
    uint32_t page;
    struct page_rect rect;
};

enum { PAGE_PLACES_MAX = 8 };

struct page_places {
    struct page_place places[PAGE_PLACES_MAX];
    uint32_t count;
};

/* Needs: room. */
void page_place_add(struct page_places *places, struct page_place place);
/* A centred layout, in capitals where the decree wants them; its lines evened out. NULL for an
 * absent text and once failed. */
PangoLayout *page_centred(struct typeset *set, const char *text, double size, double width,
                          bool bold, bool capitals);
void page_draw_rule(cairo_t *cr, double centre, double y, double length);
bool page_given(const char *text);

#endif
