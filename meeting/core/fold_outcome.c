#include <stdlib.h>
#include <string.h>

#include "meeting/core/fold_parts.h"
#include "meeting/core/state_memory.h"

/* -- votes --------------------------------------------------------------------------------------
 */

static struct state_vote *vote_find(struct meeting_state *state, uint64_t vote_id)
{
    for (uint32_t i = 0; i < state->vote_count; i++)
        if (state->votes[i].id == vote_id)
            return &state->votes[i];
    return NULL;
}

enum err fold_vote_opened(struct meeting_state *state, const struct event_row *row)
{
    struct state_vote *vote = state_list_append(&state->votes, &state->vote_count, sizeof *vote);
    if (!vote)
        return ERR_NO_MEMORY;
    vote->id = row->event.of.vote_opened.vote_id;
    vote->agenda_id = state->agenda_now;
    vote->opened_at = row->at;
    vote->ballots = calloc(state->participant_count, sizeof vote->ballots[0]);
    if (!vote->ballots)
        return ERR_NO_MEMORY;
    vote->ballot_count = state->participant_count;
    for (uint32_t i = 0; i < state->participant_count; i++)
        if (state->participants[i].vote && state->participants[i].present) {
            vote->ballots[i] = BALLOT_DUE;
            vote->eligible++;
        }
    if (vote->eligible != row->event.of.vote_opened.eligible)
        return ERR_FORMAT;
    return state_text_set(&vote->question, row->event.of.vote_opened.question);
}

enum err fold_vote_cast(struct meeting_state *state, const struct event_row *row)
{
    struct state_vote *vote = vote_find(state, row->event.of.vote_cast.vote_id);
    const struct state_participant *participant =
        fold_participant(state, row->event.of.vote_cast.participant_id);
    if (!vote || !participant)
        return ERR_UNKNOWN;
    size_t index = (size_t)(participant - state->participants);
    if (vote->phase != VOTE_OPEN || index >= vote->ballot_count ||
        vote->ballots[index] != BALLOT_DUE)
        return ERR_WRONG_STATE;
    uint32_t choice = row->event.of.vote_cast.choice;
    vote->ballots[index] = (uint8_t)(BALLOT_AGREE + choice);
    vote->tally[choice]++;
    vote->cast++;
    return ERR_OK;
}

enum err fold_vote_closed(struct meeting_state *state, const struct event_row *row)
{
    struct state_vote *vote = vote_find(state, row->event.of.vote_closed.vote_id);
    if (!vote)
        return ERR_UNKNOWN;
    if (vote->phase != VOTE_OPEN)
        return ERR_WRONG_STATE;
    if (vote->tally[CHOICE_AGREE] != row->event.of.vote_closed.agree ||
        vote->tally[CHOICE_DISAGREE] != row->event.of.vote_closed.disagree ||
        vote->tally[CHOICE_ABSTAIN] != row->event.of.vote_closed.abstain)
        return ERR_FORMAT;
    vote->phase = VOTE_CLOSED;
    vote->closed_at = row->at;
    return ERR_OK;
}

/* -- conclusions --------------------------------------------------------------------------------
 */

enum err fold_conclusion_added(struct meeting_state *state, const struct event_row *row)
{
    struct state_conclusion *conclusion =
        state_list_append(&state->conclusions, &state->conclusion_count, sizeof *conclusion);
    if (!conclusion)
        return ERR_NO_MEMORY;
    conclusion->id = row->event.of.conclusion_added.conclusion_id;
    conclusion->agenda_id = state->agenda_now;
    conclusion->at = row->at;
    return state_text_set(&conclusion->text, row->event.of.conclusion_added.text);
}

enum err fold_conclusion_removed(struct meeting_state *state, const struct event_row *row)
{
    for (uint32_t i = 0; i < state->conclusion_count; i++) {
        struct state_conclusion *conclusion = &state->conclusions[i];
        if (conclusion->id != row->event.of.conclusion_removed.conclusion_id)
            continue;
        free(conclusion->text);
        state->conclusion_count--;
        memmove(conclusion, conclusion + 1, (state->conclusion_count - i) * sizeof *conclusion);
        return ERR_OK;
    }
    return ERR_UNKNOWN;
}

