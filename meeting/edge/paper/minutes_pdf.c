#include "meeting/edge/paper/minutes_pdf.h"

#include <cairo-pdf.h>

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/fields.h"
#include "meeting/edge/paper/minutes_layout.h"

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned int size)
{
    struct bytes bytes = {data, size};
    return buffer_put(closure, bytes) == ERR_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* The dates are the meeting's, not the moment's, so that one record gives one file. */
static void set_metadata(cairo_surface_t *surface, const struct minutes_paper *paper)
{
    char date[CIVIL_TEXT_BYTES];
    char *title = g_strdup_printf("Biên bản: %s", paper->subject);
    civil_write_iso(paper->end, date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, paper->issuing_body);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Diên Hồng");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
    g_free(title);
}

static enum err draw(const struct minutes_layout *layout, struct buffer *pdf,
                     struct minutes_fields *ret_fields)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(collect, pdf, MINUTES_PAGE_WIDTH, MINUTES_PAGE_HEIGHT);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    set_metadata(surface, layout->paper);
    cairo_t *cr = cairo_create(surface);
    enum err err = ERR_OK;
    for (uint32_t page = 0; err == ERR_OK && page < layout->set.flow.pages; page++) {
        err = minutes_draw_page(layout, page, cr, ret_fields);
        cairo_show_page(cr);
    }
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (err == ERR_OK && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        err = ERR_NO_MEMORY;
    cairo_surface_destroy(surface);
    return err;
}

/* The layout counts from the top, PDF from the bottom. */
static struct field_place place_of(const char *name, const char *tooltip, uint32_t page,
                                   const struct minutes_rect *rect)
{
    return (struct field_place){
        .name = name,
        .tooltip = tooltip,
        .page = page,
        .rect = {rect->x, MINUTES_PAGE_HEIGHT - rect->y - rect->height, rect->x + rect->width,
                 MINUTES_PAGE_HEIGHT - rect->y},
    };
}

static enum err add_fields(struct bytes pdf, const struct minutes_fields *fields,
                           struct buffer *ret_pdf)
{
    const struct field_place places[] = {
        place_of(PAPER_FIELD_SECRETARY, "Chữ ký của thư ký", fields->page, &fields->secretary),
        place_of(PAPER_FIELD_CHAIR, "Chữ ký của chủ tọa", fields->page, &fields->chair),
        place_of(PAPER_FIELD_AGENCY, "Chữ ký số của cơ quan", fields->page, &fields->agency),
    };
    return fields_add(pdf, places, sizeof places / sizeof *places, ret_pdf);
}

enum err minutes_pdf_write(const struct minutes_paper *paper, struct buffer *ret_pdf)
{
    struct minutes_layout layout;
    struct minutes_fields fields = {0};
    struct buffer drawn = {0};
    enum err err = minutes_layout_init(&layout, paper);
    if (err == ERR_OK)
        err = draw(&layout, &drawn, &fields);
    if (err == ERR_OK)
        err = add_fields(buffer_bytes(&drawn), &fields, ret_pdf);
    buffer_done(&drawn);
    minutes_layout_done(&layout);
    return err;
}
