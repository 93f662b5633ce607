#include "meeting/edge/signing_work.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "meeting/edge/paper/minutes_pdf.h"
#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pdf_verify.h"

struct signing_work *signing_work_create(struct meeting_service *service,
                                         const struct meeting_state *state,
                                         const struct certificate *certificate)
{
    const struct state_participant *signer = state_user_find(state, certificate->user_id);
    struct signing_work *signing = calloc(1, sizeof *signing);
    if (!signing || !signer) {
        free(signing);
        return NULL;
    }
    signing->name = strdup(signer->name);
    memcpy(signing->entry.serial, certificate->serial, sizeof signing->entry.serial);
    if (!signing->name || buffer_put(&signing->certificate, certificate->der) != ERR_OK) {
        signing_work_free(signing);
        return NULL;
    }
    signing->ticket = service->next_ticket++;
    return signing;
}

void signing_work_free(struct signing_work *signing)
{
    if (!signing)
        return;
    free(signing->name);
    buffer_done(&signing->certificate);
    free(signing);
}

const char *signing_field_name(enum minutes_field field)
{
    return field == MINUTES_FIELD_SECRETARY ? PAPER_FIELD_SECRETARY : PAPER_FIELD_CHAIR;
}

static void work_failed(struct signing_work *signing, const char *doing, enum err err)
{
    log_line(LOG_ERROR, "meeting.signing", "meeting=%llu doing=%s err=%s",
             (unsigned long long)signing->entry.signing.meeting, doing, err_name(err));
}

/* -- preparing ----------------------------------------------------------------------------------
 */

static enum err prepare(struct signing_work *signing, struct bytes base)
{
    struct pades_request request = {
        .field = signing_field_name(signing->entry.signing.field),
        .name = signing->name,
        .at = signing->at,
    };
    struct pades_prepared prepared;
    enum err err = pades_prepare(base, &request, &prepared);
    if (err != ERR_OK)
        return err;
    struct signing *made = &signing->entry.signing;
    memcpy(made->byte_range, prepared.byte_range, sizeof made->byte_range);
    err = files_put(signing->work.service->data_folder, buffer_bytes(&prepared.file), made->sha256);
    pades_prepared_done(&prepared);
    return err;
}

void signing_work_prepare(struct work *work)
{
    struct signing_work *signing = (struct signing_work *)work;
    struct buffer base = {0};
    enum err err = files_get(work->service->data_folder, signing->entry.base_sha256, &base);
    if (err == ERR_OK)
        err = prepare(signing, buffer_bytes(&base));
    buffer_done(&base);
    if (err != ERR_OK) {
        work_failed(signing, "prepare", err);
        signing->refusal = refusal_of(REFUSAL_NOT_LAID_OUT);
    }
}

/* -- completing ---------------------------------------------------------------------------------
 */

/* Whether the signed file is the base with one more valid signature: that person's, in that field.
 */
static bool signed_as_meant(const struct signing_work *signing, struct bytes base,
                            struct bytes file)
{
    if (file.size < base.size || memcmp(file.data, base.data, base.size) != 0)
        return false;
    struct verify_report *report = malloc(sizeof *report);
    if (!report)
        return false;
    pdf_verify(file, signing->work.service->trust, signing->at, report);
    size_t last = report->signature_count - 1;
    bool meant = report->verdict == VERIFY_VALID &&
                 report->signature_count == (size_t)signing->entry.signing.field + 1 &&
                 strcmp(report->signatures[last].field,
                        signing_field_name(signing->entry.signing.field)) == 0 &&
                 strcmp(report->signatures[last].signer.serial, signing->entry.serial) == 0;
    if (!meant)
        log_line(LOG_ERROR, "meeting.signing", "meeting=%llu verdict=%s reason=%s",
                 (unsigned long long)signing->entry.signing.meeting,
                 verify_verdict_name(report->verdict),
                 report->reason ? report->reason->code : "none");
    free(report);
    return meant;
}

void signing_stamp(const struct certs_ask *ask, struct buffer *file, const uint64_t byte_range[4],
                   uint64_t meeting, utc_ms_t now)
{
    uint8_t digest[CERTS_SHA256_BYTES];
    struct certs_stamp stamp;
    if (!ask)
        return;
    struct certs_ask quick = *ask;
    if (quick.timeout_ms == 0 || quick.timeout_ms > SIGNING_STAMP_TIMEOUT_MS)
        quick.timeout_ms = SIGNING_STAMP_TIMEOUT_MS;
    enum err err = pades_stamp_digest(buffer_bytes(file), byte_range, digest);
    if (err == ERR_OK)
        err = certs_tsa_ask(&quick, digest, now, &stamp);
    if (err == ERR_OK) {
        err = pades_stamp(file, byte_range, buffer_bytes(&stamp.token));
        buffer_done(&stamp.token);
    }
    if (err != ERR_OK)
        log_line(LOG_WARN, "meeting.signing", "meeting=%llu stamped=no err=%s",
                 (unsigned long long)meeting, err_name(err));
}

static const struct refusal *complete(struct signing_work *signing, struct bytes base,
                                      struct buffer *file)
{
    struct bytes issuer = buffer_bytes(&signing->work.service->issuer);
    enum err err =
        pades_complete(file, signing->entry.signing.byte_range, buffer_bytes(&signing->certificate),
                       &issuer, 1, signing->signature);
    if (err == ERR_AUTH)
        return refusal_of(REFUSAL_WRONG_KEY);
    if (err == ERR_OK)
        signing_stamp(signing->work.service->ask, file, signing->entry.signing.byte_range,
                      signing->entry.signing.meeting, signing->at);
    if (err != ERR_OK || !signed_as_meant(signing, base, buffer_bytes(file)))
        return refusal_of(REFUSAL_WRONG_BYTES);
    err = files_put(signing->work.service->data_folder, buffer_bytes(file), signing->signed_sha256);
    return err == ERR_OK ? NULL : refusal_of(REFUSAL_NOT_KEPT);
}

void signing_work_complete(struct work *work)
{
    struct signing_work *signing = (struct signing_work *)work;
    struct buffer base = {0};
    struct buffer file = {0};
    const char *folder = work->service->data_folder;
    enum err err = files_get(folder, signing->entry.base_sha256, &base);
    if (err == ERR_OK)
        err = files_get(folder, signing->entry.signing.sha256, &file);
    if (err == ERR_OK) {
        signing->refusal = complete(signing, buffer_bytes(&base), &file);
    } else {
        work_failed(signing, "complete", err);
        signing->refusal = refusal_of(REFUSAL_NOT_KEPT);
    }
    buffer_done(&base);
    buffer_done(&file);
}
