#include "meeting/core/guard.h"

#include <stddef.h>

#include "base/limits.h"
#include "meeting/core/permission.h"

#define X(action, member, word) word,
static const char *const action_word_list[] = {MEETING_ACTIONS(X)};
#undef X
const struct word_list action_words = {ACTION_COUNT, action_word_list};

enum { ALLOWED = REFUSAL_COUNT };

static int guard_floor_request(const struct meeting_state *state,
                               const struct state_participant *who)
{
    if (!who->present)
        return REFUSAL_NOT_ENTERED;
    if (who->id == state->floor_holder)
        return REFUSAL_HAS_FLOOR;
    for (uint32_t i = 0; i < state->request_count; i++)
        if (state->requests[i].participant_id == who->id)
            return REFUSAL_ALREADY_ASKED;
    return ALLOWED;
}

static int guard_floor_withdraw(const struct meeting_state *state,
                                const struct state_participant *who)
{
    for (uint32_t i = 0; i < state->request_count; i++)
        if (state->requests[i].participant_id == who->id)
            return ALLOWED;
    return REFUSAL_NOT_ASKED;
}

static int guard_vote_open(const struct meeting_state *state)
{
    if (state_vote_open(state))
        return REFUSAL_VOTE_RUNNING;
    if (state->vote_count >= LIMIT_VOTES)
        return REFUSAL_TOO_MANY;
    for (uint32_t i = 0; i < state->participant_count; i++)
        if (state->participants[i].vote && state->participants[i].present)
            return ALLOWED;
    return REFUSAL_NOBODY_ELIGIBLE;
}

static int guard_vote_cast(const struct meeting_state *state, const struct state_participant *who)
{
    const struct state_vote *vote = state_vote_open(state);
    if (!vote)
        return REFUSAL_NO_VOTE_OPEN;
    enum ballot ballot = state_vote_ballot_of(state, vote, who);
    if (ballot == BALLOT_NONE)
        return REFUSAL_NOT_ELIGIBLE;
    if (ballot != BALLOT_DUE)
        return REFUSAL_ALREADY_CAST;
    return who->present ? ALLOWED : REFUSAL_NOT_ENTERED;
}

static int guard_sign(const struct meeting_state *state, const struct state_participant *who)
{
    bool by_secretary = who->capacity == CAPACITY_SECRETARY;
    switch (state->minutes.stage) {
    case MINUTES_FINAL:
        return by_secretary ? ALLOWED : REFUSAL_SECRETARY_FIRST;
    case MINUTES_SECRETARY_SIGNED:
        return by_secretary ? REFUSAL_ALREADY_SIGNED : ALLOWED;
    case MINUTES_CHAIR_SIGNED:
        return REFUSAL_ALREADY_SIGNED;
    case MINUTES_NONE:
    case MINUTES_DRAFT:
    case MINUTES_STAGE_COUNT:
        break;
    }
    return REFUSAL_MINUTES_NOT_FINAL;
}

/* What the chair has signed is opened again only to be replaced: after its recall. */
static int guard_reopen(const struct meeting_state *state)
{
    const struct state_issue *issue = state_issue_now(state);
    if (state->minutes.stage < MINUTES_FINAL)
        return REFUSAL_MINUTES_NOT_FINAL;
    if (state->minutes.stage < MINUTES_CHAIR_SIGNED)
        return ALLOWED;
    return issue && issue->stage == ISSUE_RECALLED ? ALLOWED : REFUSAL_NOT_RECALLED;
}

static int guard_minutes(const struct meeting_state *state, const struct state_participant *who,
                         enum meeting_action action)
{
    uint64_t writer = state->minutes.locked_by;
    if (action == ACTION_MINUTES_SIGN)
        return guard_sign(state, who);
    if (action == ACTION_MINUTES_REOPEN)
        return guard_reopen(state);
    if (state->minutes.stage != MINUTES_DRAFT)
        return REFUSAL_MINUTES_NOT_DRAFT;
    if (action == ACTION_MINUTES_TAKEOVER)
        return writer && writer != who->user_id ? ALLOWED : REFUSAL_MINUTES_NOT_LOCKED;
    /* lock, unlock, save, finalise: nobody else may be writing */
    return writer && writer != who->user_id ? REFUSAL_MINUTES_LOCKED : ALLOWED;
}

/* Number, seal, distribution: each only after the one before it. */
static int guard_issue(const struct meeting_state *state, enum meeting_action action)
{
    const struct state_issue *issue = state_issue_now(state);
    if (action == ACTION_ISSUE_NUMBER)
        return issue                                ? REFUSAL_ALREADY_NUMBERED
               : state->issue_count >= LIMIT_ISSUES ? REFUSAL_TOO_MANY
                                                    : ALLOWED;
    if (!issue)
        return REFUSAL_NOT_NUMBERED;
    if (issue->stage == ISSUE_RECALLED)
        return REFUSAL_ISSUE_RECALLED;
    if (action == ACTION_ISSUE_RECALL)
        return ALLOWED;
    if (action == ACTION_ISSUE_WRITE)
        return issue->stage == ISSUE_NUMBERED ? ALLOWED : REFUSAL_ALREADY_NUMBERED;
    if (action == ACTION_ISSUE_SEAL)
        return issue->stage == ISSUE_WRITTEN    ? ALLOWED
               : issue->stage == ISSUE_NUMBERED ? REFUSAL_NUMBER_NOT_WRITTEN
                                                : REFUSAL_ALREADY_SEALED;
    return issue->stage == ISSUE_SEALED        ? ALLOWED
           : issue->stage == ISSUE_DISTRIBUTED ? REFUSAL_ALREADY_DISTRIBUTED
                                               : REFUSAL_NOT_SEALED;
}

