/* The parts of the minutes: what is set where, and where the signature fields come to lie. Only
 * minutes_pdf.c uses this. Lengths in points from the page's top left corner. */
#ifndef MEETING_EDGE_PAPER_MINUTES_LAYOUT_H
#define MEETING_EDGE_PAPER_MINUTES_LAYOUT_H

#include "meeting/edge/paper/typeset.h"

/* Nghị định 30/2020, Appendix I, part I: A4; margins 20–25 above and below, 30–35 left, 15–20 right
 * (mm). */
#define MINUTES_PAGE_WIDTH (210 * TYPESET_PT_PER_MM)
#define MINUTES_PAGE_HEIGHT (297 * TYPESET_PT_PER_MM)
#define MINUTES_LEFT (30 * TYPESET_PT_PER_MM)
#define MINUTES_TOP (20 * TYPESET_PT_PER_MM)
#define MINUTES_RIGHT (190 * TYPESET_PT_PER_MM)
#define MINUTES_BOTTOM (275 * TYPESET_PT_PER_MM)
#define MINUTES_WIDTH (MINUTES_RIGHT - MINUTES_LEFT)

enum minutes_kind {
    MINUTES_LINE,      /* a line of running text */
    MINUTES_RECIPIENT, /* a line of "Nơi nhận" */
    MINUTES_HEAD,      /* agency, national title, number */
    MINUTES_TITLE,     /* BIÊN BẢN and its subject */
    MINUTES_ENDING,    /* the two signature blocks */
    MINUTES_CHECK,     /* QR code and what it is for; takes no height of its own */
    MINUTES_SPACE,
};

struct minutes_rect {
    double x;
    double y;
    double width;
    double height;
};

struct minutes_fields {
    uint32_t page;
    struct minutes_rect secretary;
    struct minutes_rect chair;
    struct minutes_rect agency;
};

struct minutes_layout {
    const struct minutes_paper *paper;
    struct typeset set;
    PangoLayout *nation;
    PangoLayout *motto;
    PangoLayout *parent; /* NULL if absent */
    PangoLayout *body;
    PangoLayout *number;
    PangoLayout *type;
    PangoLayout *subject;
    PangoLayout *secretary_title;
    PangoLayout *secretary_name;
    PangoLayout *chair_title;
    PangoLayout *chair_name;
    PangoLayout *check;
};

/* Sets everything and breaks it into pages. Always to be ended by minutes_layout_done(). */
MUST_USE enum err minutes_layout_init(struct minutes_layout *layout,
                                      const struct minutes_paper *paper);
void minutes_layout_done(struct minutes_layout *layout);

/* Draws page `page` (from 0). Fills *ret_fields when the signature blocks are on it. */
MUST_USE enum err minutes_draw_page(const struct minutes_layout *layout, uint32_t page, cairo_t *cr,
                                    struct minutes_fields *ret_fields);

/* Heights of the boxes, which setting and drawing must agree on. */
double minutes_head_height(const struct minutes_layout *layout);
double minutes_title_height(const struct minutes_layout *layout);
double minutes_ending_height(const struct minutes_layout *layout);

#define MINUTES_SIZE 14.0       /* body: 13–14 */
#define MINUTES_HEAD_SIZE 12.0  /* quốc hiệu and agency: 12–13 */
#define MINUTES_MOTTO_SIZE 13.0 /* tiêu ngữ: 13–14 when the quốc hiệu is 12–13 */
#define MINUTES_NUMBER_SIZE 13.0
#define MINUTES_PAGE_NUMBER_SIZE 13.0
#define MINUTES_CHECK_SIZE 9.0
#define MINUTES_CHECK_SIDE (26 * TYPESET_PT_PER_MM)
#define MINUTES_CHECK_SPACING 1.1
#define MINUTES_HEAD_LEFT_WIDTH (68 * TYPESET_PT_PER_MM)
#define MINUTES_HEAD_RIGHT_WIDTH (92 * TYPESET_PT_PER_MM)
#define MINUTES_BLOCK_WIDTH (75 * TYPESET_PT_PER_MM)
#define MINUTES_SIGN_HEIGHT (28 * TYPESET_PT_PER_MM)

#endif
