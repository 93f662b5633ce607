/* Setting text: layouts in Tinos, cut into lines that flow over pages. One document, one thread.
 *
 * Failure is sticky, as with `struct wr`: after the first error nothing more is added, and the
 * caller looks at `err` once, at the end. */
#ifndef MEETING_EDGE_PAPER_TYPESET_H
#define MEETING_EDGE_PAPER_TYPESET_H

#include <pango/pangocairo.h>

#include "base/err.h"
#include "meeting/edge/paper/flow.h"
#include "meeting/edge/paper/paper.h"

#define TYPESET_PT_PER_MM (72.0 / 25.4)
/* A line of Times at single spacing: ascent, descent and gap are 1.149 of the type size. */
#define TYPESET_SINGLE 1.149

struct typeset {
    PangoFontMap *map;
    PangoContext *context;
    GPtrArray *layouts; /* owns every layout made */
    GPtrArray *boxes;   /* owns what typeset_take() gave */
    struct flow flow;
    enum err err;
};

/* How a paragraph looks; lengths in points. */
struct typeset_style {
    double size;
    double x; /* left edge, from the page's */
    double width;
    double indent;  /* of the first line */
    double gap;     /* before the paragraph */
    double spacing; /* line spacing as the decree counts it: 1.0 to 1.5 */
    PangoAlignment align;
    bool justify;
    bool bold;
    bool italic;
    bool keep_next; /* stays with the paragraph behind it */
    bool gaps;      /* the text may hold gaps: typeset_gap() */
};

void typeset_init(struct typeset *set);
void typeset_done(struct typeset *set);

/* Zeroed memory that lives as long as `set`. Never NULL. */
void *typeset_take(struct typeset *set, size_t size);

enum { TYPESET_GAP_BYTES = 4, TYPESET_GAP_MAX_MM = 63 };
/* A letter that stands for empty room of that width, for texts set with `gaps`. */
void typeset_gap(int width_mm, char ret_letter[TYPESET_GAP_BYTES]);

/* A layout of its own, for boxes that draw themselves; NULL once failed. Borrowed. */
PangoLayout *typeset_layout(struct typeset *set, const char *text,
                            const struct typeset_style *style);
/* Evens out the lines of a centred heading, so that no word is left alone. Accepts NULL. */
void typeset_balance(PangoLayout *layout);
/* Runs, each bold or italic as it says; `style` gives the rest. `kind` marks the items. */
void typeset_add_runs(struct typeset *set, int kind, const struct paper_run *runs, size_t count,
                      const struct typeset_style *style);
void typeset_add_text(struct typeset *set, int kind, const char *text,
                      const struct typeset_style *style);
void typeset_add_item(struct typeset *set, struct flow_item item);

/* Height of one line of `size` at `spacing`. */
double typeset_line_height(double size, double spacing);
/* Height of a layout set line under line at `spacing`, and the width of its widest line. */
double typeset_layout_height(PangoLayout *layout, double size, double spacing);
double typeset_layout_width(PangoLayout *layout);
/* Where the gap of byte `index` begins, from the layout's left edge, and in which line it is. */
double typeset_gap_x(PangoLayout *layout, int index, int *ret_line);

/* Draws one line of a layout: its box begins at (x, y) and is `height` high. */
void typeset_draw_line(cairo_t *cr, PangoLayout *layout, uint32_t line, double x, double y,
                       double height);
/* Draws a whole layout from (x, y) downwards; gives the y below it. */
double typeset_draw_layout(cairo_t *cr, PangoLayout *layout, double size, double spacing, double x,
                           double y);

#endif
