#include "meeting/edge/paper/pdf_verify.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/paper.h"
#include "meeting/edge/paper/pdf_diff.h"
#include "meeting/edge/paper/pdf_pages.h"
#include "meeting/edge/paper/pdf_policy.h"
#include "meeting/edge/paper/pdf_signature.h"
#include "meeting/edge/paper/pdf_text.h"

static const char *code_of_fault(enum certs_fault fault)
{
    switch (fault) {
    case CERTS_FAULT_NONE:
        return NULL;
    case CERTS_FAULT_MALFORMED:
        return "cms.malformed";
    case CERTS_FAULT_PROFILE:
        return "cms.profile";
    case CERTS_FAULT_DIGEST:
        return "cms.digest";
    case CERTS_FAULT_SIGNATURE:
        return "cms.signature";
    case CERTS_FAULT_ESS:
        return "cms.certificate";
    case CERTS_FAULT_UNUSED:
        return "cms.unused";
    case CERTS_FAULT_UNTRUSTED:
        return "certificate.untrusted";
    case CERTS_FAULT_NOT_YET_VALID:
        return "certificate.not_yet_valid";
    case CERTS_FAULT_EXPIRED:
        return "certificate.expired";
    case CERTS_FAULT_USAGE:
        return "certificate.usage";
    case CERTS_FAULT_INTERNAL:
        break;
    }
    return "verify.failed";
}

/* The file is not valid, and the first reason given stands. */
static void refuse(struct verify_report *report, enum verify_verdict verdict, const char *code)
{
    if (report->reason)
        return;
    report->verdict = verdict;
    report->reason = paper_reason_of(code);
}

_Static_assert((int)VERIFY_FIELD_BYTES == (int)PDF_FORM_NAME_BYTES, "names are copied whole");

