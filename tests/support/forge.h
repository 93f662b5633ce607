/* Forging papers, for tests of the verifier: incremental updates with and without a signature, by
 * somebody who has our writer and, at worst, a certificate of the same province. */
#ifndef TESTS_SUPPORT_FORGE_H
#define TESTS_SUPPORT_FORGE_H

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_update.h"
#include "tests/support/paper.h"

/* What a forger puts into an update; `map` is of the file before it. */
typedef void (*forge_hook)(const struct pdf_map *map, struct pdf_update *update);

/* An update without a signature. */
__attribute__((unused)) static struct buffer forge_update(struct bytes pdf, forge_hook hook)
{
    struct pdf_map map;
    struct pdf_update update;
    struct buffer forged = {0};
    const char *code = NULL;
    enum err err = pdf_map_parse(pdf, &map, &code);
    assert(err == ERR_OK);
    pdf_update_init(&update, &map);
    hook(&map, &update);
    err = pdf_update_finish(&update, &forged);
    assert(err == ERR_OK);
    pdf_update_done(&update);
    pdf_map_done(&map);
    return forged;
}

/* How an insider's signature is written; zero values give a good one. */
struct forge_plan {
    const char *field;       /* NULL: the agency's */
    forge_hook hook;         /* more objects in the same revision */
    const char *form;        /* dictionary and stream of the appearance */
    const char *more_keys;   /* of the signature dictionary */
    const char *contents;    /* instead of the zeros */
    const char *field_extra; /* behind /V in the widget */
    bool keep_open;          /* no signature value */
};

static const char forge_form[] = "<< /BBox [ 0 0 102.05 102.05 ] /Length 3 /Resources << >> "
                                 "/Subtype /Form /Type /XObject >>\nstream\nq Q\nendstream";

static void forge_patch(struct buffer *file, size_t at, const char *text)
{
    memcpy(file->data + at, text, strlen(text));
}

static const struct pdf_object *forge_widget(const struct pdf_map *map, const char *name)
{
    struct pdf_form form;
    bool read = pdf_form_read(map, map->revision_count - 1, &form);
    assert(read);
    for (size_t i = 0; i < form.count; i++)
        if (strcmp(form.fields[i].name, name) == 0)
            return pdf_map_find(map, map->revision_count - 1, form.fields[i].number);
    abort();
}

/* A field of `pdf`, signed by `signer` as pades.c would, or not quite. */
__attribute__((unused)) static struct buffer forge_sign(const struct paper_place *place,
                                                        struct bytes pdf,
                                                        const struct signer *signer,
                                                        const struct forge_plan *plan)
{
    struct pdf_map map;
    struct pdf_update update;
    const char *code = NULL;
    enum err err = pdf_map_parse(pdf, &map, &code);
    assert(err == ERR_OK);
    const struct pdf_object *widget =
        forge_widget(&map, plan->field ? plan->field : PAPER_FIELD_AGENCY);
    char more[256];
    char time[CIVIL_TEXT_BYTES];
    civil_write_pdf(place->now, time);

    pdf_update_init(&update, &map);
    uint32_t appearance = pdf_update_reserve(&update);
    uint32_t signature = pdf_update_reserve(&update);
    pdf_update_begin_object(&update, appearance);
    pdf_update_print(&update, "%s", plan->form ? plan->form : forge_form);
    pdf_update_end_object(&update);
    (void)snprintf(more, sizeof more, "/V %u 0 R%s", signature,
                   plan->field_extra ? plan->field_extra : "");
    pdf_update_begin_object(&update, widget->number);
    pdf_update_put_filled(&update, widget->value, appearance, more);
    pdf_update_end_object(&update);
    if (plan->hook)
        plan->hook(&map, &update);
    pdf_update_begin_object(&update, signature);
    pdf_update_print(&update,
                     "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
                     "/Name <FEFF0041> /M (%s) %s/ByteRange [0 ",
                     time, plan->more_keys ? plan->more_keys : "");
    size_t range_at = update.out.size;
    pdf_update_print(&update, "%32s] /Contents ", "");
    size_t gap = update.out.size;
    if (plan->contents) {
        pdf_update_print(&update, "%s", plan->contents);
    } else {
        pdf_update_print(&update, "<");
        for (size_t i = 0; i < 2 * PADES_CONTENTS_BYTES / 64; i++)
            pdf_update_print(&update, "%064d", 0);
        pdf_update_print(&update, ">");
    }
    size_t gap_end = update.out.size;
    pdf_update_print(&update, " >>");
    pdf_update_end_object(&update);

    struct buffer file = {0};
    err = pdf_update_finish(&update, &file);
    assert(err == ERR_OK);
    uint64_t range[4] = {0, gap, gap_end, file.size - gap_end};
    char text[64];
    (void)snprintf(text, sizeof text, "%-10zu %-10zu %-10zu", gap, gap_end, file.size - gap_end);
    forge_patch(&file, range_at, text);
    pdf_update_done(&update);
    pdf_map_done(&map);
    if (plan->contents || plan->keep_open)
        return file;

    uint8_t digest[CERTS_SHA256_BYTES];
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    err = pades_digest(buffer_bytes(&file), range, digest);
    assert(err == ERR_OK);
    signer_answer(signer, digest, raw);
    err = pades_complete(&file, range, buffer_bytes(&signer->issued.certificate), chain, 1, raw);
    assert(err == ERR_OK);
    return file;
}

/* The first place of `text` behind `from`; asserts that there is one. */
__attribute__((unused)) static size_t forge_find(const struct buffer *file, size_t from,
                                                 const char *text)
{
    const uint8_t *at = memmem(file->data + from, file->size - from, text, strlen(text));
    assert(at);
    return (size_t)(at - file->data);
}

#endif
