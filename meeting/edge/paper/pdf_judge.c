#include "meeting/edge/paper/pdf_judge.h"

#include <string.h>

#include "meeting/edge/paper/paper.h"
#include "meeting/edge/paper/pdf_digest.h"

const char *pdf_judge_code(enum certs_fault fault)
{
    static const char *const codes[] = {
        [CERTS_FAULT_NONE] = NULL,
        [CERTS_FAULT_MALFORMED] = "cms.malformed",
        [CERTS_FAULT_PROFILE] = "cms.profile",
        [CERTS_FAULT_DIGEST] = "cms.digest",
        [CERTS_FAULT_SIGNATURE] = "cms.signature",
        [CERTS_FAULT_ESS] = "cms.certificate",
        [CERTS_FAULT_UNUSED] = "cms.unused",
        [CERTS_FAULT_UNTRUSTED] = "certificate.untrusted",
        [CERTS_FAULT_NOT_YET_VALID] = "certificate.not_yet_valid",
        [CERTS_FAULT_EXPIRED] = "certificate.expired",
        [CERTS_FAULT_USAGE] = "certificate.usage",
        [CERTS_FAULT_REVOKED] = "certificate.revoked",
        [CERTS_FAULT_STAMP] = "timestamp.invalid",
        [CERTS_FAULT_WEAK] = "cms.profile",
        [CERTS_FAULT_INTERNAL] = "verify.failed",
    };
    return codes[fault];
}

const char *pdf_judge_stamp_code(enum certs_fault fault)
{
    static const char *const codes[] = {
        [CERTS_FAULT_NONE] = NULL,
        [CERTS_FAULT_MALFORMED] = "timestamp.invalid",
        [CERTS_FAULT_PROFILE] = "timestamp.invalid",
        [CERTS_FAULT_DIGEST] = "timestamp.other",
        [CERTS_FAULT_SIGNATURE] = "timestamp.invalid",
        [CERTS_FAULT_ESS] = "timestamp.invalid",
        [CERTS_FAULT_UNUSED] = "timestamp.invalid",
        [CERTS_FAULT_UNTRUSTED] = "timestamp.untrusted",
        [CERTS_FAULT_NOT_YET_VALID] = "timestamp.early",
        [CERTS_FAULT_EXPIRED] = "timestamp.expired",
        [CERTS_FAULT_USAGE] = "timestamp.usage",
        [CERTS_FAULT_REVOKED] = "timestamp.revoked",
        [CERTS_FAULT_STAMP] = "timestamp.invalid",
        [CERTS_FAULT_WEAK] = "timestamp.invalid",
        [CERTS_FAULT_INTERNAL] = "verify.failed",
    };
    return codes[fault];
}

static bool read_archive(struct judge *judge)
{
    struct certs_items *const items[PDF_DSS_KINDS] = {
        [PDF_DSS_CERTIFICATES] = &judge->archive.certificates,
        [PDF_DSS_CRLS] = &judge->archive.crls,
        [PDF_DSS_OCSPS] = &judge->archive.ocsps,
    };
    if (!pdf_dss_read(judge->map, judge->map->revision_count - 1, &judge->dss))
        return false;
    judge->archive.memo = &judge->memo;
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++)
        *items[kind] = (struct certs_items){judge->dss.lists[kind].items,
                                            judge->dss.lists[kind].count, judge->used[kind]};
    return true;
}

/* What each signature and timestamp is over. */
static bool digest_ranges(struct judge *judge)
{
    struct pdf_digest digest;
    enum err err = pdf_digest_init(&digest, judge->map->file);
    for (size_t i = 0; err == ERR_OK && i < judge->step_count; i++) {
        struct judge_step *step = &judge->steps[i];
        if (step->change.kind == PDF_CHANGE_FILLED || step->code)
            continue;
        err = pdf_digest_next(&digest, step->read.byte_range, step->sha256);
        if (err == ERR_FORMAT) {
            step->code = "signature.range";
            err = ERR_OK;
        }
    }
    pdf_digest_done(&digest);
    return err == ERR_OK;
}

/* -- document timestamps -------------------------------------------------------------------------
 */

static void judge_stamp(struct judge *judge, const struct judge_step *step, utc_ms_t at,
                        struct verify_stamp *stamp)
{
    struct buffer token = {0};
    const struct certs_history_plan plan = {
        .archive = &judge->archive, .trust = judge->trust, .for_tsa = true, .at = at};
    const char *code = step->code;
    if (!code)
        code = pdf_signature_cms(&step->read, &token);
    if (!code)
        code = pdf_judge_stamp_code(
            certs_timestamp_judge(buffer_bytes(&token), step->sha256, &plan, &stamp->facts));
    buffer_done(&token);
    stamp->reason = code ? paper_reason_of(code) : NULL;
}

