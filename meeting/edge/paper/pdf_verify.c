#include "meeting/edge/paper/pdf_verify.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/archive.h"
#include "meeting/edge/paper/foreign_verify.h"
#include "meeting/edge/paper/paper.h"
#include "meeting/edge/paper/pdf_diff.h"
#include "meeting/edge/paper/pdf_ends.h"
#include "meeting/edge/paper/pdf_judge.h"
#include "meeting/edge/paper/pdf_pages.h"
#include "meeting/edge/paper/pdf_policy.h"
#include "meeting/edge/paper/pdf_signature.h"
#include "meeting/edge/paper/pdf_text.h"

void pdf_verify_refuse(struct verify_report *report, enum verify_verdict verdict, const char *code)
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

static const char *fill(struct verify_report *report, const struct pdf_change *change)
{
    for (size_t i = 0; i < change->count; i++) {
        struct verify_filled *filled = &report->filled[report->filled_count++];
        memcpy(filled->field, change->fields[i].name, sizeof filled->field);
        if (pdf_text_read(change->fields[i].filled, filled->text, sizeof filled->text) != ERR_OK)
            return "revision.filling";
    }
    return NULL;
}

static enum verify_revision_kind kind_of(enum pdf_change_kind kind)
{
    return kind == PDF_CHANGE_SIGNED   ? VERIFY_REVISION_SIGNED
           : kind == PDF_CHANGE_FILLED ? VERIFY_REVISION_FILLED
                                       : VERIFY_REVISION_ARCHIVED;
}

/* What revision `revision` did, and whether it may. */
static const char *read_change(const struct pdf_map *map, size_t revision, struct judge *judge,
                               struct verify_report *report)
{
    struct judge_step *step = &judge->steps[judge->step_count];
    const char *code = pdf_diff_check(map, revision, &step->change);
    report->revisions[revision].kind = code ? VERIFY_REVISION_REFUSED : kind_of(step->change.kind);
    if (code)
        return code;
    const struct pdf_field *field = &step->change.fields[0];
    struct verify_change *change = &report->changes[report->change_count++];
    change->kind = step->change.kind;
    memcpy(change->field, field->name, sizeof change->field);
    step->revision = revision;
    judge->step_count++;
    if (change->kind == PDF_CHANGE_FILLED)
        return fill(report, &step->change);
    const struct pdf_object *object = pdf_map_find(map, revision, field->signature);
    if (!object)
        return "signature.dictionary";
    step->code = change->kind == PDF_CHANGE_SIGNED
                     ? pdf_signature_read(map, revision, object, &step->read)
                     : pdf_signature_read_stamp(map, revision, object, &step->read);
    return NULL; /* what is wrong with one signature is told where it is listed */
}

/* What the clerk filled in is on nobody's signature until the agency's, which comes next. */
static bool fillings_are_sealed(const struct judge *judge)
{
    bool open = false;
    for (size_t i = 0; i < judge->step_count; i++) {
        const struct pdf_change *change = &judge->steps[i].change;
        if (change->kind == PDF_CHANGE_SIGNED) {
            if (open && strcmp(change->fields[0].name, PAPER_FIELD_AGENCY) != 0)
                return false;
            open = false;
        }
        open = open || change->kind == PDF_CHANGE_FILLED;
    }
    return !open;
}

static void read_changes(const struct pdf_map *map, const struct certs_trust *trust, utc_ms_t at,
                         struct verify_report *report)
{
    struct judge *judge = calloc(1, sizeof *judge);
    if (!judge) {
        pdf_verify_refuse(report, VERIFY_INVALID, "verify.failed");
        return;
    }
    judge->map = map;
    judge->trust = trust;
    judge->at = at;
    for (size_t i = 1; i < map->revision_count; i++) {
        const char *code = read_change(map, i, judge, report);
        if (code)
            pdf_verify_refuse(report, VERIFY_INVALID, code);
    }
    pdf_judge(judge, report);
    if (!fillings_are_sealed(judge))
        pdf_verify_refuse(report, VERIFY_INVALID, "revision.unsealed");
    free(judge);
}

/* qpdf must see the same file: readable without repair, unencrypted, as many pages. */
static bool second_opinion_agrees(struct bytes file, uint32_t pages)
{
    uint32_t seen = 0;
    return pdf_pages_count(file, PDF_PAGES_STRICT, &seen) == ERR_OK && seen == pages;
}

