#include "meeting/edge/whole_file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "meeting/edge/paper/paper.h"
#include "meeting/edge/paper/sandbox.h"
#include "meeting/edge/signing_work.h"

struct whole_file {
    struct work work; /* first: the functions cast back */
    uint64_t ticket;
    utc_ms_t at;
    struct whole_file_terms terms;
    char *path;
    const struct refusal *refusal; /* why it came to nothing; NULL: done */
    char serial[CERTIFICATE_SERIAL_BYTES];
    char signed_sha256[HASH_HEX_BYTES];
};

static void whole_file_free(struct whole_file *one)
{
    if (one->path)
        unlink(one->path);
    free(one->path);
    free(one);
}

/* -- offering ---------------------------------------------------------------------------------- */

const struct refusal *meeting_whole_file_offer(struct meeting_service *service, uint64_t meeting,
                                               uint64_t actor, enum minutes_field field,
                                               utc_ms_t now, struct whole_file_terms *ret_terms)
{
    struct service_meeting *found = service_meeting_find(service, meeting);
    const struct meeting_state *state = meeting_state_of(service, meeting);
    if (!found || !state)
        return refusal_of(REFUSAL_NO_MEETING);
    const struct refusal *refusal = signing_check(state, actor, field);
    if (refusal)
        return refusal;
    *ret_terms = (struct whole_file_terms){.meeting = meeting, .user_id = actor, .field = field};
    memcpy(ret_terms->base_sha256, state->minutes.sha256, sizeof ret_terms->base_sha256);
    found->away_until = now + WHOLE_FILE_AWAY_MS;
    return NULL;
}

/* -- judging what came back, on Jobs ----------------------------------------------------------- */

/* The file that went out is how the file that came back begins, and it goes on. */
static enum err begins_alike(const char *data_folder, const char *base_sha256, const char *path,
                             bool *ret_alike)
{
    struct buffer base = {0};
    uint8_t chunk[64 * 1024];
    enum err err = files_get(data_folder, base_sha256, &base);
    FILE *file = err == ERR_OK ? fopen(path, "rbe") : NULL;
    if (err == ERR_OK && !file)
        err = ERR_IO;
    bool alike = true;
    for (size_t at = 0; err == ERR_OK && alike && at < base.size; at += sizeof chunk) {
        size_t size = base.size - at < sizeof chunk ? base.size - at : sizeof chunk;
        alike = fread(chunk, 1, size, file) == size && memcmp(base.data + at, chunk, size) == 0;
    }
    if (err == ERR_OK)
        *ret_alike = alike && fgetc(file) != EOF;
    if (file)
        (void)fclose(file);
    buffer_done(&base);
    return err;
}

/* Number of signatures in the Report, and the last one. */
static size_t last_signature(const json_t *report, const json_t **ret_last)
{
    const json_t *list = json_object_get(report, "signatures");
    size_t count = json_array_size(list);
    *ret_last = count > 0 ? json_array_get(list, count - 1) : NULL;
    return count;
}

static size_t signatures_of(const struct whole_file *one)
{
    return one->terms.field == MINUTES_FIELD_SECRETARY ? 1 : 2;
}

/* The Report comes from the child that read a stranger's file: nothing in it is believed before it
 * has the form that we know. */
static const struct refusal *judge_report(struct whole_file *one, struct bytes text)
{
    const struct refusal *refusal = refusal_of(REFUSAL_RETURNED_NOT_SIGNED);
    const json_t *last = NULL;
    json_t *report = json_loadb((const char *)text.data, text.size, 0, NULL);
    size_t count = last_signature(report, &last);
    const char *profile = json_string_value(json_object_get(report, "profile"));
    const char *field = json_string_value(json_object_get(last, "field"));
    const char *serial =
        json_string_value(json_object_get(json_object_get(last, "certificate"), "serial"));
    /* Only what the next signer's revision can be written onto. */
    bool is_ours = profile && strcmp(profile, "dienhong") == 0;
    if (!is_ours || count != signatures_of(one) || !field || !serial) {
        log_line(LOG_INFO, "meeting.whole_file", "meeting=%llu signatures=%zu",
                 (unsigned long long)one->terms.meeting, count);
    } else if (strcmp(field, signing_field_name(one->terms.field)) != 0) {
        refusal = refusal_of(REFUSAL_WRONG_SIGNER);
    } else if (text_copy(one->serial, sizeof one->serial, bytes_of(serial)) == ERR_OK) {
        refusal = NULL;
    }
    json_decref(report);
    return refusal;
}