/* Newest first: each vouches for what is before it, at its own time. */
static void judge_stamps(struct judge *judge, struct verify_report *report)
{
    utc_ms_t seen_by = 0;
    for (size_t i = 0; i < judge->step_count; i++)
        report->stamp_count += judge->steps[i].change.kind == PDF_CHANGE_ARCHIVED;
    size_t at = report->stamp_count;
    for (size_t i = judge->step_count; i-- > 0;) {
        struct judge_step *step = &judge->steps[i];
        step->seen_by = seen_by;
        if (step->change.kind != PDF_CHANGE_ARCHIVED)
            continue;
        struct verify_stamp *stamp = &report->stamps[--at];
        judge_stamp(judge, step, seen_by ? seen_by : judge->at, stamp);
        if (stamp->reason)
            pdf_verify_refuse(report, VERIFY_INVALID, stamp->reason->code);
        else
            seen_by = stamp->facts.at;
    }
}

/* -- signatures ----------------------------------------------------------------------------------
 */

static const char *check_cms(struct judge *judge, const struct judge_step *step,
                             struct verify_signature *signature)
{
    struct buffer cms = {0};
    struct certs_judgement judgement;
    struct certs_view view = {
        .trust = judge->trust,
        .archive = &judge->archive,
        .now = judge->at,
        .seen_by = step->seen_by,
    };
    const char *code = pdf_signature_cms(&step->read, &cms);
    if (code)
        return code;
    enum certs_fault fault = certs_cms_judge(buffer_bytes(&cms), step->sha256, &view, &judgement);
    buffer_done(&cms);
    signature->signer = judgement.signer;
    signature->history = judgement.history;
    signature->trusted_at = judgement.trusted_at;
    if (judgement.trusted_at)
        signature->source = judgement.stamped ? VERIFY_TIME_STAMP : VERIFY_TIME_DOCUMENT;
    if (judgement.stamped)
        memcpy(signature->stamped_by, judgement.stamp.tsa, sizeof signature->stamped_by);
    return fault == CERTS_FAULT_STAMP ? pdf_judge_stamp_code(judgement.stamp_fault)
                                      : pdf_judge_code(fault);
}

static void judge_signature(struct judge *judge, const struct judge_step *step,
                            struct verify_report *report)
{
    struct verify_signature *signature = &report->signatures[report->signature_count++];
    _Static_assert((int)VERIFY_FIELD_BYTES == (int)PDF_FORM_NAME_BYTES, "names are copied whole");
    memcpy(signature->field, step->change.fields[0].name, sizeof signature->field);
    signature->covers_file = step->revision + 1 == judge->map->revision_count;
    const char *code = step->code;
    if (!code) {
        signature->at = step->read.at;
        code = check_cms(judge, step, signature);
    }
    signature->verdict = code ? VERIFY_INVALID : VERIFY_VALID;
    signature->reason = code ? paper_reason_of(code) : NULL;
    if (code)
        pdf_verify_refuse(report, VERIFY_INVALID, code);
    else if (strcmp(signature->field, PAPER_FIELD_AGENCY) == 0)
        report->sealed = true;
}

/* The archive is for proofs: whatever proves nothing has no place in it. */
static bool archive_is_used(const struct judge *judge)
{
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++)
        for (size_t i = 0; i < judge->dss.lists[kind].count; i++)
            if (!judge->used[kind][i])
                return false;
    return true;
}

void pdf_judge(struct judge *judge, struct verify_report *report)
{
    if (!read_archive(judge)) {
        pdf_verify_refuse(report, VERIFY_INVALID, "revision.changed");
        return;
    }
    if (!digest_ranges(judge)) {
        pdf_verify_refuse(report, VERIFY_INVALID, "verify.failed");
        return;
    }
    judge_stamps(judge, report);
    for (size_t i = 0; i < judge->step_count; i++)
        if (judge->steps[i].change.kind == PDF_CHANGE_SIGNED)
            judge_signature(judge, &judge->steps[i], report);
    if (!report->reason && !archive_is_used(judge))
        pdf_verify_refuse(report, VERIFY_INVALID, "archive.unused");
    certs_memo_done(&judge->memo);
}
