/* The end of a paper: who signs, by what right, and who receives it (Nghị định 30/2020, Appendix I,
 * II.7–9). One signer stands on the right, beside "Nơi nhận"; of the minutes' two, thư ký on the
 * left and chủ tọa on the right, with "Nơi nhận" below (Appendix III, mẫu 1.9). */
#ifndef MEETING_EDGE_PAPER_ENDING_H
#define MEETING_EDGE_PAPER_ENDING_H

#include "meeting/edge/paper/page.h"

struct ending_block {
    PangoLayout *title; /* rights and titles, line by line */
    PangoLayout *name;
    double x;
    double width;
};

struct ending {
    const struct paper *paper;
    struct ending_block blocks[PAPER_SIGNERS_MAX];
    size_t block_count;
    PangoLayout *recipients_head;
    PangoLayout **recipients; /* "Lưu" last */
    size_t recipient_count;
    size_t beside; /* so many of them stand beside the signature; the others flow below it */
    PangoLayout *check;
};

/* Needs: 1 or 2 signers. */
void ending_set(struct ending *ending, struct typeset *set, const struct paper *paper);

double ending_height(const struct ending *ending);
void ending_draw(const struct ending *ending, cairo_t *cr, double y);
void ending_add_places(const struct ending *ending, uint32_t page, double y,
                       struct page_places *places);

/* A recipient that flows below; its lines are the items of its layout. */
double ending_recipient_height(PangoLayout *layout);
double ending_recipients_head_height(void);
void ending_draw_recipient(PangoLayout *layout, cairo_t *cr, double y);
void ending_draw_recipients_head(const struct ending *ending, cairo_t *cr, double y);

/* The QR code and what it is for, in the right half. ERR_LIMIT: the address is too long for it. */
#define ENDING_CHECK_SIDE (26 * TYPESET_PT_PER_MM)
MUST_USE enum err ending_draw_check(const struct ending *ending, cairo_t *cr, double y);

#endif