static const struct refusal *judge(struct whole_file *one)
{
    const struct meeting_service *service = one->work.service;
    enum verify_verdict verdict = VERIFY_INVALID;
    struct buffer report = {0};
    bool alike = false;
    uint64_t size_bytes;
    enum err err = begins_alike(service->data_folder, one->terms.base_sha256, one->path, &alike);
    if (err != ERR_OK)
        return refusal_of(REFUSAL_NOT_KEPT);
    if (!alike)
        return refusal_of(REFUSAL_RETURNED_OTHER);
    err = sandbox_verify(one->path, service->trust_path, one->at, &verdict, &report);
    if (err != ERR_OK || verdict != VERIFY_VALID) {
        log_line(LOG_INFO, "meeting.whole_file", "meeting=%llu verdict=%s err=%s",
                 (unsigned long long)one->terms.meeting, verify_verdict_name(verdict),
                 err_name(err));
        buffer_done(&report);
        return refusal_of(REFUSAL_RETURNED_NOT_SIGNED);
    }
    const struct refusal *refusal = judge_report(one, buffer_bytes(&report));
    buffer_done(&report);
    if (refusal)
        return refusal;
    err = files_take(service->data_folder, one->path, one->signed_sha256, &size_bytes);
    return err == ERR_OK ? NULL : refusal_of(REFUSAL_NOT_KEPT);
}

static void whole_file_run(struct work *work)
{
    struct whole_file *one = (struct whole_file *)work;
    one->refusal = judge(one);
}

/* -- taking ------------------------------------------------------------------------------------ */

static void whole_file_done(struct work *work, utc_ms_t now)
{
    struct whole_file *one = (struct whole_file *)work;
    struct meeting_service *service = work->service;
    const struct whole_file_terms *terms = &one->terms;
    const struct meeting_state *state = meeting_state_of(service, terms->meeting);
    struct meeting_receipt receipt = {.refusal = one->refusal};
    if (!receipt.refusal && !signing_certificate(service, one->serial, terms->user_id, now))
        receipt.refusal = refusal_of(REFUSAL_NO_CERTIFICATE);
    if (!receipt.refusal && (!state || strcmp(state->minutes.sha256, terms->base_sha256) != 0))
        receipt.refusal = refusal_of(REFUSAL_SIGNING_STALE);
    if (!receipt.refusal) {
        struct meeting_command command = {
            .action = ACTION_MINUTES_SIGN,
            .meeting = terms->meeting,
            .actor = terms->user_id,
            .of.minutes_sign = {terms->field, one->serial, one->signed_sha256},
        };
        receipt = append_command(service, &command, one->ticket, now);
        service_meeting_find(service, terms->meeting)->away_until = 0;
    }
    if (receipt.refusal) {
        append_late_refusal(service, terms->meeting, one->ticket, receipt.refusal);
        if (one->signed_sha256[0])
            files_remove(service->data_folder, one->signed_sha256);
    }
    whole_file_free(one);
}

static struct meeting_receipt refused(const char *path, const struct refusal *refusal)
{
    unlink(path);
    return (struct meeting_receipt){.refusal = refusal};
}

struct meeting_receipt meeting_whole_file_take(struct meeting_service *service,
                                               const struct whole_file_terms *terms,
                                               const char *path, utc_ms_t now)
{
    const struct meeting_state *state = meeting_state_of(service, terms->meeting);
    if (!state || strcmp(state->minutes.sha256, terms->base_sha256) != 0)
        return refused(path, refusal_of(REFUSAL_SIGNING_STALE));
    const struct refusal *refusal = signing_check(state, terms->user_id, terms->field);
    if (refusal)
        return refused(path, refusal);
    struct whole_file *one = calloc(1, sizeof *one);
    if (!one)
        return refused(path, refusal_of(REFUSAL_BUSY));
    one->work.run = whole_file_run;
    one->work.done = whole_file_done;
    one->terms = *terms;
    one->at = now;
    one->path = strdup(path);
    uint64_t ticket = service->next_ticket++;
    one->ticket = ticket;
    if (!one->path || service_work(service, &one->work) != ERR_OK) {
        unlink(path);
        whole_file_free(one);
        return receipt_refused(REFUSAL_BUSY);
    }
    return (struct meeting_receipt){.ticket = ticket};
}
