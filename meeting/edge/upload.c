/* Documents: an uploaded file is inspected by the sandboxed child, hashed, synced and filed, all on
 * Jobs; then it is added to the meeting like any other command. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "meeting/edge/paper/sandbox.h"
#include "meeting/edge/service.h"

struct upload {
    struct work work; /* first: the functions cast back */
    uint64_t meeting;
    uint64_t actor;
    uint64_t ticket;
    uint64_t agenda_id;
    char *path;
    char *title;
    enum err err;
    const struct refusal *refusal;
    uint32_t pages;
    uint64_t size_bytes;
    char sha256[HASH_HEX_BYTES];
};

static void upload_free(struct upload *upload)
{
    free(upload->path);
    free(upload->title);
    free(upload);
}

/* The paper's reason as a refusal of ours. */
static const struct refusal *refusal_for(const struct paper_reason *reason)
{
    static const enum refusal_id known[] = {REFUSAL_NOT_PDF, REFUSAL_ENCRYPTED,
                                            REFUSAL_DOCUMENT_TOO_LARGE, REFUSAL_TOO_MANY_PAGES};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(refusal_of(known[i])->code, reason->code) == 0)
            return refusal_of(known[i]);
    return refusal_of(REFUSAL_NOT_PDF);
}

static void upload_run(struct work *work)
{
    struct upload *upload = (struct upload *)work;
    struct pdf_inspection inspection = {0};
    enum err err = sandbox_inspect(upload->path, &inspection);
    if (err == ERR_LIMIT || err == ERR_FORMAT)
        upload->refusal = refusal_of(REFUSAL_NOT_PDF); /* the reader gave up on it */
    else if (err == ERR_OK && inspection.refusal)
        upload->refusal = refusal_for(inspection.refusal);
    upload->pages = inspection.pages;
    if (err == ERR_OK && !upload->refusal)
        err = files_take(work->service->data_folder, upload->path, upload->sha256,
                         &upload->size_bytes);
    else
        unlink(upload->path);
    upload->err = err;
}

static void upload_done(struct work *work, utc_ms_t now)
{
    struct upload *upload = (struct upload *)work;
    struct meeting_receipt receipt = {.refusal = upload->refusal};
    if (!receipt.refusal && upload->err != ERR_OK) {
        log_line(LOG_ERROR, "meeting.upload", "meeting=%llu err=%s",
                 (unsigned long long)upload->meeting, err_name(upload->err));
        receipt = receipt_refused(REFUSAL_FILE_LOST);
    } else if (!receipt.refusal) {
        struct meeting_command command = {
            .action = ACTION_DOCUMENT_ADD,
            .meeting = upload->meeting,
            .actor = upload->actor,
            .of.document_add = {upload->title, upload->agenda_id, upload->sha256,
                                upload->size_bytes, upload->pages},
        };
        receipt = append_command(work->service, &command, upload->ticket, now);
    }
    if (receipt.refusal)
        append_late_refusal(work->service, upload->meeting, upload->ticket, receipt.refusal);
    upload_free(upload);
}

static struct meeting_receipt upload_refused(const char *path, const struct refusal *refusal)
{
    unlink(path);
    return (struct meeting_receipt){.refusal = refusal};
}

struct meeting_receipt meeting_document_add(struct meeting_service *service, uint64_t meeting,
                                            uint64_t actor, const char *path, const char *title,
                                            uint64_t agenda_id, utc_ms_t now)
{
    (void)now;
    const struct meeting_state *state = meeting_state_of(service, meeting);
    const struct refusal *refusal =
        state ? guard_check(state, actor, ACTION_DOCUMENT_ADD) : refusal_of(REFUSAL_NO_MEETING);
    if (refusal)
        return upload_refused(path, refusal);
    struct upload *upload = calloc(1, sizeof *upload);
    if (!upload)
        return upload_refused(path, refusal_of(REFUSAL_BUSY));
    upload->work.run = upload_run;
    upload->work.done = upload_done;
    upload->meeting = meeting;
    upload->actor = actor;
    upload->agenda_id = agenda_id;
    upload->path = strdup(path);
    upload->title = strdup(title);
    if (!upload->path || !upload->title || service_work(service, &upload->work) != ERR_OK) {
        upload_free(upload);
        return upload_refused(path, refusal_of(REFUSAL_BUSY));
    }
    upload->ticket = service->next_ticket++;
    return (struct meeting_receipt){.ticket = upload->ticket};
}
