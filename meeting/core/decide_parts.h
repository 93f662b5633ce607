/* The decisions by subject; for decide.c alone. Each finds the command permitted already. */
#ifndef MEETING_CORE_DECIDE_PARTS_H
#define MEETING_CORE_DECIDE_PARTS_H

#include <stdbool.h>

#include "meeting/core/decide.h"

struct decide_input {
    const struct meeting_state *state;
    const struct decide_world *world;
    const struct meeting_command *command;
    const struct state_participant *actor; /* NULL: acts by an office, not at the meeting */
};

typedef void decide_function(const struct decide_input *input, struct decision *decision);

/* decide_prepare.c */
decide_function decide_agenda_set, decide_document_add, decide_document_remove, decide_units_invite,
    decide_reason;
/* decide_room.c */
decide_function decide_enter, decide_leave, decide_pause, decide_end, decide_agenda_open,
    decide_floor_own, decide_floor_grant, decide_floor_release, decide_stage_set,
    decide_document_present;
/* decide_outcome.c */
decide_function decide_vote_open, decide_vote_cast, decide_vote_close, decide_conclusion_add,
    decide_conclusion_remove, decide_minutes_lock, decide_minutes_unlock, decide_minutes_save,
    decide_minutes_finalise, decide_minutes_sign;
/* decide_issue.c */
decide_function decide_issue_number, decide_issue_write, decide_issue_seal, decide_issue_distribute,
    decide_issue_receive, decide_issue_recall;

/* Appends an event of `kind`, zeroed, to be filled. */
struct meeting_event *decision_add(struct decision *decision, enum event_kind kind);
void decision_refuse(struct decision *decision, enum refusal_id id);
/* Whether `text` is there, well-formed and within `limit`; refuses otherwise. */
bool decision_text_ok(struct decision *decision, const char *text, size_t limit);

#endif
