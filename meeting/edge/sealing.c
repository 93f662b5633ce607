#include "meeting/edge/sealing.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "certs/certs.h"
#include "meeting/edge/minutes_paper.h"
#include "meeting/edge/paper/minutes_pdf.h"
#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pdf_verify.h"
#include "meeting/edge/service.h"
#include "meeting/edge/signing_work.h"

/* Everything is copied in before the work begins, so no thread reads what another may change. */
struct sealing {
    struct work work; /* first: the functions cast back */
    uint64_t meeting;
    uint64_t actor;
    uint64_t ticket;
    utc_ms_t at;
    struct arena arena;
    const char *agency;
    char base_sha256[HASH_HEX_BYTES];
    uint8_t pin[CERTS_DEVICE_PIN_BYTES];
    size_t pin_size;
    enum refusal_id refused; /* REFUSAL_COUNT: sealed */
    char serial[CERTIFICATE_SERIAL_BYTES];
    char sealed_sha256[HASH_HEX_BYTES];
};

static void sealing_free(struct sealing *sealing)
{
    explicit_bzero(sealing->pin, sizeof sealing->pin);
    arena_done(&sealing->arena);
    free(sealing);
}

bool meeting_can_seal(const struct meeting_service *service)
{
    return service->seal != NULL;
}

/* -- on Jobs ------------------------------------------------------------------------------------
 */

static enum refusal_id refusal_of_fault(struct sealing *sealing, enum certs_device_fault fault)
{
    log_line(LOG_ERROR, "meeting.sealing", "meeting=%llu device=%s code=%llu",
             (unsigned long long)sealing->meeting, certs_device_fault_name(fault),
             (unsigned long long)certs_device_error(sealing->work.service->seal));
    switch ((int)fault) {
    case CERTS_DEVICE_PIN_WRONG:
        return REFUSAL_PIN_WRONG;
    case CERTS_DEVICE_PIN_LOCKED:
        return REFUSAL_PIN_LOCKED;
    case CERTS_DEVICE_PIN_REST:
        return REFUSAL_PIN_REST;
    case CERTS_DEVICE_NO_MODULE:
    case CERTS_DEVICE_NO_TOKEN:
    case CERTS_DEVICE_NO_CERTIFICATE:
    case CERTS_DEVICE_NO_KEY:
        return REFUSAL_NO_SEAL_DEVICE;
    default:
        return REFUSAL_SEAL_FAILED;
    }
}

static enum refusal_id failed(const struct sealing *sealing, const char *doing, enum err err)
{
    log_line(LOG_ERROR, "meeting.sealing", "meeting=%llu doing=%s err=%s",
             (unsigned long long)sealing->meeting, doing, err_name(err));
    return REFUSAL_SEAL_FAILED;
}

/* The device signs what the certificate is to vouch for: the attributes over the prepared file. */
static enum refusal_id device_sign(struct sealing *sealing, struct bytes certificate,
                                   const struct pades_prepared *prepared,
                                   struct certs_device_signature *ret_signature)
{
    struct buffer attributes = {0};
    enum err err = certs_signed_attributes(certificate, prepared->digest, &attributes);
    if (err != ERR_OK)
        return failed(sealing, "attributes", err);
    enum certs_device_fault fault = certs_device_sign(
        sealing->work.service->seal, (struct bytes){sealing->pin, sealing->pin_size},
        buffer_bytes(&attributes), sealing->at, ret_signature);
    explicit_bzero(sealing->pin, sizeof sealing->pin);
    buffer_done(&attributes);
    if (fault != CERTS_DEVICE_FINE)
        return refusal_of_fault(sealing, fault);
    /* What assembles the CMS takes P-256; the device was made with such a key. */
    return ret_signature->is_rsa ? failed(sealing, "key", ERR_UNSUPPORTED) : REFUSAL_COUNT;
}

/* Whether the file is the base with one more signature, the agency's, and valid to a stranger. */
static bool sealed_as_meant(struct sealing *sealing, struct bytes base, struct bytes file)
{
    struct verify_report *report = malloc(sizeof *report);
    if (!report || file.size < base.size || memcmp(file.data, base.data, base.size) != 0) {
        free(report);
        return false;
    }
    pdf_verify(file, sealing->work.service->trust, sealing->at, report);
    bool meant = report->verdict == VERIFY_VALID && report->sealed;
    if (meant)
        memcpy(sealing->serial, report->signatures[report->signature_count - 1].signer.serial,
               sizeof sealing->serial);
    else
        log_line(LOG_ERROR, "meeting.sealing", "meeting=%llu verdict=%s reason=%s",
                 (unsigned long long)sealing->meeting, verify_verdict_name(report->verdict),
                 report->reason ? report->reason->code : "none");
    free(report);
    return meant;
}

