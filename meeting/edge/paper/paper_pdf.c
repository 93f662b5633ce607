#include "meeting/edge/paper/paper_pdf.h"

#include <cairo-pdf.h>
#include <string.h>

#include "meeting/edge/paper/fields.h"
#include "meeting/edge/paper/paper_layout.h"

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned int size)
{
    struct bytes bytes = {data, size};
    return buffer_put(closure, bytes) == ERR_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* A page more, with the digits in which the clerk's fields will be filled, so that their fonts are
 * in the file before anybody signs; fields_add() takes it out again. */
static enum err draw_digits(struct paper_layout *layout, cairo_t *cr,
                            const struct page_places *places)
{
    bool drawn = false;
    for (uint32_t i = 0; i < places->count; i++) {
        if (!places->places[i].text)
            continue;
        struct typeset_style style = {
            .size = PAGE_LINE_SIZE,
            .width = PAGE_TEXT_WIDTH,
            .spacing = 1.0,
            .italic = strcmp(places->places[i].name, PAPER_FIELD_DATE) == 0,
        };
        PangoLayout *digits = typeset_layout(&layout->set, "0123456789", &style);
        (void)typeset_draw_layout(cr, digits, PAGE_LINE_SIZE, 1.0, PAGE_LEFT,
                                  PAGE_NUMBER_Y + i * PAGE_LINE_SIZE);
        drawn = true;
    }
    if (drawn)
        cairo_show_page(cr);
    return layout->set.err;
}

static enum err draw(struct paper_layout *layout, struct buffer *pdf, struct page_places *places)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(collect, pdf, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_t *cr = cairo_create(surface);
    enum err err = ERR_OK;
    for (uint32_t page = 0; err == ERR_OK && page < layout->set.flow.pages; page++) {
        err = paper_draw_page(layout, page, cr, places);
        cairo_show_page(cr);
    }
    if (err == ERR_OK)
        err = draw_digits(layout, cr, places);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (err == ERR_OK && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        err = ERR_NO_MEMORY;
    cairo_surface_destroy(surface);
    return err;
}

/* The layout counts from the top, PDF from the bottom. */
static struct field_place place_of(const struct page_place *place)
{
    const struct page_rect *rect = &place->rect;
    return (struct field_place){
        .name = place->name,
        .tooltip = place->tooltip,
        .text = place->text,
        .page = place->page,
        .rect = {rect->x, PAGE_HEIGHT - rect->y - rect->height, rect->x + rect->width,
                 PAGE_HEIGHT - rect->y},
    };
}

static enum err finish(struct bytes pdf, const struct paper *paper,
                       const struct page_places *places, struct buffer *ret_pdf)
{
    struct field_place fields[PAGE_PLACES_MAX];
    char *title = g_strdup_printf("%s: %s", paper_kind_name(paper->kind),
                                  paper->subject ? paper->subject : "");
    struct archive_facts facts = {
        .title = title,
        .author = paper->issuing_body ? paper->issuing_body : "",
        .made_at = paper->made_at,
    };
    size_t count = 0;
    for (int texts = 0; texts <= 1; texts++) /* signatures first */
        for (uint32_t i = 0; i < places->count; i++)
            if (places->places[i].text == (texts == 1))
                fields[count++] = place_of(&places->places[i]);
    enum err err = fields_add(pdf, fields, count, &facts, ret_pdf);
    g_free(title);
    return err;
}

enum err paper_pdf_write(const struct paper *paper, struct buffer *ret_pdf)
{
    struct paper_layout layout;
    struct page_places places = {.count = 0};
    struct buffer drawn = {0};
    enum err err = paper_layout_init(&layout, paper);
    if (err == ERR_OK)
        err = draw(&layout, &drawn, &places);
    if (err == ERR_OK)
        err = finish(buffer_bytes(&drawn), paper, &places, ret_pdf);
    buffer_done(&drawn);
    paper_layout_done(&layout);
    return err;
}
