#include "meeting/edge/signing.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "meeting/edge/signing_work.h"

/* -- prepared signings --------------------------------------------------------------------------
 */

static void entry_drop(struct meeting_service *service, struct signing_entry *entry)
{
    files_remove(service->data_folder, entry->signing.sha256);
    *entry = service->signings[--service->signing_count];
}

static struct signing_entry *entry_find(const struct meeting_service *service, uint64_t id)
{
    for (uint32_t i = 0; i < service->signing_count; i++)
        if (service->signings[i].signing.id == id)
            return &service->signings[i];
    return NULL;
}

static void entries_expire(struct meeting_service *service, utc_ms_t now)
{
    for (uint32_t i = 0; i < service->signing_count;)
        if (service->signings[i].signing.expires_at <= now)
            entry_drop(service, &service->signings[i]);
        else
            i++;
}

/* One prepared signing for a person and a field: the one asked for last. */
static void entries_replace(struct meeting_service *service, const struct signing *by)
{
    for (uint32_t i = 0; i < service->signing_count;) {
        struct signing_entry *old = &service->signings[i];
        bool same_file = strcmp(old->signing.sha256, by->sha256) == 0;
        if (old->signing.meeting != by->meeting || old->signing.field != by->field)
            i++;
        else if (same_file)
            *old = service->signings[--service->signing_count];
        else
            entry_drop(service, old);
    }
}

static enum err entry_keep(struct meeting_service *service, const struct signing_entry *entry)
{
    entries_replace(service, &entry->signing);
    size_t size = (service->signing_count + (size_t)1) * sizeof *service->signings;
    struct signing_entry *signings = realloc(service->signings, size);
    if (!signings)
        return ERR_NO_MEMORY;
    service->signings = signings;
    signings[service->signing_count++] = *entry;
    return ERR_OK;
}

const struct signing *meeting_signing_find(const struct meeting_service *service, uint64_t id,
                                           uint64_t user, utc_ms_t now)
{
    const struct signing_entry *entry = entry_find(service, id);
    if (!entry || entry->signing.user_id != user || entry->signing.expires_at <= now)
        return NULL;
    return &entry->signing;
}

/* -- who may sign what --------------------------------------------------------------------------
 */

const struct refusal *signing_check(const struct meeting_state *state, uint64_t actor,
                                    enum minutes_field field)
{
    const struct state_participant *who = state_user_find(state, actor);
    enum capacity signer = field == MINUTES_FIELD_SECRETARY ? CAPACITY_SECRETARY : CAPACITY_CHAIR;
    if (who && who->capacity != signer)
        return refusal_of(REFUSAL_WRONG_SIGNER);
    return guard_check(state, actor, ACTION_MINUTES_SIGN);
}

const struct certificate *signing_certificate(const struct meeting_service *service,
                                              const char *serial, uint64_t user, utc_ms_t now)
{
    const struct certificate *certificate = meeting_certificate_find(service, serial);
    bool usable = certificate && certificate->user_id == user && !certificate->revoked_at &&
                  certificate->not_after > now;
    return usable ? certificate : NULL;
}

/* -- preparing ----------------------------------------------------------------------------------
 */

static void prepare_done(struct work *work, utc_ms_t now)
{
    struct signing_work *signing = (struct signing_work *)work;
    struct meeting_service *service = work->service;
    const struct signing_entry *entry = &signing->entry;
    const struct meeting_state *state = meeting_state_of(service, entry->signing.meeting);
    (void)now;
    const struct refusal *refusal = signing->refusal;
    if (!refusal && (!state || strcmp(state->minutes.sha256, entry->base_sha256) != 0))
        refusal = refusal_of(REFUSAL_SIGNING_STALE);
    if (!refusal && entry_keep(service, entry) != ERR_OK)
        refusal = refusal_of(REFUSAL_BUSY);
    if (refusal)
        append_late_refusal(service, entry->signing.meeting, signing->ticket, refusal);
    else
        append_late_done(service, entry->signing.meeting, signing->ticket, entry->signing.id);
    signing_work_free(signing);
}

struct meeting_receipt meeting_signing_prepare(struct meeting_service *service, uint64_t meeting,
                                               uint64_t actor, enum minutes_field field,
                                               const char *serial, utc_ms_t now)
{
    const struct meeting_state *state = meeting_state_of(service, meeting);
    if (!state)
        return receipt_refused(REFUSAL_NO_MEETING);
    const struct refusal *refusal = signing_check(state, actor, field);
    if (refusal)
        return (struct meeting_receipt){.refusal = refusal};
    const struct certificate *certificate = signing_certificate(service, serial, actor, now);
    if (!certificate)
        return receipt_refused(REFUSAL_NO_CERTIFICATE);
    entries_expire(service, now);
    struct signing_work *signing = signing_work_create(service, state, certificate);
    if (!signing)
        return receipt_refused(REFUSAL_BUSY);
    signing->work.run = signing_work_prepare;
    signing->work.done = prepare_done;
    signing->at = now;
    signing->entry.signing = (struct signing){
        .id = service->next_id++,
        .meeting = meeting,
        .user_id = actor,
        .field = field,
        .expires_at = now + SIGNING_LIFETIME_MS,
    };
    memcpy(signing->entry.base_sha256, state->minutes.sha256, sizeof signing->entry.base_sha256);
    uint64_t id = signing->entry.signing.id;
    uint64_t ticket = signing->ticket;
    if (service_work(service, &signing->work) != ERR_OK) {
        signing_work_free(signing);
        return receipt_refused(REFUSAL_BUSY);
    }
    return (struct meeting_receipt){.ticket = ticket, .id = id};
}

