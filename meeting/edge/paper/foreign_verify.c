#include "meeting/edge/paper/foreign_verify.h"

#include <string.h>

#include "meeting/edge/paper/foreign_ban.h"
#include "meeting/edge/paper/foreign_diff.h"
#include "meeting/edge/paper/foreign_judge.h"
#include "meeting/edge/paper/pdf_judge.h"

static size_t count_text(struct bytes file, const char *text)
{
    size_t count = 0;
    const uint8_t *end = file.data + file.size;
    const uint8_t *at = file.data;
    while (at && (at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL) {
        count++;
        at++;
    }
    return count;
}

/* Two cross-reference tables of one revision may show two files. Word writes such ones, and what
 * its first signer saw is signed; nobody adds one to a signed file. */
static bool is_hybrid_since(struct bytes file, uint64_t start)
{
    struct bytes rest = {file.data + start, file.size - (size_t)start};
    return count_text(rest, "/XRefStm") > 0;
}

/* Every signature's file is read as it was then, so that many signatures of a large file cost. */
static bool is_affordable(struct bytes file, const struct foreign_form *form)
{
    uint64_t total = file.size;
    for (size_t i = 0; i < form->count; i++)
        total += form->signatures[i].end;
    return total <= FOREIGN_READ_BYTES_MAX;
}

/* -- what was added ------------------------------------------------------------------------------
 */

/* From the file that signature `index` covers to the next, or to the whole file. */
static const char *check_step(const struct foreign_file *whole, const struct foreign_form *form,
                              size_t index, struct foreign_file *prefix)
{
    const struct foreign_signature *next =
        index + 1 < form->count ? &form->signatures[index + 1] : NULL;
    uint64_t end = next ? next->end : whole->bytes.size;
    struct foreign_file later = {0};
    const struct foreign_file *new = whole;
    const char *code = NULL;
    if (end < whole->bytes.size) {
        code = foreign_file_open((struct bytes){whole->bytes.data, (size_t)end}, &later);
        new = &later;
    }
    if (!code)
        code = foreign_diff_check(prefix, new, next);
    foreign_file_done(prefix);
    *prefix = later;
    return code;
}

static const char *check_additions(const struct foreign_file *whole,
                                   const struct foreign_form *form)
{
    struct foreign_file prefix = {0};
    const struct foreign_signature *last = &form->signatures[form->count - 1];
    size_t steps = form->count - (last->end == whole->bytes.size);
    if (steps == 0)
        return NULL;
    struct bytes first = {whole->bytes.data, (size_t)form->signatures[0].end};
    const char *code = foreign_file_open(first, &prefix);
    for (size_t i = 0; !code && i < steps; i++)
        code = check_step(whole, form, i, &prefix);
    foreign_file_done(&prefix);
    /* What was signed could be read by itself, or it was not what its signer saw. */
    return code && strcmp(code, "pdf.damaged") == 0 ? "signature.range" : code;
}

static bool ends_well(struct bytes file)
{
    static const char mark[] = "%%EOF";
    size_t size = file.size;
    while (size > 0 && file.size - size < 2 &&
           (file.data[size - 1] == '\n' || file.data[size - 1] == '\r'))
        size--;
    return size >= sizeof mark - 1 &&
           memcmp(file.data + size - (sizeof mark - 1), mark, sizeof mark - 1) == 0;
}

static const char *check_certification(const struct foreign_form *form)
{
    for (size_t i = 0; i + 1 < form->count; i++)
        if (form->signatures[i].forbids_changes)
            return "revision.forbidden";
    return NULL;
}

/* -- the whole -----------------------------------------------------------------------------------
 */

static void note(struct verify_report *report, const char *code)
{
    if (code)
        foreign_refuse(report, code);
}

static void verify_signed(const struct foreign_file *file, const struct foreign_form *form,
                          const struct certs_trust *trust, utc_ms_t at,
                          struct verify_report *report)
{
    struct foreign_graph graph;
    note(report, foreign_graph_make(file, &graph));
    report->pages = graph.pages;
    foreign_graph_done(&graph);
    note(report, foreign_ban_check(file));
    if (is_hybrid_since(file->bytes, form->signatures[0].gap))
        note(report, "unsupported.irregular");
    foreign_judge(file, form, trust, at, report);
    note(report, check_certification(form));
    if (!ends_well(file->bytes))
        note(report, "revision.unsigned");
    if (!is_affordable(file->bytes, form))
        note(report, "unsupported.large");
    else if (!report->reason || report->verdict == VERIFY_UNSUPPORTED)
        note(report, check_additions(file, form));
    if (report->signature_count == 0) /* a timestamp says when, but not who */
        pdf_verify_refuse(report, VERIFY_UNSIGNED, "pdf.unsigned");
}

/* A file that nobody can answer for makes none of its signatures good. */
static void settle(struct verify_report *report)
{
    if (!report->reason) {
        report->verdict = VERIFY_VALID;
        return;
    }
    for (size_t i = 0; i < report->signature_count; i++) {
        struct verify_signature *signature = &report->signatures[i];
        if (report->verdict == VERIFY_UNSUPPORTED && signature->verdict == VERIFY_VALID) {
            signature->verdict = VERIFY_UNSUPPORTED;
            signature->reason = report->reason;
        }
    }
}

void foreign_verify(struct bytes file, const struct certs_trust *trust, utc_ms_t at,
                    struct verify_report *report)
{
    struct foreign_file opened = {0};
    struct foreign_form form = {.count = 0};
    report->profile = VERIFY_PROFILE_OTHER;
    if (count_text(file, "startxref") > FOREIGN_REVISIONS_MAX) {
        foreign_refuse(report, "unsupported.large");
        return;
    }
    const char *code = foreign_file_open(file, &opened);
    note(report, code);
    if (count_text(file, "/Encrypt") > 0) /* in whatever revision's trailer */
        note(report, "unsupported.encrypted");
    /* What reads badly may still be seen to be altered, which weighs more. */
    if (!code || strcmp(code, "unsupported.irregular") == 0) {
        code = foreign_form_read(&opened, &form);
        note(report, code);
        if (!code && form.count == 0)
            pdf_verify_refuse(report, VERIFY_UNSIGNED, "pdf.unsigned");
        else if (!code)
            verify_signed(&opened, &form, trust, at, report);
    }
    settle(report);
    foreign_form_done(&form);
    foreign_file_done(&opened);
}
