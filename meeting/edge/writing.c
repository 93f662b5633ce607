/* Number and date into the file, once the number is given: on Jobs, as a revision of its own that
 * the agency's seal will vouch for. What a crash interrupts is begun again at the next start. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "meeting/edge/paper/pades.h"
#include "meeting/edge/register.h"

struct writing {
    struct work work; /* first: the functions cast back */
    uint64_t meeting;
    uint64_t issue;
    struct pades_filling filling;
    char base_sha256[HASH_HEX_BYTES];
    char written_sha256[HASH_HEX_BYTES];
    enum err err;
};

static void writing_run(struct work *work)
{
    struct writing *writing = (struct writing *)work;
    struct buffer base = {0}, file = {0};
    const char *folder = work->service->data_folder;
    enum err err = files_get(folder, writing->base_sha256, &base);
    if (err == ERR_OK)
        err = pades_fill(buffer_bytes(&base), &writing->filling, &file);
    if (err == ERR_OK)
        err = files_put(folder, buffer_bytes(&file), writing->written_sha256);
    writing->err = err;
    buffer_done(&base);
    buffer_done(&file);
}

static void writing_done(struct work *work, utc_ms_t now)
{
    struct writing *writing = (struct writing *)work;
    const struct meeting_state *state = meeting_state_of(work->service, writing->meeting);
    const struct state_issue *issue = state ? state_issue_now(state) : NULL;
    const char *why = writing->err == ERR_OK ? NULL : err_name(writing->err);
    if (!why && issue && issue->id == writing->issue && issue->stage == ISSUE_NUMBERED) {
        struct meeting_command command = {
            .action = ACTION_ISSUE_WRITE,
            .meeting = writing->meeting,
            .of.issue_file = {NULL, writing->written_sha256},
        };
        struct meeting_receipt receipt = append_command(work->service, &command, 0, now);
        why = receipt.refusal ? receipt.refusal->code : NULL;
    }
    if (why)
        log_line(LOG_ERROR, "meeting.writing", "meeting=%llu err=%s",
                 (unsigned long long)writing->meeting, why);
    free(writing);
}

void writing_begin(struct meeting_service *service, const struct meeting_state *state)
{
    const struct state_issue *issue = state_issue_now(state);
    struct writing *writing = issue && issue->stage == ISSUE_NUMBERED && service->jobs
                                  ? calloc(1, sizeof *writing)
                                  : NULL;
    if (!writing)
        return;
    writing->work.run = writing_run;
    writing->work.done = writing_done;
    writing->meeting = state->id;
    writing->issue = issue->id;
    writing->filling = (struct pades_filling){issue->number, issue->numbered_at};
    memcpy(writing->base_sha256, issue->sha256, sizeof writing->base_sha256);
    if (service_work(service, &writing->work) != ERR_OK) {
        log_line(LOG_WARN, "meeting.writing", "meeting=%llu put_off=1",
                 (unsigned long long)state->id);
        free(writing);
    }
}

void writing_resume(struct meeting_service *service)
{
    for (uint32_t i = 0; i < service->register_count; i++) {
        struct meeting_issue one;
        if (meeting_issue_find(service, service->register_entries[i].issue, &one) == ERR_OK &&
            one.issue == state_issue_now(one.state))
            writing_begin(service, one.state);
    }
}
