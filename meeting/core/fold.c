#include "meeting/core/fold.h"

#include <stdlib.h>

#include "meeting/core/fold_parts.h"
#include "meeting/core/state_memory.h"

struct state_participant *fold_participant(struct meeting_state *state, uint64_t participant_id)
{
    for (uint32_t i = 0; i < state->participant_count; i++)
        if (state->participants[i].id == participant_id)
            return &state->participants[i];
    return NULL;
}

/* -- from phase to phase ------------------------------------------------------------------------
 */

static enum err phase_move(struct meeting_state *state, enum meeting_phase from,
                           enum meeting_phase to)
{
    if (state->phase != from)
        return ERR_WRONG_STATE;
    state->phase = to;
    return ERR_OK;
}

static enum err fold_submitted(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    return phase_move(state, PHASE_DRAFT, PHASE_SUBMITTED);
}

static enum err fold_approved(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    enum err err = state_text_set(&state->reason, NULL);
    return err == ERR_OK ? phase_move(state, PHASE_SUBMITTED, PHASE_APPROVED) : err;
}

static enum err fold_returned(struct meeting_state *state, const struct event_row *row)
{
    enum err err = state_text_set(&state->reason, row->event.of.reason.reason);
    return err == ERR_OK ? phase_move(state, PHASE_SUBMITTED, PHASE_DRAFT) : err;
}

static enum err fold_announced(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    return phase_move(state, PHASE_APPROVED, PHASE_INVITED);
}

static enum err fold_cancelled(struct meeting_state *state, const struct event_row *row)
{
    if (state->phase >= PHASE_LIVE)
        return ERR_WRONG_STATE;
    state->phase = PHASE_CANCELLED;
    for (uint32_t i = 0; i < state->participant_count; i++) {
        struct state_participant *participant = &state->participants[i];
        if (participant->present)
            participant->spans[participant->span_count - 1].out_at = row->at;
        participant->present = false;
    }
    state->present_count = 0;
    return state_text_set(&state->reason, row->event.of.reason.reason);
}

static enum err fold_room_opened(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    return phase_move(state, PHASE_INVITED, PHASE_CHECKING_IN);
}

static enum err fold_started(struct meeting_state *state, const struct event_row *row)
{
    state->started_at = row->at;
    state->stage = state->participants[0].id;
    return phase_move(state, PHASE_CHECKING_IN, PHASE_LIVE);
}

static enum err fold_paused(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    return phase_move(state, PHASE_LIVE, PHASE_PAUSED);
}

static enum err fold_resumed(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    return phase_move(state, PHASE_PAUSED, PHASE_LIVE);
}

static enum err fold_published(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    return phase_move(state, PHASE_MINUTES_SIGNED, PHASE_PUBLISHED);
}

/* -- dispatch -----------------------------------------------------------------------------------
 */

static fold_function *const fold_of[EVENT_KIND_COUNT] = {
    [EVENT_MEETING_CREATED] = fold_created,
    [EVENT_AGENDA_SET] = fold_agenda_set,
    [EVENT_DOCUMENT_ADDED] = fold_document_added,
    [EVENT_DOCUMENT_REMOVED] = fold_document_removed,
    [EVENT_UNITS_INVITED] = fold_units_invited,
    [EVENT_MEETING_SUBMITTED] = fold_submitted,
    [EVENT_MEETING_APPROVED] = fold_approved,
    [EVENT_MEETING_RETURNED] = fold_returned,
    [EVENT_MEETING_ANNOUNCED] = fold_announced,
    [EVENT_MEETING_CANCELLED] = fold_cancelled,
    [EVENT_ROOM_OPENED] = fold_room_opened,
    [EVENT_MEETING_STARTED] = fold_started,
    [EVENT_MEETING_PAUSED] = fold_paused,
    [EVENT_MEETING_RESUMED] = fold_resumed,
    [EVENT_MEETING_ENDED] = fold_ended,
    [EVENT_PARTICIPANT_ENTERED] = fold_entered,
    [EVENT_PARTICIPANT_LEFT] = fold_left,
    [EVENT_AGENDA_OPENED] = fold_agenda_opened,
    [EVENT_FLOOR_REQUESTED] = fold_floor_requested,
    [EVENT_FLOOR_WITHDRAWN] = fold_floor_withdrawn,
    [EVENT_FLOOR_GRANTED] = fold_floor_granted,
    [EVENT_FLOOR_RELEASED] = fold_floor_released,
    [EVENT_STAGE_SET] = fold_stage_set,
    [EVENT_DOCUMENT_PRESENTED] = fold_presented,
    [EVENT_VOTE_OPENED] = fold_vote_opened,
    [EVENT_VOTE_CAST] = fold_vote_cast,
    [EVENT_VOTE_CLOSED] = fold_vote_closed,
    [EVENT_CONCLUSION_ADDED] = fold_conclusion_added,
    [EVENT_CONCLUSION_REMOVED] = fold_conclusion_removed,
    [EVENT_MINUTES_LOCKED] = fold_minutes_locked,
    [EVENT_MINUTES_UNLOCKED] = fold_minutes_unlocked,
    [EVENT_MINUTES_SAVED] = fold_minutes_saved,
    [EVENT_MINUTES_FINALISED] = fold_minutes_finalised,
    [EVENT_MINUTES_REOPENED] = fold_minutes_reopened,
    [EVENT_MINUTES_SIGNED] = fold_minutes_signed,
    [EVENT_MEETING_PUBLISHED] = fold_published,
    [EVENT_ISSUE_NUMBERED] = fold_issue_numbered,
    [EVENT_ISSUE_WRITTEN] = fold_issue_written,
    [EVENT_ISSUE_SEALED] = fold_issue_sealed,
    [EVENT_ISSUE_DISTRIBUTED] = fold_issue_distributed,
    [EVENT_ISSUE_RECEIVED] = fold_issue_received,
    [EVENT_ISSUE_RECALLED] = fold_issue_recalled,
    [EVENT_ISSUE_REPLACED] = fold_issue_replaced,
    [EVENT_MINUTES_ARCHIVED] = fold_minutes_archived,
};

enum err fold(struct meeting_state *state, const struct event_row *row)
{
    bool first = row->event.kind == EVENT_MEETING_CREATED;
    if (row->seq != state->seq + 1 || first != (row->seq == 1) || row->at < state->last_at)
        return ERR_WRONG_STATE;
    enum err err = fold_of[row->event.kind](state, row);
    if (err != ERR_OK)
        return err;
    state->seq = row->seq;
    state->last_at = row->at;
    return ERR_OK;
}
