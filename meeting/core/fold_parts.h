/* The fold's parts, by subject; for fold.c alone. Each has fold()'s contract. */
#ifndef MEETING_CORE_FOLD_PARTS_H
#define MEETING_CORE_FOLD_PARTS_H

#include "meeting/core/fold.h"

typedef enum err fold_function(struct meeting_state *state, const struct event_row *row);

/* fold_prepare.c: before the meeting */
fold_function fold_created, fold_agenda_set, fold_document_added, fold_document_removed,
    fold_units_invited;
/* fold_room.c: who is there, who speaks, what is shown */
fold_function fold_entered, fold_left, fold_agenda_opened, fold_floor_requested,
    fold_floor_withdrawn, fold_floor_granted, fold_floor_released, fold_stage_set, fold_presented,
    fold_ended;
/* fold_outcome.c: what was decided, and the minutes of it */
fold_function fold_vote_opened, fold_vote_cast, fold_vote_closed, fold_conclusion_added,
    fold_conclusion_removed, fold_minutes_locked, fold_minutes_unlocked, fold_minutes_saved,
    fold_minutes_finalised, fold_minutes_reopened, fold_minutes_signed;
/* fold_issue.c: number, seal, distribution */
fold_function fold_minutes_archived;
fold_function fold_issue_numbered, fold_issue_written, fold_issue_sealed, fold_issue_distributed,
    fold_issue_received, fold_issue_recalled, fold_issue_replaced;

/* The state's own participant, to be changed; NULL when there is none. */
struct state_participant *fold_participant(struct meeting_state *state, uint64_t participant_id);

#endif
