#include "meeting/edge/paper/page.h"

#include <assert.h>

#include "base/text.h"

void page_place_add(struct page_places *places, struct page_place place)
{
    assert(places->count < PAGE_PLACES_MAX);
    places->places[places->count++] = place;
}

bool page_given(const char *text)
{
    return text && *text;
}

PangoLayout *page_centred(struct typeset *set, const char *text, double size, double width,
                          bool bold, bool capitals)
{
    struct typeset_style style = {.size = size,
                                  .width = width,
                                  .spacing = 1.0,
                                  .align = PANGO_ALIGN_CENTER,
                                  .bold = bold,
                                  .gaps = true};
    if (!page_given(text))
        return NULL;
    if (!utf8_valid(bytes_of(text))) {
        set->err = set->err == ERR_OK ? ERR_FORMAT : set->err;
        return NULL;
    }
    char *upper = capitals ? g_utf8_strup(text, -1) : g_strdup(text);
    PangoLayout *layout = typeset_layout(set, upper, &style);
    typeset_balance(layout);
    g_free(upper);
    return layout;
}

void page_draw_rule(cairo_t *cr, double centre, double y, double length)
{
    cairo_set_line_width(cr, PAGE_RULE_WIDTH);
    cairo_move_to(cr, centre - length / 2, y);
    cairo_line_to(cr, centre + length / 2, y);
    cairo_stroke(cr);
}
