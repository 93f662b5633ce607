#include "meeting/edge/paper/typeset.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/font.h"

/* -- letters that are drawn, not taken from the font ---------------------------------------------
 */

enum shape { SHAPE_GAP = 1, SHAPE_BOX, SHAPE_CHECKED };

#define BOX_ADVANCE 0.86 /* of the type size, as all of these */
#define BOX_SIDE 0.66
#define BOX_BEARING 0.10
#define BOX_STROKE 0.05
#define SHAPE_ASCENT 0.7

enum { GAP_BASE = 0xE000 /* private use: no text of the record has such letters printed */ };

static void draw_shape(cairo_t *cr, PangoAttrShape *shape, gboolean do_path, gpointer data)
{
    (void)do_path;
    (void)data;
    intptr_t kind = (intptr_t)shape->data;
    if (kind == SHAPE_GAP)
        return;
    double x = 0;
    double y = 0;
    double em = (double)shape->logical_rect.width / PANGO_SCALE / BOX_ADVANCE;
    double side = BOX_SIDE * em;
    cairo_get_current_point(cr, &x, &y);
    cairo_new_path(cr);
    cairo_set_line_width(cr, BOX_STROKE * em);
    cairo_rectangle(cr, x + BOX_BEARING * em, y - side, side, side);
    if (kind == SHAPE_CHECKED) {
        cairo_move_to(cr, x + (BOX_BEARING + 0.12) * em, y - 0.34 * em);
        cairo_line_to(cr, x + (BOX_BEARING + 0.27) * em, y - 0.14 * em);
        cairo_line_to(cr, x + (BOX_BEARING + 0.55) * em, y - 0.55 * em);
    }
    cairo_stroke(cr);
}

void typeset_gap(int width_mm, char ret_letter[TYPESET_GAP_BYTES])
{
    assert(width_mm > 0 && width_mm <= TYPESET_GAP_MAX_MM);
    ret_letter[g_unichar_to_utf8((gunichar)(GAP_BASE + width_mm), ret_letter)] = '\0';
}

static enum shape shape_of(gunichar letter, const struct typeset_style *style, double *ret_width)
{
    *ret_width = BOX_ADVANCE * style->size;
    if (letter == 0x2610)
        return SHAPE_BOX;
    if (letter == 0x2611)
        return SHAPE_CHECKED;
    if (!style->gaps || letter <= GAP_BASE || letter > GAP_BASE + TYPESET_GAP_MAX_MM)
        return 0;
    *ret_width = (double)(letter - GAP_BASE) * TYPESET_PT_PER_MM;
    return SHAPE_GAP;
}

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t start, size_t end)
{
    attribute->start_index = (guint)start;
    attribute->end_index = (guint)end;
    pango_attr_list_insert(list, attribute);
}

static void add_shapes(PangoAttrList *attributes, const GString *text,
                       const struct typeset_style *style)
{
    for (char *at = text->str; *at;) {
        double width;
        enum shape shape = shape_of(g_utf8_get_char(at), style, &width);
        char *next = g_utf8_next_char(at);
        if (shape) {
            int ascent = (int)(SHAPE_ASCENT * style->size * PANGO_SCALE);
            PangoRectangle box = {0, -ascent, (int)(width * PANGO_SCALE), ascent};
            PangoAttribute *drawn =
                pango_attr_shape_new_with_data(&box, &box, (gpointer)(intptr_t)shape, NULL, NULL);
            add_attribute(attributes, drawn, (size_t)(at - text->str), (size_t)(next - text->str));
        }
        at = next;
    }
}

/* -- layouts -------------------------------------------------------------------------------------
 */

void typeset_init(struct typeset *set)
{
    *set = (struct typeset){.boxes = g_ptr_array_new_with_free_func(g_free)};
    set->err = font_map_create(&set->map);
    if (set->err != ERR_OK)
        return;
    set->context = font_context_create(set->map);
    pango_cairo_context_set_shape_renderer(set->context, draw_shape, NULL, NULL);
    set->layouts = g_ptr_array_new_with_free_func(g_object_unref);
}

void typeset_done(struct typeset *set)
{
    flow_done(&set->flow);
    if (set->layouts)
        g_ptr_array_free(set->layouts, TRUE);
    g_ptr_array_free(set->boxes, TRUE);
    if (set->context)
        g_object_unref(set->context);
    font_map_destroy(set->map);
}

void *typeset_take(struct typeset *set, size_t size)
{
    void *box = g_malloc0(size);
    g_ptr_array_add(set->boxes, box);
    return box;
}

double typeset_line_height(double size, double spacing)
{
    return size * TYPESET_SINGLE * spacing;
}

/* The runs' text in one piece, with attributes where they are bold or italic. ERR_FORMAT: no UTF-8.
 */
static enum err join_runs(const struct paper_run *runs, size_t count, GString *text,
                          PangoAttrList *attributes)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes piece = bytes_of(runs[i].text ? runs[i].text : "");
        if (!utf8_valid(piece))
            return ERR_FORMAT;
        size_t start = text->len;
        g_string_append_len(text, (const char *)piece.data, (gssize)piece.size);
        if (runs[i].bold)
            add_attribute(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD), start, text->len);
        if (runs[i].italic)
            add_attribute(attributes, pango_attr_style_new(PANGO_STYLE_ITALIC), start, text->len);
    }
    return ERR_OK;
}

