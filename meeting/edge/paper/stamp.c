#include "meeting/edge/paper/stamp.h"

#include <stdio.h>
#include <stdlib.h>

#include "meeting/edge/paper/pades_gap.h"
#include "meeting/edge/paper/pdf_dss.h"
#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_update.h"

void stamp_write_field(size_t ordinal, uint32_t page, uint32_t value,
                       char ret_text[STAMP_FIELD_BYTES])
{
    (void)snprintf(ret_text, STAMP_FIELD_BYTES,
                   "<< /F 132 /FT /Sig /P %u 0 R /Rect [ 0 0 0 0 ] /Subtype /Widget /T (%s%zu) "
                   "/Type /Annot /V %u 0 R >>",
                   page, PDF_FORM_STAMP_PREFIX, ordinal, value);
}

uint32_t stamp_form(const struct pdf_map *map, size_t revision)
{
    struct pdf_value value;
    const struct pdf_object *root = pdf_map_find(map, revision, map->root);
    bool found = root && pdf_get(root->value, "/AcroForm", &value) && value.kind == PDF_REFERENCE;
    return found ? value.reference : 0;
}

uint32_t stamp_page(const struct pdf_map *map, size_t revision)
{
    struct pdf_form form;
    struct pdf_value value;
    if (!pdf_form_read(map, revision, &form) || form.count == 0)
        return 0;
    const struct pdf_object *widget = pdf_map_find(map, revision, form.fields[0].number);
    bool found = widget && pdf_get(widget->value, "/P", &value) && value.kind == PDF_REFERENCE;
    return found ? value.reference : 0;
}

/* -- writing -------------------------------------------------------------------------------------
 */

struct writing {
    const struct pdf_map *map;
    size_t last; /* the newest revision */
    struct pdf_update *update;
    struct pdf_dss dss;
};

/* Items that the file does not hold yet, each a stream as it is. */
static void put_items(struct writing *writing, enum pdf_dss_kind kind, const struct bytes *items,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t number = writing->update->next;
        if (!pdf_dss_add(&writing->dss, kind, number, items[i]))
            continue;
        (void)pdf_update_reserve(writing->update);
        pdf_update_begin_object(writing->update, number);
        pdf_update_print(writing->update, "<< /Length %zu >>\nstream\n", items[i].size);
        pdf_update_put(writing->update, items[i]);
        pdf_update_print(writing->update, "\nendstream");
        pdf_update_end_object(writing->update);
    }
}

static enum err put_store(struct writing *writing, const struct stamp_material *material)
{
    struct pdf_update *update = writing->update;
    uint32_t before = update->next;
    if (!pdf_dss_read(writing->map, writing->last, &writing->dss))
        return ERR_FORMAT;
    put_items(writing, PDF_DSS_CERTIFICATES, material->certificates, material->certificate_count);
    put_items(writing, PDF_DSS_CRLS, material->crls, material->crl_count);
    put_items(writing, PDF_DSS_OCSPS, material->ocsps, material->ocsp_count);
    if (update->next == before)
        return update->err; /* nothing new */
    bool first = writing->dss.number == 0;
    struct buffer text = {0};
    enum err err = pdf_dss_write(&writing->dss, &text);
    if (err != ERR_OK)
        return err;
    uint32_t number = first ? pdf_update_reserve(update) : writing->dss.number;
    pdf_update_begin_object(update, number);
    pdf_update_put(update, buffer_bytes(&text));
    pdf_update_end_object(update);
    buffer_done(&text);
    if (first) {
        char more[48];
        const struct pdf_object *root =
            pdf_map_find(writing->map, writing->last, writing->map->root);
        (void)snprintf(more, sizeof more, "/DSS %u 0 R", number);
        pdf_update_begin_object(update, root->number);
        pdf_update_put_extended(update, root->value, more);
        pdf_update_end_object(update);
    }
    return update->err;
}

