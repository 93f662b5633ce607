/* Making minutes final: the PDF is laid out on Jobs, filed, and only then does the record say so.
 */
#include <stdlib.h>

#include "base/log.h"
#include "meeting/edge/minutes_paper.h"
#include "meeting/edge/paper/minutes_pdf.h"
#include "meeting/edge/service.h"

enum { CODE_LETTERS = 16 /* 80 random bits */ };

struct finalise {
    struct work work; /* first: work_of() casts back */
    uint64_t meeting;
    uint64_t actor;
    uint64_t ticket;
    uint32_t revision;
    char code[CODE_LETTERS + 1];
    struct arena arena; /* holds the paper: nothing of the state is read by the Jobs thread */
    struct minutes_paper paper;
    enum err err;
    char sha256[HASH_HEX_BYTES];
};

static void finalise_free(struct finalise *finalise)
{
    arena_done(&finalise->arena);
    free(finalise);
}

static void finalise_run(struct work *work)
{
    struct finalise *finalise = (struct finalise *)work;
    struct buffer pdf = {0};
    finalise->err = minutes_pdf_write(&finalise->paper, &pdf);
    if (finalise->err == ERR_OK)
        finalise->err = files_put(work->service->data_folder, buffer_bytes(&pdf), finalise->sha256);
    buffer_done(&pdf);
}

static void finalise_done(struct work *work, utc_ms_t now)
{
    struct finalise *finalise = (struct finalise *)work;
    struct meeting_receipt receipt =
        receipt_refused(finalise->err == ERR_UNKNOWN ? REFUSAL_UNPRINTABLE : REFUSAL_NOT_LAID_OUT);
    if (finalise->err == ERR_OK) {
        struct meeting_command command = {
            .action = ACTION_MINUTES_FINALISE,
            .meeting = finalise->meeting,
            .actor = finalise->actor,
            .of.minutes_finalise = {finalise->revision, finalise->code, finalise->sha256},
        };
        receipt = append_command(work->service, &command, finalise->ticket, now);
    } else {
        log_line(LOG_ERROR, "meeting.finalise", "meeting=%llu err=%s",
                 (unsigned long long)finalise->meeting, err_name(finalise->err));
    }
    if (receipt.refusal)
        append_late_refusal(work->service, finalise->meeting, finalise->ticket, receipt.refusal);
    finalise_free(finalise);
}

struct meeting_receipt finalise_begin(struct meeting_service *service,
                                      struct service_meeting *meeting,
                                      const struct meeting_command *command)
{
    const struct meeting_state *state = &meeting->state;
    const struct refusal *refusal = guard_check(state, command->actor, command->action);
    if (refusal)
        return (struct meeting_receipt){.refusal = refusal};
    if (command->of.minutes_finalise.revision != state->minutes.revision)
        return receipt_refused(REFUSAL_MINUTES_CONFLICT);
    struct finalise *finalise = calloc(1, sizeof *finalise);
    if (!finalise)
        return receipt_refused(REFUSAL_BUSY);
    finalise->work.run = finalise_run;
    finalise->work.done = finalise_done;
    finalise->meeting = state->id;
    finalise->actor = command->actor;
    finalise->revision = state->minutes.revision;
    enum err err = hash_random_code(CODE_LETTERS, finalise->code);
    if (err == ERR_OK)
        err =
            minutes_paper_make(service, state, finalise->code, &finalise->arena, &finalise->paper);
    if (err == ERR_OK)
        err = service_work(service, &finalise->work);
    if (err != ERR_OK) {
        finalise_free(finalise);
        return receipt_refused(REFUSAL_BUSY);
    }
    finalise->ticket = service->next_ticket++;
    return (struct meeting_receipt){.ticket = finalise->ticket};
}
