/* The clerk's revision. */
#include "meeting/edge/paper/fill.h"
#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_text.h"
#include "meeting/edge/paper/pdf_update.h"

static enum err fill_field(const struct pdf_map *map, const struct pdf_field *field,
                           const char *text, struct pdf_update *update)
{
    size_t last = map->revision_count - 1;
    const struct pdf_object *widget = pdf_map_find(map, last, field->number);
    uint32_t font = pdf_form_font(map, last, fill_font(field));
    struct buffer form = {0};
    if (font == 0)
        return ERR_UNKNOWN; /* a paper of before there was anything to fill with */
    enum err err = fill_write_form(field, text, font, &form);
    if (err != ERR_OK)
        return err;
    uint32_t number = pdf_update_reserve(update);
    pdf_update_begin_object(update, number);
    pdf_update_put(update, buffer_bytes(&form));
    pdf_update_end_object(update);
    buffer_done(&form);
    pdf_update_begin_object(update, widget->number);
    pdf_update_begin_filled(update, widget->value, number);
    pdf_update_print(update, "/V ");
    pdf_text_put(update, text);
    pdf_update_print(update, " >>");
    pdf_update_end_object(update);
    return update->err;
}

/* Whether the form can be filled now. */
static enum err check_form(const struct pdf_form *form)
{
    bool is_signed = false;
    bool has_text = false;
    for (size_t i = 0; i < form->count; i++) {
        const struct pdf_field *field = &form->fields[i];
        is_signed = is_signed || field->signature != 0;
        has_text = has_text || field->is_text;
        if (field->filled.kind != PDF_NULL)
            return ERR_CONFLICT;
    }
    return !has_text ? ERR_UNKNOWN : is_signed ? ERR_OK : ERR_WRONG_STATE;
}

static enum err fill_all(const struct pdf_map *map, const struct pades_filling *filling,
                         struct pdf_update *update)
{
    struct pdf_form form;
    if (!pdf_form_read(map, map->revision_count - 1, &form))
        return ERR_FORMAT;
    enum err err = check_form(&form);
    for (size_t i = 0; err == ERR_OK && i < form.count; i++) {
        char text[FILL_TEXT_BYTES];
        if (!form.fields[i].is_text)
            continue;
        err = fill_write_value(&form.fields[i], filling->number, filling->date, text);
        if (err == ERR_OK)
            err = fill_field(map, &form.fields[i], text, update);
    }
    return err;
}

enum err pades_fill(struct bytes pdf, const struct pades_filling *filling, struct buffer *ret_pdf)
{
    struct pdf_map map = {0};
    const char *code = NULL;
    enum err err = pdf_map_parse(pdf, &map, &code);
    if (err != ERR_OK)
        return err;
    err = map.revision_count < PDF_REVISIONS_MAX ? ERR_OK : ERR_LIMIT;
    if (err == ERR_OK) {
        struct pdf_update update;
        pdf_update_init(&update, &map);
        err = fill_all(&map, filling, &update);
        if (err == ERR_OK)
            err = pdf_update_finish(&update, ret_pdf);
        pdf_update_done(&update);
    }
    pdf_map_done(&map);
    return err;
}
