#include "meeting/edge/paper/appearance.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/fields.h"
#include "meeting/edge/paper/seal.h"
#include "meeting/edge/paper/typeset.h"

#define NAME_SIZE 16.0
#define NAME_SIZE_LONG 12.0 /* when the name would not fit on one line */
#define STAMP_SIZE 8.0
#define STROKE_WIDTH 0.8
#define SPACING 1.0

static const double blue[3] = {0.06, 0.20, 0.62};

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned int size)
{
    struct bytes bytes = {data, size};
    return buffer_put(closure, bytes) == ERR_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static PangoLayout *set_line(struct typeset *set, const struct appearance *appearance,
                             const char *text, double size)
{
    struct typeset_style style = {.size = size,
                                  .width = appearance->width,
                                  .spacing = SPACING,
                                  .align = PANGO_ALIGN_CENTER,
                                  .italic = true}; /* one style: each is two fonts in the file */
    return typeset_layout(set, text, &style);
}

/* One stroke under the name, as a pen would leave it. */
static void draw_stroke(cairo_t *cr, double centre, double y, double length)
{
    cairo_set_line_width(cr, STROKE_WIDTH);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(cr, centre - length / 2, y + 1.5);
    cairo_curve_to(cr, centre - length / 6, y - 2.5, centre + length / 6, y + 4,
                   centre + length / 2, y - 1);
    cairo_stroke(cr);
}

static void draw(struct typeset *set, const struct appearance *appearance, cairo_t *cr)
{
    char stamp[CIVIL_TEXT_BYTES];
    char text[CIVIL_TEXT_BYTES + 32];
    civil_write_stamp(appearance->at, stamp);
    (void)snprintf(text, sizeof text, "Đã ký số: %s", stamp);

    double size = NAME_SIZE;
    PangoLayout *name = set_line(set, appearance, appearance->name, size);
    if (name && pango_layout_get_line_count(name) > 1) {
        size = NAME_SIZE_LONG;
        name = set_line(set, appearance, appearance->name, size);
    }
    PangoLayout *time = set_line(set, appearance, text, STAMP_SIZE);
    if (set->err != ERR_OK)
        return;
    double used = typeset_layout_height(name, size, SPACING) + 5 +
                  typeset_layout_height(time, STAMP_SIZE, SPACING);
    double y = (appearance->height - used) / 2;
    cairo_set_source_rgb(cr, blue[0], blue[1], blue[2]);
    y = typeset_draw_layout(cr, name, size, SPACING, 0, y);
    draw_stroke(cr, appearance->width / 2, y + 1, typeset_layout_width(name) * 0.8);
    (void)typeset_draw_layout(cr, time, STAMP_SIZE, SPACING, 0, y + 5);
}

/* The drawing as a file of one page. */
static enum err draw_page(const struct appearance *appearance, struct buffer *pdf)
{
    struct typeset set;
    typeset_init(&set);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(collect, pdf, appearance->width, appearance->height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_t *cr = cairo_create(surface);
    if (set.err == ERR_OK && appearance->seal)
        seal_draw(&set, cr, appearance->name, fmin(appearance->width, appearance->height));
    else if (set.err == ERR_OK)
        draw(&set, appearance, cr);
    cairo_show_page(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    enum err err = set.err;
    if (err == ERR_OK && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        err = ERR_NO_MEMORY;
    cairo_surface_destroy(surface);
    typeset_done(&set);
    return err;
}

/* The one page of the drawing. */
static const struct pdf_object *find_page(const struct pdf_map *map)
{
    struct pdf_value value;
    const struct pdf_object *root = pdf_map_find(map, 0, map->root);
    if (!root || !pdf_get(root->value, "/Pages", &value))
        return NULL;
    const struct pdf_object *pages = pdf_map_follow(map, 0, value);
    if (!pages || !pdf_get(pages->value, "/Kids", &value))
        return NULL;
    struct scan kids = scan_array(value);
    return scan_item(&kids, &value) ? pdf_map_follow(map, 0, value) : NULL;
}

/* The page's content stream becomes the form's, with the page's resources. */
static enum err copy_page(const struct pdf_map *map, const struct appearance *appearance,
                          struct pdf_update *update, uint32_t *ret_number)
{
    struct pdf_value contents;
    struct pdf_value resources;
    struct pdf_value filter;
    const struct pdf_object *page = find_page(map);
    if (!page || !pdf_get(page->value, "/Contents", &contents) ||
        !pdf_get(page->value, "/Resources", &resources))
        return ERR_FORMAT;
    const struct pdf_object *stream = pdf_map_follow(map, 0, contents);
    if (!stream || !stream->stream.data || !pdf_get(stream->value, "/Filter", &filter))
        return ERR_FORMAT;

    uint32_t number = pdf_update_reserve(update);
    struct pdf_copy copy = {.from = map, .to = update};
    pdf_update_begin_object(update, number);
    pdf_update_print(update, "<< /BBox [ 0 0 %.2f %.2f ] /Filter ", appearance->width,
                     appearance->height);
    pdf_update_put(update, filter.text);
    pdf_update_print(update, " /Length %zu /Resources ", stream->stream.size);
    pdf_copy_value(&copy, resources);
    pdf_update_print(update, " /Subtype /Form /Type /XObject >>\nstream\n");
    pdf_update_put(update, stream->stream);
    pdf_update_print(update, "\nendstream");
    pdf_update_end_object(update);
    pdf_copy_finish(&copy);
    *ret_number = number;
    return update->err;
}

enum err appearance_write(const struct appearance *appearance, struct pdf_update *update,
                          uint32_t *ret_number)
{
    struct buffer drawn = {0};
    struct buffer plain = {0};
    struct pdf_map map = {0};
    const char *code = NULL;
    enum err err = draw_page(appearance, &drawn);
    if (err == ERR_OK)
        err = fields_add(buffer_bytes(&drawn), NULL, 0, NULL, &plain);
    if (err == ERR_OK)
        err = pdf_map_parse(buffer_bytes(&plain), &map, &code);
    if (err == ERR_OK)
        err = copy_page(&map, appearance, update, ret_number);
    pdf_map_done(&map);
    buffer_done(&plain);
    buffer_done(&drawn);
    return err;
}
