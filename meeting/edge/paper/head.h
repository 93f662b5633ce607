/* The head of a paper: quốc hiệu and tiêu ngữ on the right, agency and number on the left, place
 * and date in one line with the number, stamps of urgency and circulation below it; and the title
 * with its subject (Nghị định 30/2020, Appendix I, II.1–5 and III.2). */
#ifndef MEETING_EDGE_PAPER_HEAD_H
#define MEETING_EDGE_PAPER_HEAD_H

#include "meeting/edge/paper/page.h"

struct head {
    const struct paper *paper;
    PangoLayout *nation;
    PangoLayout *motto;
    PangoLayout *parent; /* NULL if absent, as all below */
    PangoLayout *body;
    PangoLayout *number;
    PangoLayout *date;
    PangoLayout *urgency;
    PangoLayout *circulation;
    PangoLayout *type;
    PangoLayout *subject;
};

void head_set(struct head *head, struct typeset *set, const struct paper *paper);

double head_height(const struct head *head);
void head_draw(const struct head *head, cairo_t *cr, double y);
/* The fields for number and date, of a head that begins at `y` on page 0. */
void head_add_places(const struct head *head, double y, struct page_places *places);

double head_title_height(const struct head *head);
void head_draw_title(const struct head *head, cairo_t *cr, double y);

/* "Số 05/NQ-HĐND ngày 05 tháng 12 năm 2026", with gaps where the clerk has not given them yet:
 * what annexes refer to. Freed by g_free(). */
char *head_write_reference(const struct paper *paper);

#endif