static PangoLayout *make_layout(struct typeset *set, const struct paper_run *runs, size_t count,
                                const struct typeset_style *style)
{
    if (set->err != ERR_OK)
        return NULL;
    GString *text = g_string_new(NULL);
    PangoAttrList *attributes = pango_attr_list_new();
    set->err = join_runs(runs, count, text, attributes);
    PangoLayout *layout = pango_layout_new(set->context);
    g_ptr_array_add(set->layouts, layout);
    if (set->err == ERR_OK) {
        PangoFontDescription *font = font_describe(style->size, style->bold, style->italic);
        pango_layout_set_font_description(layout, font);
        pango_font_description_free(font);
        pango_layout_set_width(layout, (int)(style->width * PANGO_SCALE));
        pango_layout_set_indent(layout, (int)(style->indent * PANGO_SCALE));
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_alignment(layout, style->align);
        pango_layout_set_justify(layout, style->justify);
        add_shapes(attributes, text, style);
        /* A word too long for its line is parted as it is: a hyphen would be copied out with it. */
        add_attribute(attributes, pango_attr_insert_hyphens_new(FALSE), 0, text->len);
        pango_layout_set_attributes(layout, attributes);
        pango_layout_set_text(layout, text->str, (int)text->len);
        /* A letter that Tinos lacks would be printed as a box: the paper is refused instead. */
        if (pango_layout_get_unknown_glyphs_count(layout) > 0)
            set->err = ERR_UNKNOWN;
    }
    pango_attr_list_unref(attributes);
    g_string_free(text, TRUE);
    return set->err == ERR_OK ? layout : NULL;
}

PangoLayout *typeset_layout(struct typeset *set, const char *text,
                            const struct typeset_style *style)
{
    struct paper_run run = {.text = text};
    return make_layout(set, &run, 1, style);
}

/* Fixes the present line breaks, so that the layout can be as wide as before. */
static void freeze_breaks(PangoLayout *layout)
{
    char *text = g_strdup(pango_layout_get_text(layout));
    for (int i = 1; i < pango_layout_get_line_count(layout); i++) {
        int start = pango_layout_get_line_readonly(layout, i)->start_index;
        if (start > 0 && text[start - 1] == ' ')
            text[start - 1] = '\n';
    }
    pango_layout_set_text(layout, text, -1);
    g_free(text);
}

void typeset_balance(PangoLayout *layout)
{
    if (!layout)
        return;
    int full = pango_layout_get_width(layout);
    int lines = pango_layout_get_line_count(layout);
    if (lines < 2)
        return;
    int width = full;
    while (width > full / 2 && pango_layout_get_line_count(layout) == lines) {
        width -= full / 50;
        pango_layout_set_width(layout, width);
    }
    pango_layout_set_width(layout, width + full / 50);
    freeze_breaks(layout);
    pango_layout_set_width(layout, full);
}

void typeset_add_item(struct typeset *set, struct flow_item item)
{
    if (set->err == ERR_OK)
        set->err = flow_add(&set->flow, item);
}

void typeset_add_runs(struct typeset *set, int kind, const struct paper_run *runs, size_t count,
                      const struct typeset_style *style)
{
    PangoLayout *layout = make_layout(set, runs, count, style);
    if (!layout)
        return;
    int lines = pango_layout_get_line_count(layout);
    for (int i = 0; i < lines; i++) {
        bool last = i == lines - 1;
        /* No line stands alone: the first two and the last two of a paragraph stay together. */
        bool keep = last ? style->keep_next : i == 0 || i == lines - 2;
        typeset_add_item(set, (struct flow_item){
                                  .kind = kind,
                                  .layout = layout,
                                  .line = (uint32_t)i,
                                  .gap = i == 0 ? style->gap : 0,
                                  .height = typeset_line_height(style->size, style->spacing),
                                  .keep_next = keep,
                              });
    }
}

void typeset_add_text(struct typeset *set, int kind, const char *text,
                      const struct typeset_style *style)
{
    struct paper_run run = {.text = text};
    typeset_add_runs(set, kind, &run, 1, style);
}

double typeset_layout_height(PangoLayout *layout, double size, double spacing)
{
    return layout ? pango_layout_get_line_count(layout) * typeset_line_height(size, spacing) : 0;
}

double typeset_gap_x(PangoLayout *layout, int index, int *ret_line)
{
    PangoRectangle at;
    int line = 0;
    pango_layout_index_to_pos(layout, index, &at);
    pango_layout_index_to_line_x(layout, index, FALSE, &line, NULL);
    *ret_line = line;
    return (double)at.x / PANGO_SCALE;
}

double typeset_layout_width(PangoLayout *layout)
{
    PangoRectangle logical = {0};
    if (layout)
        pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

void typeset_draw_line(cairo_t *cr, PangoLayout *layout, uint32_t line, double x, double y,
                       double height)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    for (uint32_t i = 0; i < line; i++)
        (void)pango_layout_iter_next_line(iter);
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    double ascent = (double)(pango_layout_iter_get_baseline(iter) - logical.y) / PANGO_SCALE;
    double above = (height - (double)logical.height / PANGO_SCALE) / 2;
    cairo_move_to(cr, x + (double)logical.x / PANGO_SCALE, y + above + ascent);
    pango_cairo_show_layout_line(cr, pango_layout_iter_get_line_readonly(iter));
    pango_layout_iter_free(iter);
}

double typeset_draw_layout(cairo_t *cr, PangoLayout *layout, double size, double spacing, double x,
                           double y)
{
    if (!layout)
        return y;
    double height = typeset_line_height(size, spacing);
    int lines = pango_layout_get_line_count(layout);
    for (int i = 0; i < lines; i++, y += height)
        typeset_draw_line(cr, layout, (uint32_t)i, x, y, height);
    return y;
}
