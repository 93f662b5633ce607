#include <string.h>

#include "base/limits.h"
#include "meeting/core/decide_parts.h"
#include "meeting/core/minutes_draft.h"

/* -- votes --------------------------------------------------------------------------------------
 */

void decide_vote_open(const struct decide_input *input, struct decision *decision)
{
    const char *question = input->command->of.vote_open.question;
    if (!decision_text_ok(decision, question, LIMIT_TEXT_BYTES))
        return;
    struct meeting_event *event = decision_add(decision, EVENT_VOTE_OPENED);
    event->of.vote_opened.vote_id = (*input->world->next_id)++;
    event->of.vote_opened.question = question;
    for (uint32_t i = 0; i < input->state->participant_count; i++)
        event->of.vote_opened.eligible +=
            input->state->participants[i].vote && input->state->participants[i].present;
}

void decide_vote_cast(const struct decide_input *input, struct decision *decision)
{
    const struct state_vote *vote =
        state_vote_find(input->state, input->command->of.vote_cast.vote_id);
    if (!vote) {
        decision_refuse(decision, REFUSAL_NO_VOTE);
        return;
    }
    if (vote->phase != VOTE_OPEN) {
        decision_refuse(decision, REFUSAL_VOTE_OVER);
        return;
    }
    struct meeting_event *event = decision_add(decision, EVENT_VOTE_CAST);
    event->of.vote_cast.vote_id = vote->id;
    event->of.vote_cast.participant_id = input->actor->id;
    event->of.vote_cast.choice = input->command->of.vote_cast.choice;
}

void decide_vote_close(const struct decide_input *input, struct decision *decision)
{
    const struct state_vote *vote =
        state_vote_find(input->state, input->command->of.vote_close.vote_id);
    if (!vote || vote->phase != VOTE_OPEN) {
        decision_refuse(decision, vote ? REFUSAL_VOTE_OVER : REFUSAL_NO_VOTE);
        return;
    }
    struct meeting_event *event = decision_add(decision, EVENT_VOTE_CLOSED);
    event->of.vote_closed.vote_id = vote->id;
    event->of.vote_closed.agree = vote->tally[CHOICE_AGREE];
    event->of.vote_closed.disagree = vote->tally[CHOICE_DISAGREE];
    event->of.vote_closed.abstain = vote->tally[CHOICE_ABSTAIN];
}

/* -- conclusions --------------------------------------------------------------------------------
 */

void decide_conclusion_add(const struct decide_input *input, struct decision *decision)
{
    const char *text = input->command->of.conclusion_add.text;
    if (!decision_text_ok(decision, text, LIMIT_TEXT_BYTES))
        return;
    struct meeting_event *event = decision_add(decision, EVENT_CONCLUSION_ADDED);
    event->of.conclusion_added.conclusion_id = (*input->world->next_id)++;
    event->of.conclusion_added.text = text;
}

void decide_conclusion_remove(const struct decide_input *input, struct decision *decision)
{
    uint64_t conclusion_id = input->command->of.conclusion_remove.conclusion_id;
    if (!state_conclusion_find(input->state, conclusion_id)) {
        decision_refuse(decision, REFUSAL_NO_CONCLUSION);
        return;
    }
    decision_add(decision, EVENT_CONCLUSION_REMOVED)->of.conclusion_removed.conclusion_id =
        conclusion_id;
}

/* -- minutes ------------------------------------------------------------------------------------
 */

void decide_minutes_lock(const struct decide_input *input, struct decision *decision)
{
    if (input->state->minutes.locked_by == input->command->actor)
        return; /* the same person again, perhaps from another window */
    struct meeting_event *event = decision_add(decision, EVENT_MINUTES_LOCKED);
    event->of.locked.user_id = input->command->actor;
    event->of.locked.takeover = input->command->action == ACTION_MINUTES_TAKEOVER;
}

void decide_minutes_unlock(const struct decide_input *input, struct decision *decision)
{
    decision_add(decision, EVENT_MINUTES_UNLOCKED)->of.unlocked.user_id = input->command->actor;
}

void decide_minutes_save(const struct decide_input *input, struct decision *decision)
{
    struct minutes minutes = input->command->of.minutes_save.minutes;
    if (input->command->of.minutes_save.base_revision != input->state->minutes.revision) {
        decision_refuse(decision, REFUSAL_MINUTES_CONFLICT);
        return;
    }
    if (minutes.block_count > LIMIT_MINUTES_BLOCKS ||
        minutes_text_bytes(minutes) > LIMIT_MINUTES_BYTES) {
        decision_refuse(decision, REFUSAL_TOO_LONG);
        return;
    }
    struct meeting_event *event = decision_add(decision, EVENT_MINUTES_SAVED);
    event->of.saved.revision = input->state->minutes.revision + 1;
    event->of.saved.minutes = minutes;
}

void decide_minutes_finalise(const struct decide_input *input, struct decision *decision)
{
    uint32_t revision = input->state->minutes.revision;
    if (input->command->of.minutes_finalise.revision != revision) {
        decision_refuse(decision, REFUSAL_MINUTES_CONFLICT);
        return;
    }
    if (revision == 0) {
        /* What the meeting wrote itself becomes a revision of its own, so that the log and not a
         * later version of the drafting code says what was made final. */
        struct minutes drafted;
        if (minutes_draft(input->state, &decision->memory, &drafted) != ERR_OK) {
            decision_refuse(decision, REFUSAL_BUSY);
            return;
        }
        struct meeting_event *saved = decision_add(decision, EVENT_MINUTES_SAVED);
        saved->of.saved.revision = ++revision;
        saved->of.saved.minutes = drafted;
    }
    struct meeting_event *event = decision_add(decision, EVENT_MINUTES_FINALISED);
    event->of.finalised.revision = revision;
    event->of.finalised.code = input->command->of.minutes_finalise.code;
    event->of.finalised.sha256 = input->command->of.minutes_finalise.sha256;
}

void decide_minutes_sign(const struct decide_input *input, struct decision *decision)
{
    enum capacity signer = input->command->of.minutes_sign.field == MINUTES_FIELD_SECRETARY
                               ? CAPACITY_SECRETARY
                               : CAPACITY_CHAIR;
    if (input->actor->capacity != signer) {
        decision_refuse(decision, REFUSAL_WRONG_SIGNER);
        return;
    }
    struct meeting_event *event = decision_add(decision, EVENT_MINUTES_SIGNED);
    event->of.signed_by.field = input->command->of.minutes_sign.field;
    event->of.signed_by.user_id = input->command->actor;
    event->of.signed_by.serial = input->command->of.minutes_sign.serial;
    event->of.signed_by.sha256 = input->command->of.minutes_sign.sha256;
}