/* Beyond the table: what the state itself allows. */
static int guard_state(const struct meeting_state *state, const struct state_participant *who,
                       enum meeting_action action)
{
    /* clang-format off */
    switch ((int)action) {
    case ACTION_SUBMIT:         return state->agenda_count ? ALLOWED : REFUSAL_EMPTY_AGENDA;
    case ACTION_DOCUMENT_ADD:   return state->document_count < LIMIT_DOCUMENTS
                                       ? ALLOWED : REFUSAL_TOO_MANY;
    case ACTION_LEAVE:          return who->present ? ALLOWED : REFUSAL_NOT_ENTERED;
    case ACTION_PAUSE:
    case ACTION_END:            return state_vote_open(state) ? REFUSAL_VOTE_RUNNING : ALLOWED;
    case ACTION_FLOOR_REQUEST:  return guard_floor_request(state, who);
    case ACTION_FLOOR_WITHDRAW: return guard_floor_withdraw(state, who);
    case ACTION_FLOOR_RELEASE:  return state->floor_holder ? ALLOWED : REFUSAL_NO_HOLDER;
    case ACTION_VOTE_OPEN:      return guard_vote_open(state);
    case ACTION_VOTE_CAST:      return guard_vote_cast(state, who);
    case ACTION_VOTE_CLOSE:     return state_vote_open(state) ? ALLOWED : REFUSAL_NO_VOTE_OPEN;
    case ACTION_CONCLUSION_ADD: return state->conclusion_count < LIMIT_CONCLUSIONS
                                       ? ALLOWED : REFUSAL_TOO_MANY;
    case ACTION_CONCLUSION_REMOVE: return state->conclusion_count
                                       ? ALLOWED : REFUSAL_NO_CONCLUSION;
    case ACTION_MINUTES_LOCK:
    case ACTION_MINUTES_UNLOCK:
    case ACTION_MINUTES_TAKEOVER:
    case ACTION_MINUTES_SAVE:
    case ACTION_MINUTES_FINALISE:
    case ACTION_MINUTES_REOPEN:
    case ACTION_MINUTES_SIGN:   return guard_minutes(state, who, action);
    case ACTION_ISSUE_NUMBER:
    case ACTION_ISSUE_WRITE:
    case ACTION_ISSUE_SEAL:
    case ACTION_ISSUE_DISTRIBUTE:
    case ACTION_ISSUE_RECALL:   return guard_issue(state, action);
    default:                    return ALLOWED;
    }
    /* clang-format on */
}

/* guard_check() for somebody whose place in the meeting is known. */
static const struct refusal *check(const struct meeting_state *state,
                                   const struct state_participant *who, uint32_t standings,
                                   enum meeting_action action)
{
    switch (permission_of(standings, action, state->phase)) {
    case PERMISSION_DENIED:
        /* Who lost the lock to a takeover deserves to be told so. */
        if (standings && (action == ACTION_MINUTES_SAVE || action == ACTION_MINUTES_UNLOCK) &&
            state->phase == PHASE_ENDED)
            return refusal_of(REFUSAL_MINUTES_NOT_LOCKED);
        return refusal_of(REFUSAL_NO_RIGHT);
    case PERMISSION_WRONG_PHASE:
        return refusal_of(REFUSAL_WRONG_PHASE);
    case PERMISSION_GIVEN:
        break;
    }
    int found = guard_state(state, who, action);
    return found == ALLOWED ? NULL : refusal_of((enum refusal_id)found);
}

const struct refusal *guard_check(const struct meeting_state *state, uint64_t user,
                                  enum meeting_action action)
{
    const struct state_participant *who = state_user_find(state, user);
    return check(state, who, permission_standings(state, who), action);
}

const struct refusal *guard_check_in_office(const struct meeting_state *state, uint64_t user,
                                            const struct actor_office *office,
                                            enum meeting_action action)
{
    const struct state_participant *who = state_user_find(state, user);
    uint32_t standings =
        permission_standings(state, who) | permission_office_standings(state, office);
    return check(state, who, standings, action);
}

static uint64_t actions_of(const struct meeting_state *state, const struct state_participant *who,
                           uint32_t standings)
{
    uint64_t actions = 0;
    for (uint32_t action = 0; action < ACTION_COUNT; action++)
        if (!check(state, who, standings, (enum meeting_action)action))
            actions |= UINT64_C(1) << action;
    return actions;
}

uint64_t guard_actions_of(const struct meeting_state *state, const struct state_participant *who)
{
    return actions_of(state, who, permission_standings(state, who));
}

uint64_t guard_actions_in_office(const struct meeting_state *state, uint64_t user,
                                 const struct actor_office *office)
{
    const struct state_participant *who = state_user_find(state, user);
    return actions_of(
        state, who, permission_standings(state, who) | permission_office_standings(state, office));
}

uint64_t guard_actions(const struct meeting_state *state, uint64_t user)
{
    return guard_actions_of(state, state_user_find(state, user));
}