static size_t count_text(struct bytes file, const char *text)
{
    size_t count = 0;
    const uint8_t *at = file.data;
    const uint8_t *end = file.data + file.size;
    while (at && (at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL) {
        at++;
        count++;
    }
    return count;
}

static const char *check_cms(const struct pdf_map *map, const struct pdf_signature *read,
                             const struct certs_trust *trust, utc_ms_t at,
                             struct certs_signer *signer)
{
    struct buffer cms = {0};
    uint8_t digest[CERTS_SHA256_BYTES];
    const char *code = pdf_signature_cms(read, &cms);
    if (!code && pades_digest(map->file, read->byte_range, digest) != ERR_OK)
        code = "signature.range";
    if (!code)
        code = code_of_fault(certs_cms_verify(buffer_bytes(&cms), digest, trust, at, signer));
    buffer_done(&cms);
    return code;
}

static void fill(struct verify_report *report, const struct pdf_field *field)
{
    struct verify_filled *filled = &report->filled[report->filled_count++];
    memcpy(filled->field, field->name, sizeof field->name);
    if (pdf_text_read(field->filled, filled->text, sizeof filled->text) != ERR_OK)
        refuse(report, VERIFY_INVALID, "revision.filling");
}

/* What revision `revision` did, and whether it may. */
static void judge(const struct pdf_map *map, size_t revision, const struct certs_trust *trust,
                  utc_ms_t at, struct verify_report *report)
{
    struct pdf_change change;
    struct pdf_signature read;
    const char *code = pdf_diff_check(map, revision, &change);
    if (code) {
        refuse(report, VERIFY_INVALID, code);
        return;
    }
    const struct pdf_field *field = &change.fields[0];
    if (change.kind == PDF_CHANGE_FILLED) {
        for (size_t i = 0; i < change.count; i++)
            fill(report, &change.fields[i]);
        return;
    }
    /* What the clerk filled in is on nobody's signature until the agency's. */
    if (report->filled_count > 0 && !report->sealed && strcmp(field->name, PAPER_FIELD_AGENCY) != 0)
        refuse(report, VERIFY_INVALID, "revision.unsealed");
    report->sealed = report->sealed || strcmp(field->name, PAPER_FIELD_AGENCY) == 0;
    const struct pdf_object *object = pdf_map_find(map, revision, field->signature);
    if (!object) {
        refuse(report, VERIFY_INVALID, "signature.dictionary");
        return;
    }
    struct verify_signature *signature = &report->signatures[report->signature_count++];
    memcpy(signature->field, field->name, sizeof field->name);
    code = pdf_signature_read(map, revision, object, &read);
    if (!code) {
        signature->at = read.at;
        code = check_cms(map, &read, trust, at, &signature->signer);
    }
    signature->verdict = code ? VERIFY_INVALID : VERIFY_VALID;
    signature->reason = code ? paper_reason_of(code) : NULL;
    if (code)
        refuse(report, VERIFY_INVALID, code);
}

/* qpdf must see the same file: readable without repair, unencrypted, as many pages. */
static bool second_opinion_agrees(struct bytes file, uint32_t pages)
{
    uint32_t seen = 0;
    return pdf_pages_count(file, PDF_PAGES_STRICT, &seen) == ERR_OK && seen == pages;
}

static void verify_mapped(const struct pdf_map *map, const struct certs_trust *trust, utc_ms_t at,
                          struct verify_report *report)
{
    struct pdf_form form;
    if (!pdf_form_read(map, 0, &form)) {
        refuse(report, VERIFY_INVALID, "pdf.form");
        return;
    }
    const char *code = pdf_policy_check(map, &form, &report->pages);
    if (code) {
        refuse(report, VERIFY_INVALID, code);
        return;
    }
    for (size_t i = 1; i < map->revision_count; i++)
        judge(map, i, trust, at, report);
    if (report->filled_count > 0 && !report->sealed)
        refuse(report, VERIFY_INVALID, "revision.unsealed");
    /* A range that no field leads to could be shown by a reader that looks for it elsewhere. */
    if (count_text(map->file, "/ByteRange") != report->signature_count)
        refuse(report, VERIFY_INVALID, "signature.range");
    /* Last, so that it only reads what everything else has found good. */
    if (!report->reason && !second_opinion_agrees(map->file, report->pages))
        refuse(report, VERIFY_INVALID, "pdf.structure");
    if (!report->reason)
        report->verdict = VERIFY_VALID;
}

/* Nothing to vouch for: whether it is a PDF at all is all that can be said. */
static void verify_unsigned(struct bytes file, struct verify_report *report)
{
    enum err err = pdf_pages_count(file, PDF_PAGES_REPAIR, &report->pages);
    if (err == ERR_OK || err == ERR_FORBIDDEN)
        refuse(report, VERIFY_UNSIGNED, "pdf.unsigned");
    else
        refuse(report, VERIFY_INVALID, "pdf.not_pdf");
}

void pdf_verify(struct bytes file, const struct certs_trust *trust, utc_ms_t at,
                struct verify_report *ret_report)
{
    struct pdf_map map = {0};
    const char *code = NULL;
    uint8_t hash[CERTS_SHA256_BYTES];
    memset(ret_report, 0, sizeof *ret_report);
    SHA256(file.data, file.size, hash);
    hex_write(hash, sizeof hash, ret_report->sha256);
    if (file.size > LIMIT_PDF_BYTES) {
        refuse(ret_report, VERIFY_INVALID, "pdf.too_large");
        return;
    }
    /* A signature's dictionary must stand in the file as it is, so one cannot be without this. */
    if (count_text(file, "/ByteRange") == 0) {
        verify_unsigned(file, ret_report);
        return;
    }
    enum err err = pdf_map_parse(file, &map, &code);
    if (err == ERR_OK)
        verify_mapped(&map, trust, at, ret_report);
    else
        refuse(ret_report, VERIFY_INVALID, code ? code : "verify.failed");
    pdf_map_done(&map);
}

const char *verify_verdict_name(enum verify_verdict verdict)
{
    return verdict == VERIFY_VALID ? "valid" : verdict == VERIFY_UNSIGNED ? "unsigned" : "invalid";
}
