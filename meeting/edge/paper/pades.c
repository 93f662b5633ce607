#include "meeting/edge/paper/pades.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/appearance.h"
#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_update.h"

/* Where the file is patched once its length is known. */
struct slots {
    size_t byte_range; /* of the numbers behind "[0 " */
    size_t contents;   /* of the '<' */
};

enum { RANGE_WIDTH = 32 /* three numbers of ten digits, each with a space behind but the last */ };

/* A text string in UTF-16BE, hexadecimal (ISO 32000-2, section 7.9.2.2). */
static void put_text(struct pdf_update *update, const char *utf8)
{
    pdf_update_print(update, "<FEFF");
    for (const uint8_t *at = (const uint8_t *)utf8; *at;) {
        int more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
        uint32_t c = more == 0 ? *at : *at & (0x3Fu >> more);
        for (at++; more > 0; more--, at++)
            c = c << 6 | (*at & 0x3Fu);
        if (c > 0xFFFF)
            pdf_update_print(update, "%04X%04X", 0xD7C0u + (c >> 10), 0xDC00u + (c & 0x3FF));
        else
            pdf_update_print(update, "%04X", c);
    }
    pdf_update_print(update, ">");
}

/* Written last of the revision. The first signature certifies: further signatures and filled fields
 * are allowed, nothing else (section 12.8.2.2, P = 2). */
static void put_signature(struct pdf_update *update, uint32_t number,
                          const struct pades_request *request, bool certifies,
                          struct slots *ret_slots)
{
    static const char zeros[] = "00000000000000000000000000000000"
                                "00000000000000000000000000000000";
    char time[CIVIL_TEXT_BYTES];
    civil_write_pdf(request->at, time);
    pdf_update_begin_object(update, number);
    pdf_update_print(update, "<< /Type /Sig /Filter /Adobe.PPKLite "
                             "/SubFilter /ETSI.CAdES.detached /Name ");
    put_text(update, request->name);
    pdf_update_print(update, " /M (%s) ", time);
    if (certifies)
        pdf_update_print(update,
                         "/Reference [ << /Type /SigRef /TransformMethod /DocMDP "
                         "/TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >> ] ");
    pdf_update_print(update, "/ByteRange [0 ");
    ret_slots->byte_range = update->out.size;
    pdf_update_print(update, "%*s] /Contents ", RANGE_WIDTH, "");
    ret_slots->contents = update->out.size;
    pdf_update_print(update, "<");
    _Static_assert(2 * PADES_CONTENTS_BYTES % (sizeof zeros - 1) == 0, "whole pieces fill it");
    for (size_t i = 0; i < 2 * PADES_CONTENTS_BYTES / (sizeof zeros - 1); i++)
        pdf_update_print(update, "%s", zeros);
    pdf_update_print(update, "> >>");
    pdf_update_end_object(update);
}

static enum err write_revision(const struct pdf_map *map, const struct pdf_field *field,
                               const struct pades_request *request, struct pdf_update *update,
                               struct slots *ret_slots)
{
    size_t last = map->revision_count - 1;
    const struct pdf_object *root = pdf_map_find(map, last, map->root);
    const struct pdf_object *widget = pdf_map_find(map, last, field->number);
    struct pdf_value perms;
    bool certifies = !pdf_get(root->value, "/Perms", &perms);
    char more[128];

    uint32_t form = 0;
    struct appearance appearance = {request->name, request->at, field->width, field->height};
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
    put_signature(update, signature, request, certifies, ret_slots);
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

static enum err finish(struct pdf_update *update, const struct slots *slots,
                       struct pades_prepared *ret_prepared)
{
    struct pades_prepared prepared = {0};
    enum err err = pdf_update_finish(update, &prepared.file);
    if (err != ERR_OK)
        return err;
    uint64_t gap_end = slots->contents + 2 * PADES_CONTENTS_BYTES + 2;
    prepared.byte_range[1] = slots->contents;
    prepared.byte_range[2] = gap_end;
    prepared.byte_range[3] = prepared.file.size - gap_end;

