#include "meeting/edge/paper/pades.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/appearance.h"
#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/pades_gap.h"
#include "meeting/edge/paper/paper.h"
#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_text.h"
#include "meeting/edge/paper/pdf_update.h"

/* Written last of the revision. The first signature certifies: further signatures and filled fields
 * are allowed, nothing else (section 12.8.2.2, P = 2). */
static void put_signature(struct pdf_update *update, uint32_t number,
                          const struct pades_request *request, bool certifies,
                          struct pades_gap *ret_gap)
{
    char time[CIVIL_TEXT_BYTES];
    civil_write_pdf(request->at, time);
    pdf_update_begin_object(update, number);
    pdf_update_print(update, "<< /Type /Sig /Filter /Adobe.PPKLite "
                             "/SubFilter /ETSI.CAdES.detached /Name ");
    pdf_text_put(update, request->name);
    pdf_update_print(update, " /M (%s) ", time);
    if (certifies)
        pdf_update_print(update,
                         "/Reference [ << /Type /SigRef /TransformMethod /DocMDP "
                         "/TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >> ] ");
    pades_gap_put(update, PADES_CONTENTS_BYTES, ret_gap);
    pdf_update_print(update, " >>");
    pdf_update_end_object(update);
}

static enum err write_revision(const struct pdf_map *map, const struct pdf_field *field,
                               const struct pades_request *request, struct pdf_update *update,
                               struct pades_gap *ret_gap)
{
    size_t last = map->revision_count - 1;
    const struct pdf_object *root = pdf_map_find(map, last, map->root);
    const struct pdf_object *widget = pdf_map_find(map, last, field->number);
    struct pdf_value perms;
    bool certifies = !pdf_get(root->value, "/Perms", &perms);
    char more[128];

    uint32_t form = 0;
    struct appearance appearance = {
        .name = request->name,
        .at = request->at,
        .width = field->width,
        .height = field->height,
        .seal = strcmp(field->name, PAPER_FIELD_AGENCY) == 0,
    };
    enum err err = appearance_write(&appearance, update, &form);
    if (err != ERR_OK)
        return err;
    uint32_t signature = pdf_update_reserve(update);
    if (certifies) {
        (void)snprintf(more, sizeof more, "/Perms << /DocMDP %u 0 R >>", signature);
        pdf_update_begin_object(update, root->number);
        pdf_update_put_extended(update, root->value, more);
        pdf_update_end_object(update);
    }
    (void)snprintf(more, sizeof more, "/V %u 0 R", signature);
    pdf_update_begin_object(update, widget->number);
    pdf_update_put_filled(update, widget->value, form, more);
    pdf_update_end_object(update);
    put_signature(update, signature, request, certifies, ret_gap);
    return update->err;
}

static enum err find_field(const struct pdf_map *map, const char *name, struct pdf_field *ret_field)
{
    struct pdf_form form;
    if (!pdf_form_read(map, map->revision_count - 1, &form))
        return ERR_FORMAT;
    for (size_t i = 0; i < form.count; i++)
        if (strcmp(form.fields[i].name, name) == 0 && !form.fields[i].is_text) {
            *ret_field = form.fields[i];
            return form.fields[i].signature == 0 ? ERR_OK : ERR_CONFLICT;
        }
    return ERR_UNKNOWN;
}

enum err pades_prepare(struct bytes pdf, const struct pades_request *request,
                       struct pades_prepared *ret_prepared)
{
    struct pdf_map map = {0};
    const char *code = NULL;
    if (!utf8_valid(bytes_of(request->name)))
        return ERR_FORMAT;
    enum err err = pdf_map_parse(pdf, &map, &code);
    if (err != ERR_OK)
        return err;
    struct pdf_field field;
    struct pades_gap gap = {0};
    err = map.revision_count < PDF_REVISIONS_MAX ? ERR_OK : ERR_LIMIT;
    if (err == ERR_OK)
        err = find_field(&map, request->field, &field);
    if (err == ERR_OK) {
        struct pdf_update update;
        pdf_update_init(&update, &map);
        err = write_revision(&map, &field, request, &update, &gap);
        if (err == ERR_OK)
            err = pades_gap_close(&update, &gap, ret_prepared);
        pdf_update_done(&update);
    }
    pdf_map_done(&map);
    return err;
}

enum err pades_complete(struct buffer *file, const uint64_t byte_range[4], struct bytes certificate,
                        const struct bytes *chain, size_t chain_count,
                        const uint8_t signature[CERTS_RAW_SIGNATURE_BYTES])
{
    uint8_t digest[CERTS_SHA256_BYTES];
    struct buffer cms = {0};
    const struct bytes nothing = {NULL, 0};
    enum err err = pades_gap_fill(file, byte_range, PADES_CONTENTS_BYTES, nothing);
    if (err == ERR_OK)
        err = pades_digest(buffer_bytes(file), byte_range, digest);
    if (err == ERR_OK)
        err = certs_cms_assemble(certificate, chain, chain_count, digest, signature, &cms);
    if (err == ERR_OK)
        err = pades_gap_fill(file, byte_range, PADES_CONTENTS_BYTES, buffer_bytes(&cms));
    buffer_done(&cms);
    return err;
}

/* -- the timestamp -------------------------------------------------------------------------------
 */

enum err pades_stamp_digest(struct bytes file, const uint64_t byte_range[4],
                            uint8_t ret_digest[CERTS_SHA256_BYTES])
{
    struct buffer cms = {0};
    enum err err = pades_gap_read(file, byte_range, PADES_CONTENTS_BYTES, &cms);
    if (err == ERR_OK)
        err = certs_cms_stamp_digest(buffer_bytes(&cms), ret_digest);
    buffer_done(&cms);
    return err;
}

enum err pades_stamp(struct buffer *file, const uint64_t byte_range[4], struct bytes token)
{
    struct buffer cms = {0};
    struct buffer stamped = {0};
    enum err err = pades_gap_read(buffer_bytes(file), byte_range, PADES_CONTENTS_BYTES, &cms);
    if (err == ERR_OK)
        err = certs_cms_stamp(buffer_bytes(&cms), token, &stamped);
    if (err == ERR_OK)
        err = pades_gap_replace(file, byte_range, PADES_CONTENTS_BYTES, buffer_bytes(&stamped));
    buffer_done(&stamped);
    buffer_done(&cms);
    return err;
}