/* Before it is known what they did. */
static void list_revisions(const size_t *ends, size_t count, struct verify_report *report)
{
    report->revision_count = count;
    for (size_t i = 0; i < count; i++)
        report->revisions[i] = (struct verify_revision){ends[i], i == 0 ? VERIFY_REVISION_MADE
                                                                        : VERIFY_REVISION_UNKNOWN};
}

static void verify_mapped(const struct pdf_map *map, const struct certs_trust *trust, utc_ms_t at,
                          struct verify_report *report)
{
    struct pdf_form form;
    size_t ends[PDF_REVISIONS_MAX];
    for (size_t i = 0; i < map->revision_count; i++)
        ends[i] = map->revisions[i].end;
    list_revisions(ends, map->revision_count, report);
    if (!pdf_form_read(map, 0, &form)) {
        pdf_verify_refuse(report, VERIFY_INVALID, "pdf.form");
        return;
    }
    const char *code = pdf_policy_check(map, &form, &report->pages);
    if (code) {
        pdf_verify_refuse(report, VERIFY_INVALID, code);
        return;
    }
    read_changes(map, trust, at, report);
    /* A range that no field leads to could be shown by a reader that looks for it elsewhere. */
    if (count_text(map->file, "/ByteRange") != report->signature_count + report->stamp_count)
        pdf_verify_refuse(report, VERIFY_INVALID, "signature.range");
    /* Last, so that it only reads what everything else has found good. */
    if (!report->reason && !second_opinion_agrees(map->file, report->pages))
        pdf_verify_refuse(report, VERIFY_INVALID, "pdf.structure");
    if (!report->reason)
        report->verdict = VERIFY_VALID;
}

/* Nothing to vouch for: whether it is a PDF at all is all that can be said. */
static void verify_unsigned(struct bytes file, struct verify_report *report)
{
    enum err err = pdf_pages_count(file, PDF_PAGES_REPAIR, &report->pages);
    if (err == ERR_OK || err == ERR_FORBIDDEN)
        pdf_verify_refuse(report, VERIFY_UNSIGNED, "pdf.unsigned");
    else
        pdf_verify_refuse(report, VERIFY_INVALID, "pdf.not_pdf");
}

/* Ours says so in its metadata, whatever became of it since. */
static bool says_ours(struct bytes file)
{
    return count_text(file, "<pdf:Producer>" ARCHIVE_PRODUCER "</pdf:Producer>") > 0;
}

/* Or it is built as only we build. With a form of signature that this house never writes, somebody
 * else has signed it. The choice decides on words, not on trust: neither profile calls a forgery
 * valid, whichever it was made for. */
static bool is_ours(struct bytes file, bool is_mapped)
{
    return (is_mapped || says_ours(file)) && count_text(file, "/adbe.pkcs7.detached") == 0;
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
        pdf_verify_refuse(ret_report, VERIFY_INVALID, "pdf.too_large");
        return;
    }
    /* A signature's dictionary must stand in the file as it is, so one cannot be without this. */
    if (count_text(file, "/ByteRange") == 0) {
        ret_report->profile = says_ours(file) ? VERIFY_PROFILE_HOUSE : VERIFY_PROFILE_OTHER;
        verify_unsigned(file, ret_report);
        return;
    }
    size_t ends[PDF_REVISIONS_MAX];
    list_revisions(ends, pdf_ends_find(file, ends, PDF_REVISIONS_MAX), ret_report);
    enum err err = pdf_map_parse(file, &map, &code);
    if (err != ERR_NO_MEMORY && !is_ours(file, err == ERR_OK))
        foreign_verify(file, trust, at, ret_report);
    else if (err == ERR_OK)
        verify_mapped(&map, trust, at, ret_report);
    else
        pdf_verify_refuse(ret_report, VERIFY_INVALID, code ? code : "verify.failed");
    pdf_map_done(&map);
}

const char *verify_verdict_name(enum verify_verdict verdict)
{
    static const char *const names[] = {
        [VERIFY_INVALID] = "invalid",
        [VERIFY_VALID] = "valid",
        [VERIFY_UNSIGNED] = "unsigned",
        [VERIFY_UNSUPPORTED] = "unsupported",
    };
    return names[verdict];
}
