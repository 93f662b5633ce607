#include "meeting/edge/paper/foreign_judge.h"

#include <stdlib.h>
#include <string.h>

#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pades_gap.h"
#include "meeting/edge/paper/pdf_judge.h"

enum { LINE_END_BYTES_MAX = 2 /* behind %%EOF */ };

struct bench {
    const struct foreign_file *file;
    const struct foreign_form *form;
    const struct certs_trust *trust;
    utc_ms_t at;
    utc_ms_t seen_by[LIMIT_SIGNATURES_PER_FILE]; /* of each: the oldest timestamp behind it */
    struct foreign_dss dss;
    struct certs_memo memo;
    struct certs_archive archive;
};

enum verify_verdict foreign_verdict_of(const char *code)
{
    static const char prefix[] = "unsupported.";
    return strncmp(code, prefix, sizeof prefix - 1) == 0 ? VERIFY_UNSUPPORTED : VERIFY_INVALID;
}

void foreign_refuse(struct verify_report *report, const char *code)
{
    enum verify_verdict verdict = foreign_verdict_of(code);
    if (report->reason && !(report->verdict == VERIFY_UNSUPPORTED && verdict == VERIFY_INVALID))
        return;
    report->verdict = verdict;
    report->reason = paper_reason_of(code);
}

/* What another program may do in good faith is not called wrong. */
static const char *code_of(enum certs_fault fault)
{
    if (fault == CERTS_FAULT_PROFILE || fault == CERTS_FAULT_UNUSED)
        return "unsupported.cms";
    return fault == CERTS_FAULT_WEAK ? "unsupported.weak" : pdf_judge_code(fault);
}

static const char *stamp_code_of(enum certs_fault fault)
{
    if (fault == CERTS_FAULT_PROFILE || fault == CERTS_FAULT_UNUSED)
        return "unsupported.timestamp";
    return pdf_judge_stamp_code(fault);
}

static bool read_archive(struct bench *bench)
{
    struct certs_items *const items[PDF_DSS_KINDS] = {
        [PDF_DSS_CERTIFICATES] = &bench->archive.certificates,
        [PDF_DSS_CRLS] = &bench->archive.crls,
        [PDF_DSS_OCSPS] = &bench->archive.ocsps,
    };
    bool read = foreign_dss_read(bench->file, &bench->dss);
    bench->archive.memo = &bench->memo;
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++)
        *items[kind] = (struct certs_items){bench->dss.bytes[kind], bench->dss.counts[kind], NULL};
    return read;
}

/* -- document timestamps -------------------------------------------------------------------------
 */

static enum certs_fault check_token(const struct bench *bench,
                                    const struct foreign_signature *signature, utc_ms_t at,
                                    struct certs_timestamp *facts)
{
    uint8_t digest[CERTS_SHA256_BYTES];
    uint64_t range[4] = {0, signature->gap, signature->gap_end,
                         signature->end - signature->gap_end};
    struct bytes all = buffer_bytes(&signature->cms);
    size_t size = pades_gap_der_size(all);
    for (size_t i = size; i < all.size; i++)
        if (size == 0 || all.data[i] != 0)
            return CERTS_FAULT_MALFORMED;
    if (pades_digest(bench->file->bytes, range, digest) != ERR_OK)
        return CERTS_FAULT_DIGEST;
    struct certs_history_plan plan = {
        .archive = &bench->archive, .trust = bench->trust, .for_tsa = true, .at = at};
    return certs_timestamp_judge((struct bytes){all.data, size}, digest, &plan, facts);
}

/* Newest first: each vouches for what is before it, at its own time. */
static void judge_stamps(struct bench *bench, struct verify_report *report)
{
    utc_ms_t seen_by = 0;
    const struct foreign_form *form = bench->form;
    for (size_t i = 0; i < form->count; i++)
        report->stamp_count += form->signatures[i].is_stamp;
    size_t at = report->stamp_count;
    for (size_t i = form->count; i-- > 0;) {
        bench->seen_by[i] = seen_by;
        if (!form->signatures[i].is_stamp)
            continue;
        struct verify_stamp *stamp = &report->stamps[--at];
        const char *code = stamp_code_of(
            check_token(bench, &form->signatures[i], seen_by ? seen_by : bench->at, &stamp->facts));
        stamp->reason = code ? paper_reason_of(code) : NULL;
        if (code)
            foreign_refuse(report, code);
        else
            seen_by = stamp->facts.at;
    }
}