/* -- completing ---------------------------------------------------------------------------------
 */

static void complete_done(struct work *work, utc_ms_t now)
{
    struct signing_work *signing = (struct signing_work *)work;
    struct meeting_service *service = work->service;
    const struct signing *made = &signing->entry.signing;
    const struct meeting_state *state = meeting_state_of(service, made->meeting);
    struct meeting_receipt receipt = {.refusal = signing->refusal};
    if (!receipt.refusal &&
        (!state || strcmp(state->minutes.sha256, signing->entry.base_sha256) != 0))
        receipt.refusal = refusal_of(REFUSAL_SIGNING_STALE);
    if (!receipt.refusal) {
        struct meeting_command command = {
            .action = ACTION_MINUTES_SIGN,
            .meeting = made->meeting,
            .actor = made->user_id,
            .of.minutes_sign = {made->field, signing->entry.serial, signing->signed_sha256},
        };
        receipt = append_command(service, &command, signing->ticket, now);
    }
    struct signing_entry *entry = entry_find(service, made->id);
    if (receipt.refusal)
        append_late_refusal(service, made->meeting, signing->ticket, receipt.refusal);
    else if (entry)
        entry_drop(service, entry);
    signing_work_free(signing);
}

struct meeting_receipt meeting_signing_complete(struct meeting_service *service, uint64_t id,
                                                uint64_t actor, struct bytes signature,
                                                utc_ms_t now)
{
    const struct signing_entry *entry = entry_find(service, id);
    if (!meeting_signing_find(service, id, actor, now))
        return receipt_refused(REFUSAL_NO_SIGNING);
    if (signature.size != SIGNATURE_RAW_BYTES)
        return receipt_refused(REFUSAL_WRONG_KEY);
    const struct meeting_state *state = meeting_state_of(service, entry->signing.meeting);
    if (!state || strcmp(state->minutes.sha256, entry->base_sha256) != 0)
        return receipt_refused(REFUSAL_SIGNING_STALE);
    const struct refusal *refusal = signing_check(state, actor, entry->signing.field);
    if (refusal)
        return (struct meeting_receipt){.refusal = refusal};
    const struct certificate *certificate = signing_certificate(service, entry->serial, actor, now);
    if (!certificate)
        return receipt_refused(REFUSAL_NO_CERTIFICATE);
    struct signing_work *signing = signing_work_create(service, state, certificate);
    if (!signing)
        return receipt_refused(REFUSAL_BUSY);
    signing->work.run = signing_work_complete;
    signing->work.done = complete_done;
    signing->at = now;
    signing->entry = *entry;
    memcpy(signing->signature, signature.data, sizeof signing->signature);
    uint64_t ticket = signing->ticket;
    if (service_work(service, &signing->work) != ERR_OK) {
        signing_work_free(signing);
        return receipt_refused(REFUSAL_BUSY);
    }
    return (struct meeting_receipt){.ticket = ticket};
}

/* -- the register of issued files ---------------------------------------------------------------
 */

/* A code is void once the minutes were opened again: the file it stands for is no longer theirs. */
static void issued_give(const struct meeting_service *service, const struct issued_file *file,
                        struct issued_file *ret_file)
{
    const struct meeting_state *state = meeting_state_of(service, file->meeting);
    *ret_file = *file;
    ret_file->voided = !state || strcmp(state->minutes.code, file->code) != 0;
    for (uint32_t i = 0; state && i < state->issue_count; i++)
        if (strcmp(state->issues[i].code, file->code) == 0)
            ret_file->issue = state->issues[i].id;
}

enum err meeting_issued_by_code(const struct meeting_service *service, struct bytes code,
                                struct issued_file *ret_file)
{
    for (uint32_t i = service->issued_count; i-- > 0;)
        if (bytes_equal(bytes_of(service->issued[i].code), code)) {
            issued_give(service, &service->issued[i], ret_file);
            return ERR_OK;
        }
    return ERR_UNKNOWN;
}

enum err meeting_issued_by_hash(const struct meeting_service *service, const char *sha256,
                                struct issued_file *ret_file)
{
    for (uint32_t i = service->issued_count; i-- > 0;)
        if (strcmp(service->issued[i].sha256, sha256) == 0) {
            issued_give(service, &service->issued[i], ret_file);
            return ERR_OK;
        }
    return ERR_UNKNOWN;
}