/* Object `number` with the new field as one more item of its array `key`. */
static enum err put_listed(struct writing *writing, uint32_t number, const char *key,
                           uint32_t field)
{
    char more[32];
    const struct pdf_object *object = pdf_map_find(writing->map, writing->last, number);
    if (!object)
        return ERR_FORMAT;
    (void)snprintf(more, sizeof more, "%u 0 R ", field);
    pdf_update_begin_object(writing->update, number);
    pdf_update_put_listed(writing->update, object->value, key, more);
    pdf_update_end_object(writing->update);
    return writing->update->err;
}

static enum err put_stamp(struct writing *writing, size_t ordinal, struct pades_gap *ret_gap)
{
    struct pdf_update *update = writing->update;
    char text[STAMP_FIELD_BYTES];
    uint32_t page = stamp_page(writing->map, writing->last);
    uint32_t form = stamp_form(writing->map, writing->last);
    uint32_t field = pdf_update_reserve(update);
    uint32_t value = pdf_update_reserve(update);
    enum err err = put_listed(writing, page, "/Annots", field);
    if (err == ERR_OK)
        err = put_listed(writing, form, "/Fields", field);
    stamp_write_field(ordinal, page, value, text);
    pdf_update_begin_object(update, field);
    pdf_update_print(update, "%s", text);
    pdf_update_end_object(update);
    pdf_update_begin_object(update, value);
    pdf_update_print(update, "<< /Type /DocTimeStamp /Filter /Adobe.PPKLite "
                             "/SubFilter /ETSI.RFC3161 ");
    pades_gap_put(update, STAMP_CONTENTS_BYTES, ret_gap);
    pdf_update_print(update, " >>");
    pdf_update_end_object(update);
    return err == ERR_OK ? update->err : err;
}

/* The next timestamp's ordinal; ERR_FORMAT when nothing is signed, so there is nothing to keep. */
static enum err check_form(const struct pdf_map *map, size_t *ret_ordinal)
{
    struct pdf_form form;
    size_t stamps = 0;
    bool is_signed = false;
    if (!pdf_form_read(map, map->revision_count - 1, &form))
        return ERR_FORMAT;
    for (size_t i = 0; i < form.count; i++) {
        stamps += form.fields[i].is_stamp;
        is_signed = is_signed || form.fields[i].signature != 0;
    }
    *ret_ordinal = stamps + 1;
    bool room = form.count < PDF_FORM_FIELDS_MAX && map->revision_count < PDF_REVISIONS_MAX;
    return !is_signed ? ERR_FORMAT : room ? ERR_OK : ERR_LIMIT;
}

static enum err write_revision(const struct pdf_map *map, size_t ordinal,
                               const struct stamp_material *material,
                               struct pades_prepared *ret_prepared)
{
    struct pdf_update update;
    struct pades_gap gap = {0};
    struct writing *writing = calloc(1, sizeof *writing); /* 7 kB of lists */
    if (!writing)
        return ERR_NO_MEMORY;
    writing->map = map;
    writing->last = map->revision_count - 1;
    writing->update = &update;
    pdf_update_init(&update, map);
    enum err err = put_store(writing, material);
    if (err == ERR_OK)
        err = put_stamp(writing, ordinal, &gap);
    if (err == ERR_OK)
        err = pades_gap_close(&update, &gap, ret_prepared);
    pdf_update_done(&update);
    free(writing);
    return err;
}

enum err stamp_prepare(struct bytes pdf, const struct stamp_material *material,
                       struct pades_prepared *ret_prepared)
{
    struct pdf_map map = {0};
    const char *code = NULL;
    size_t ordinal = 0;
    enum err err = pdf_map_parse(pdf, &map, &code);
    if (err != ERR_OK)
        return err;
    err = check_form(&map, &ordinal);
    if (err == ERR_OK)
        err = write_revision(&map, ordinal, material, ret_prepared);
    pdf_map_done(&map);
    return err;
}

enum err stamp_complete(struct buffer *file, const uint64_t byte_range[4], struct bytes token)
{
    return pades_gap_fill(file, byte_range, STAMP_CONTENTS_BYTES, token);
}
