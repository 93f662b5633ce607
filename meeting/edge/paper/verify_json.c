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

static json_t *signature_json(const struct verify_signature *signature)
{
    const struct certs_signer *signer = &signature->signer;
    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:o, s:{s:s, s:s, s:s, s:I}}", "field",
                     signature->field, "signer", signer->name, "role", signer->position, "at",
                     (json_int_t)signature->at, "verdict", verify_verdict_name(signature->verdict),
                     "reason", reason_json(signature->reason), "certificate", "subject",
                     signer->subject, "issuer", signer->issuer, "serial", signer->serial,
                     "notAfter", (json_int_t)signer->not_after);
}

enum err pdf_verify_write_json(const struct verify_report *report, struct buffer *ret_json)
{
    json_t *signatures = json_array();
    for (size_t i = 0; i < report->signature_count; i++)
        (void)json_array_append_new(signatures, signature_json(&report->signatures[i]));
    json_t *json =
        json_pack("{s:s, s:o, s:o, s:s, s:I}", "verdict", verify_verdict_name(report->verdict),
                  "reason", reason_json(report->reason), "signatures", signatures, "sha256",
                  report->sha256, "pages", (json_int_t)report->pages);
    return json_out(json, ret_json);
}