    char range[RANGE_WIDTH + 1];
    (void)snprintf(range, sizeof range, "%-10u %-10u %-10u", (unsigned)prepared.byte_range[1],
                   (unsigned)prepared.byte_range[2], (unsigned)prepared.byte_range[3]);
    memcpy(prepared.file.data + slots->byte_range, range, RANGE_WIDTH);
    err = pades_digest(buffer_bytes(&prepared.file), prepared.byte_range, prepared.digest);
    if (err == ERR_OK)
        *ret_prepared = prepared;
    else
        pades_prepared_done(&prepared);
    return err;
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
    struct slots slots = {0};
    err = map.revision_count < PDF_REVISIONS_MAX ? ERR_OK : ERR_LIMIT;
    if (err == ERR_OK)
        err = find_field(&map, request->field, &field);
    if (err == ERR_OK) {
        struct pdf_update update;
        pdf_update_init(&update, &map);
        err = write_revision(&map, &field, request, &update, &slots);
        if (err == ERR_OK)
            err = finish(&update, &slots, ret_prepared);
        pdf_update_done(&update);
    }
    pdf_map_done(&map);
    return err;
}

void pades_prepared_done(struct pades_prepared *prepared)
{
    buffer_done(&prepared->file);
}

static bool range_fits(struct bytes file, const uint64_t range[4])
{
    return range[0] == 0 && range[1] < range[2] && range[2] <= file.size &&
           range[3] == file.size - range[2];
}

enum err pades_digest(struct bytes file, const uint64_t byte_range[4],
                      uint8_t ret_digest[CERTS_SHA256_BYTES])
{
    /* A signature's range ends where its revision ends, which later ones may follow. */
    if (byte_range[2] > file.size || byte_range[3] > file.size - byte_range[2])
        return ERR_FORMAT;
    struct bytes revision = {file.data, (size_t)(byte_range[2] + byte_range[3])};
    if (!range_fits(revision, byte_range))
        return ERR_FORMAT;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned size = 0;
    bool done = context && EVP_DigestInit_ex2(context, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(context, file.data, byte_range[1]) == 1 &&
                EVP_DigestUpdate(context, file.data + byte_range[2], byte_range[3]) == 1 &&
                EVP_DigestFinal_ex(context, ret_digest, &size) == 1;
    EVP_MD_CTX_free(context);
    return done ? ERR_OK : ERR_NO_MEMORY;
}

/* "<000…0>", of exactly the size that pades_prepare() leaves. */
static bool gap_is_empty(struct bytes file, const uint64_t range[4])
{
    if (!range_fits(file, range) || range[2] - range[1] != 2 * PADES_CONTENTS_BYTES + 2 ||
        file.data[range[1]] != '<' || file.data[range[2] - 1] != '>')
        return false;
    for (uint64_t i = range[1] + 1; i < range[2] - 1; i++)
        if (file.data[i] != '0')
            return false;
    return true;
}

enum err pades_complete(struct buffer *file, const uint64_t byte_range[4], struct bytes certificate,
                        const struct bytes *chain, size_t chain_count,
                        const uint8_t signature[CERTS_RAW_SIGNATURE_BYTES])
{
    uint8_t digest[CERTS_SHA256_BYTES];
    struct buffer cms = {0};
    if (!gap_is_empty(buffer_bytes(file), byte_range))
        return ERR_FORMAT;
    enum err err = pades_digest(buffer_bytes(file), byte_range, digest);
    if (err == ERR_OK)
        err = certs_cms_assemble(certificate, chain, chain_count, digest, signature, &cms);
    if (err == ERR_OK && cms.size > PADES_CONTENTS_BYTES)
        err = ERR_LIMIT;
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; err == ERR_OK && i < cms.size; i++) {
        uint8_t *at = file->data + byte_range[1] + 1 + 2 * i;
        at[0] = (uint8_t)digits[cms.data[i] >> 4];
        at[1] = (uint8_t)digits[cms.data[i] & 15];
    }
    buffer_done(&cms);
    return err;
}
