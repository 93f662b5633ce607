/* The Report object of docs/protocol.md. */
#include <jansson.h>

#include "meeting/edge/paper/json_out.h"
#include "meeting/edge/paper/pdf_verify.h"

static json_t *reason_json(const struct paper_reason *reason)
{
    if (!reason)
        return json_null();
    return json_pack("{s:s, s:s, s:s}", "code", reason->code, "vi", reason->vi, "en", reason->en);
}

static const char *source_name(enum verify_time_source source)
{
    return source == VERIFY_TIME_STAMP      ? "timestamp"
           : source == VERIFY_TIME_DOCUMENT ? "document"
                                            : "claimed";
}

static const char *proven_name(enum certs_proven proven)
{
    static const char *const names[] = {
        [CERTS_PROVEN_NOTHING] = "unproven",
        [CERTS_PROVEN_GOOD] = "good",
        [CERTS_PROVEN_REVOKED_LATER] = "revoked_later",
        [CERTS_PROVEN_REVOKED] = "revoked",
    };
    return names[proven];
}

static const char *change_name(enum pdf_change_kind kind)
{
    return kind == PDF_CHANGE_SIGNED ? "signed" : kind == PDF_CHANGE_FILLED ? "filled" : "archived";
}

static const char *revision_name(enum verify_revision_kind kind)
{
    static const char *const names[] = {
        [VERIFY_REVISION_UNKNOWN] = "unknown",   [VERIFY_REVISION_MADE] = "made",
        [VERIFY_REVISION_SIGNED] = "signed",     [VERIFY_REVISION_FILLED] = "filled",
        [VERIFY_REVISION_ARCHIVED] = "archived", [VERIFY_REVISION_REFUSED] = "refused",
    };
    return names[kind];
}

static json_t *revisions_json(const struct verify_report *report)
{
    json_t *revisions = json_array();
    for (size_t i = 0; i < report->revision_count; i++)
        (void)json_array_append_new(
            revisions, json_pack("{s:I, s:s}", "end", (json_int_t)report->revisions[i].end, "kind",
                                 revision_name(report->revisions[i].kind)));
    return revisions;
}

static json_t *time_or_null(utc_ms_t at)
{
    return at ? json_integer((json_int_t)at) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static json_t *signature_json(const struct verify_signature *signature)
{
    const struct certs_signer *signer = &signature->signer;
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:I, s:s, s:o, s:{s:s, s:s, s:s, s:I}}", "field", signature->field,
        "signer", signer->name, "role", signer->position, "at", (json_int_t)signature->at,
        "verdict", verify_verdict_name(signature->verdict), "reason",
        reason_json(signature->reason), "certificate", "subject", signer->subject, "issuer",
        signer->issuer, "serial", signer->serial, "notAfter", (json_int_t)signer->not_after);
    json_t *times = json_pack(
        "{s:o, s:s, s:o, s:s, s:o, s:b}", "trustedAt", time_or_null(signature->trusted_at),
        "timeSource", source_name(signature->source), "timestampBy",
        text_or_null(signature->stamped_by), "revocation", proven_name(signature->history.proven),
        "revokedAt", time_or_null(signature->history.revoked_at), "coversFile",
        signature->covers_file);
    (void)json_object_update_new(json, times);
    return json;
}

static json_t *stamp_json(const struct verify_stamp *stamp)
{
    return json_pack("{s:o, s:s, s:I, s:o}", "at", time_or_null(stamp->facts.at), "by",
                     stamp->facts.tsa, "notAfter", (json_int_t)stamp->facts.not_after, "reason",
                     reason_json(stamp->reason));
}

/* What happened to the file after it was made, in order. */
static json_t *history_json(const struct verify_report *report)
{
    json_t *changes = json_array();
    json_t *filled = json_array();
    json_t *stamps = json_array();
    for (size_t i = 0; i < report->change_count; i++)
        (void)json_array_append_new(changes, json_pack("{s:s, s:s}", "kind",
                                                       change_name(report->changes[i].kind),
                                                       "field", report->changes[i].field));
    for (size_t i = 0; i < report->filled_count; i++)
        (void)json_array_append_new(filled,
                                    json_pack("{s:s, s:s}", "field", report->filled[i].field,
                                              "text", report->filled[i].text));
    for (size_t i = 0; i < report->stamp_count; i++)
        (void)json_array_append_new(stamps, stamp_json(&report->stamps[i]));
    return json_pack("{s:o, s:o, s:o, s:o}", "changes", changes, "filled", filled, "timestamps",
                     stamps, "revisions", revisions_json(report));
}

enum err pdf_verify_write_json(const struct verify_report *report, struct buffer *ret_json)
{
    json_t *signatures = json_array();
    for (size_t i = 0; i < report->signature_count; i++)
        (void)json_array_append_new(signatures, signature_json(&report->signatures[i]));
    json_t *json =
        json_pack("{s:s, s:o, s:o, s:s, s:I, s:s}", "verdict", verify_verdict_name(report->verdict),
                  "reason", reason_json(report->reason), "signatures", signatures, "sha256",
                  report->sha256, "pages", (json_int_t)report->pages, "profile",
                  report->profile == VERIFY_PROFILE_HOUSE ? "dienhong" : "other");
    (void)json_object_update_new(json, history_json(report));
    return json_out(json, ret_json);
}