/* -- minutes ------------------------------------------------------------------------------------
 */

enum err fold_minutes_locked(struct meeting_state *state, const struct event_row *row)
{
    state->minutes.locked_by = row->event.of.locked.user_id;
    return ERR_OK;
}

enum err fold_minutes_unlocked(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    state->minutes.locked_by = 0;
    return ERR_OK;
}

enum err fold_minutes_saved(struct meeting_state *state, const struct event_row *row)
{
    if (state->minutes.stage != MINUTES_DRAFT ||
        row->event.of.saved.revision != state->minutes.revision + 1)
        return ERR_WRONG_STATE;
    struct arena memory = {0};
    struct minutes text;
    enum err err = minutes_copy(row->event.of.saved.minutes, &memory, &text);
    if (err != ERR_OK) {
        arena_done(&memory);
        return err;
    }
    arena_done(&state->minutes.memory);
    state->minutes.memory = memory;
    state->minutes.text = text;
    state->minutes.revision = row->event.of.saved.revision;
    state->minutes.saved_at = row->at;
    return ERR_OK;
}

static void text_fit(char *slot, size_t capacity, const char *text)
{
    size_t size = strlen(text);
    if (size >= capacity)
        size = capacity - 1; /* event_json bounds these texts by the same limits */
    memcpy(slot, text, size);
    slot[size] = '\0';
}

enum err fold_minutes_finalised(struct meeting_state *state, const struct event_row *row)
{
    struct state_minutes *minutes = &state->minutes;
    if (minutes->stage != MINUTES_DRAFT || row->event.of.finalised.revision != minutes->revision)
        return ERR_WRONG_STATE;
    minutes->stage = MINUTES_FINAL;
    minutes->locked_by = 0;
    text_fit(minutes->code, sizeof minutes->code, row->event.of.finalised.code);
    text_fit(minutes->sha256, sizeof minutes->sha256, row->event.of.finalised.sha256);
    return ERR_OK;
}

enum err fold_minutes_reopened(struct meeting_state *state, const struct event_row *row)
{
    (void)row;
    struct state_minutes *minutes = &state->minutes;
    const struct state_issue *issue = state_issue_now(state);
    bool recalled = issue && issue->stage == ISSUE_RECALLED;
    if (minutes->stage < MINUTES_FINAL || (minutes->stage == MINUTES_CHAIR_SIGNED && !recalled))
        return ERR_WRONG_STATE;
    minutes->stage = MINUTES_DRAFT;
    state->phase = PHASE_ENDED;
    minutes->code[0] = '\0';
    minutes->sha256[0] = '\0';
    minutes->issue_id = 0;
    memset(minutes->signatures, 0, sizeof minutes->signatures);
    return ERR_OK;
}

enum err fold_minutes_signed(struct meeting_state *state, const struct event_row *row)
{
    struct state_minutes *minutes = &state->minutes;
    bool by_secretary = row->event.of.signed_by.field == MINUTES_FIELD_SECRETARY;
    if (minutes->stage != (by_secretary ? MINUTES_FINAL : MINUTES_SECRETARY_SIGNED))
        return ERR_WRONG_STATE;
    struct state_signature *signature = &minutes->signatures[row->event.of.signed_by.field];
    signature->made = true;
    signature->user_id = row->event.of.signed_by.user_id;
    signature->at = row->at;
    text_fit(signature->serial, sizeof signature->serial, row->event.of.signed_by.serial);
    text_fit(minutes->sha256, sizeof minutes->sha256, row->event.of.signed_by.sha256);
    minutes->stage = by_secretary ? MINUTES_SECRETARY_SIGNED : MINUTES_CHAIR_SIGNED;
    if (!by_secretary)
        state->phase = PHASE_MINUTES_SIGNED;
    return ERR_OK;
}