/* -- signatures ----------------------------------------------------------------------------------
 */

static const char *check_cms(struct bench *bench, const struct foreign_signature *signature,
                             utc_ms_t seen_by, struct verify_signature *listed)
{
    const uint8_t *file = bench->file->bytes.data;
    struct certs_judgement judgement;
    struct certs_view view = {
        .trust = bench->trust, .archive = &bench->archive, .now = bench->at, .seen_by = seen_by};
    struct certs_foreign foreign = {
        .cms = buffer_bytes(&signature->cms),
        .covered = {{file, (size_t)signature->gap},
                    {file + signature->gap_end, (size_t)(signature->end - signature->gap_end)}},
        .is_cades = signature->is_cades,
    };
    enum certs_fault fault = certs_foreign_judge(&foreign, &view, &judgement);
    listed->signer = judgement.signer;
    listed->history = judgement.history;
    listed->trusted_at = judgement.trusted_at;
    if (judgement.trusted_at)
        listed->source = judgement.stamped ? VERIFY_TIME_STAMP : VERIFY_TIME_DOCUMENT;
    if (judgement.stamped)
        memcpy(listed->stamped_by, judgement.stamp.tsa, sizeof listed->stamped_by);
    listed->at = signature->at;
    if (listed->at == 0 && certs_foreign_claimed(foreign.cms, &listed->at) != ERR_OK)
        listed->at = 0;
    return fault == CERTS_FAULT_STAMP ? stamp_code_of(judgement.stamp_fault) : code_of(fault);
}

static void judge_signature(struct bench *bench, size_t index, struct verify_report *report)
{
    const struct foreign_signature *signature = &bench->form->signatures[index];
    struct verify_signature *listed = &report->signatures[report->signature_count++];
    memcpy(listed->field, signature->name, sizeof listed->field);
    listed->covers_file = signature->end == bench->file->bytes.size;
    const char *code = check_cms(bench, signature, bench->seen_by[index], listed);
    listed->verdict = code ? foreign_verdict_of(code) : VERIFY_VALID;
    listed->reason = code ? paper_reason_of(code) : NULL;
    if (code)
        foreign_refuse(report, code);
}

static void list_change(const struct foreign_signature *signature, struct verify_report *report)
{
    struct verify_change *change = &report->changes[report->change_count++];
    change->kind = signature->is_stamp ? PDF_CHANGE_ARCHIVED : PDF_CHANGE_SIGNED;
    for (size_t i = 0; i < report->revision_count; i++) {
        struct verify_revision *revision = &report->revisions[i];
        if (revision->end <= signature->end && signature->end - revision->end <= LINE_END_BYTES_MAX)
            revision->kind =
                signature->is_stamp ? VERIFY_REVISION_ARCHIVED : VERIFY_REVISION_SIGNED;
    }
    memcpy(change->field, signature->name, sizeof change->field);
}

_Static_assert((int)PDF_REVISIONS_MAX >= (int)LIMIT_SIGNATURES_PER_FILE, "one change for each");

void foreign_judge(const struct foreign_file *file, const struct foreign_form *form,
                   const struct certs_trust *trust, utc_ms_t at, struct verify_report *report)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (!bench) {
        foreign_refuse(report, "verify.failed");
        return;
    }
    bench->file = file;
    bench->form = form;
    bench->trust = trust;
    bench->at = at;
    if (!read_archive(bench))
        foreign_refuse(report, "unsupported.store");
    judge_stamps(bench, report);
    for (size_t i = 0; i < form->count; i++) {
        list_change(&form->signatures[i], report);
        if (!form->signatures[i].is_stamp)
            judge_signature(bench, i, report);
    }
    certs_memo_done(&bench->memo);
    foreign_dss_done(&bench->dss);
    free(bench);
}