static enum refusal_id file_seal(struct sealing *sealing, struct bytes base,
                                 struct bytes certificate, struct pades_prepared *prepared)
{
    struct meeting_service *service = sealing->work.service;
    struct certs_device_signature signature;
    enum refusal_id refused = device_sign(sealing, certificate, prepared, &signature);
    if (refused != REFUSAL_COUNT)
        return refused;
    struct bytes issuer = buffer_bytes(&service->issuer);
    enum err err = pades_complete(&prepared->file, prepared->byte_range, certificate, &issuer, 1,
                                  signature.bytes);
    if (err != ERR_OK)
        return failed(sealing, "complete", err);
    signing_stamp(service->ask, &prepared->file, prepared->byte_range, sealing->meeting,
                  sealing->at);
    if (!sealed_as_meant(sealing, base, buffer_bytes(&prepared->file)))
        return REFUSAL_SEAL_FAILED;
    err = files_put(service->data_folder, buffer_bytes(&prepared->file), sealing->sealed_sha256);
    return err == ERR_OK ? REFUSAL_COUNT : REFUSAL_NOT_KEPT;
}

static enum refusal_id seal(struct sealing *sealing, struct bytes base)
{
    struct pades_request request = {
        .field = PAPER_FIELD_AGENCY, .name = sealing->agency, .at = sealing->at};
    struct buffer certificate = {0};
    struct pades_prepared prepared = {0};
    enum certs_device_fault fault =
        certs_device_certificate(sealing->work.service->seal, &certificate);
    if (fault != CERTS_DEVICE_FINE)
        return refusal_of_fault(sealing, fault);
    enum err err = pades_prepare(base, &request, &prepared);
    enum refusal_id refused = err == ERR_OK
                                  ? file_seal(sealing, base, buffer_bytes(&certificate), &prepared)
                                  : failed(sealing, "prepare", err);
    pades_prepared_done(&prepared);
    buffer_done(&certificate);
    return refused;
}

static void sealing_run(struct work *work)
{
    struct sealing *sealing = (struct sealing *)work;
    struct buffer base = {0};
    enum err err = files_get(work->service->data_folder, sealing->base_sha256, &base);
    sealing->refused =
        err == ERR_OK ? seal(sealing, buffer_bytes(&base)) : failed(sealing, "read", err);
    explicit_bzero(sealing->pin, sizeof sealing->pin);
    buffer_done(&base);
}

/* -- on the control thread ----------------------------------------------------------------------
 */

static void sealing_done(struct work *work, utc_ms_t now)
{
    struct sealing *sealing = (struct sealing *)work;
    struct meeting_service *service = work->service;
    const struct meeting_state *state = meeting_state_of(service, sealing->meeting);
    const struct state_issue *issue = state ? state_issue_now(state) : NULL;
    struct meeting_receipt receipt = {0};
    if (sealing->refused != REFUSAL_COUNT) {
        receipt = receipt_refused(sealing->refused);
    } else if (!issue || strcmp(issue->sha256, sealing->base_sha256) != 0) {
        receipt = receipt_refused(REFUSAL_SIGNING_STALE);
    } else {
        struct meeting_command command = {
            .action = ACTION_ISSUE_SEAL,
            .meeting = sealing->meeting,
            .actor = sealing->actor,
            .of.issue_file = {sealing->serial, sealing->sealed_sha256},
        };
        receipt = append_command(service, &command, sealing->ticket, now);
    }
    if (receipt.refusal)
        append_late_refusal(service, sealing->meeting, sealing->ticket, receipt.refusal);
    sealing_free(sealing);
}

static struct sealing *sealing_create(struct meeting_service *service, uint64_t meeting,
                                      uint64_t actor, struct bytes pin)
{
    struct sealing *sealing = calloc(1, sizeof *sealing);
    if (!sealing)
        return NULL;
    sealing->work.run = sealing_run;
    sealing->work.done = sealing_done;
    sealing->meeting = meeting;
    sealing->actor = actor;
    sealing->pin_size = pin.size;
    memcpy(sealing->pin, pin.data, pin.size);
    sealing->agency = minutes_paper_body(service, &sealing->arena);
    if (sealing->agency)
        return sealing;
    sealing_free(sealing);
    return NULL;
}

struct meeting_receipt meeting_issue_seal(struct meeting_service *service, uint64_t meeting,
                                          uint64_t actor, struct bytes pin, utc_ms_t now)
{
    const struct meeting_state *state = meeting_state_of(service, meeting);
    const struct actor_office office = meeting_office_of(service, actor);
    if (!state)
        return receipt_refused(REFUSAL_NO_MEETING);
    const struct refusal *refusal = guard_check_in_office(state, actor, &office, ACTION_ISSUE_SEAL);
    if (refusal)
        return (struct meeting_receipt){.refusal = refusal};
    if (!service->seal)
        return receipt_refused(REFUSAL_NO_SEAL_DEVICE);
    if (pin.size == 0 || pin.size > CERTS_DEVICE_PIN_BYTES)
        return receipt_refused(REFUSAL_PIN_WRONG);
    struct sealing *sealing = sealing_create(service, meeting, actor, pin);
    if (!sealing)
        return receipt_refused(REFUSAL_BUSY);
    sealing->at = now;
    memcpy(sealing->base_sha256, state_issue_now(state)->sha256, sizeof sealing->base_sha256);
    if (service_work(service, &sealing->work) != ERR_OK) {
        sealing_free(sealing);
        return receipt_refused(REFUSAL_BUSY);
    }
    sealing->ticket = service->next_ticket++;
    return (struct meeting_receipt){.ticket = sealing->ticket};
}
