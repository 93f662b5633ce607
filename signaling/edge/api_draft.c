/* GET …/drafts/invitation and …/drafts/notice: the paper as a PDF to be read, corrected and signed
 * elsewhere; unsigned, without number and date, which the clerk gives. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "signaling/edge/api.h"

struct draft_job {
    struct door_job job; /* first: the functions cast back */
    struct handle request;
    struct meeting_paper *paper;
    struct buffer pdf;
    enum err err;
};

static void draft_run(struct door_job *job)
{
    struct draft_job *draft = (struct draft_job *)job;
    draft->err = meeting_paper_write(draft->paper, &draft->pdf);
}

static void draft_finish(struct door_job *job)
{
    struct draft_job *draft = (struct draft_job *)job;
    struct request *request = request_at(job->door, draft->request);
    if (draft->err != ERR_OK)
        log_line(LOG_WARN, "door.draft", "err=%s", err_name(draft->err));
    if (request && draft->err == ERR_OK)
        reply_text(request, 200, "application/pdf", &draft->pdf);
    else if (request)
        reply_refusal_as(request, refusal_of(draft->err == ERR_UNKNOWN ? REFUSAL_UNPRINTABLE
                                                                       : REFUSAL_NOT_LAID_OUT));
    buffer_done(&draft->pdf);
    meeting_paper_free(draft->paper);
    free(draft);
}

/* ERR_FORBIDDEN: not chair or secretary; else as meeting_paper_prepare(). */
static enum err draft_prepare(struct request *request, const struct meeting_state *state,
                              enum paper_kind kind, struct meeting_paper **ret_paper)
{
    const struct state_participant *who = state_user_find(state, request->user->id);
    struct meeting_paper_request wanted = {.meeting = state->id, .kind = kind};
    if (!who || who >= state->participants + 2)
        return ERR_FORBIDDEN;
    return meeting_paper_prepare(request->door->meetings, &wanted, ret_paper);
}

static void draft_begin(struct request *request, const struct meeting_state *state,
                        enum paper_kind kind)
{
    struct draft_job *draft = calloc(1, sizeof *draft);
    enum err err = draft ? draft_prepare(request, state, kind, &draft->paper) : ERR_NO_MEMORY;
    if (err == ERR_OK) {
        draft->job = (struct door_job){request->door, draft_run, draft_finish};
        draft->request = request->self;
        err = door_submit(request->door, &draft->job);
        if (err == ERR_OK)
            return;
        meeting_paper_free(draft->paper);
    }
    free(draft);
    if (err == ERR_FORBIDDEN)
        reply_refusal_as(request, refusal_of(REFUSAL_NO_RIGHT));
    else if (err == ERR_WRONG_STATE)
        reply_refusal_as(request, refusal_of(REFUSAL_NOTHING_TO_WRITE));
    else
        reply_refusal(request, DOOR_BUSY);
}

void api_draft_file(struct request *request)
{
    const struct meeting_state *state = api_meeting_of(request);
    if (!state)
        return;
    if (bytes_equal(request->match.token, bytes_of("invitation")))
        draft_begin(request, state, PAPER_INVITATION);
    else if (bytes_equal(request->match.token, bytes_of("notice")))
        draft_begin(request, state, PAPER_NOTICE);
    else
        reply_refusal(request, DOOR_NOT_FOUND);
}
