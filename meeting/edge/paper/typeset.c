#include "meeting/edge/paper/typeset.h"

#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/font.h"

void typeset_init(struct typeset *set)
{
    *set = (struct typeset){0};
    set->err = font_map_create(&set->map);
    if (set->err != ERR_OK)
        return;
    set->context = font_context_create(set->map);
    set->layouts = g_ptr_array_new_with_free_func(g_object_unref);
}

void typeset_done(struct typeset *set)
{
    flow_done(&set->flow);
    if (set->layouts)
        g_ptr_array_free(set->layouts, TRUE);
    if (set->context)
        g_object_unref(set->context);
    font_map_destroy(set->map);
}

double typeset_line_height(double size, double spacing)
{
    return size * TYPESET_SINGLE * spacing;
}

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t start, size_t end)
{
    attribute->start_index = (guint)start;
    attribute->end_index = (guint)end;
    pango_attr_list_insert(list, attribute);
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
