#include "meeting/core/decide.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "meeting/core/decide_parts.h"
#include "meeting/core/guard.h"

struct meeting_event *decision_add(struct decision *decision, enum event_kind kind)
{
    assert(decision->event_count < DECISION_EVENTS_MAX);
    struct meeting_event *event = &decision->events[decision->event_count++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    return event;
}

void decision_refuse(struct decision *decision, enum refusal_id id)
{
    decision->refusal = refusal_of(id);
    decision->event_count = 0;
}

bool decision_text_ok(struct decision *decision, const char *text, size_t limit)
{
    struct bytes bytes = text ? bytes_of(text) : (struct bytes){0};
    if (bytes.size > limit)
        decision_refuse(decision, REFUSAL_TOO_LONG);
    else if (bytes.size == 0 || !utf8_valid(bytes))
        decision_refuse(decision, REFUSAL_BAD_TEXT);
    else
        return true;
    return false;
}

void decision_done(struct decision *decision)
{
    arena_done(&decision->memory);
}

/* -- a new meeting ------------------------------------------------------------------------------
 */

static struct event_person person_of(const struct invitee *invitee, enum capacity capacity,
                                     uint32_t source, uint64_t id)
{
    return (struct event_person){
        .id = id,
        .source = source,
        .user_id = invitee->user_id,
        .name = invitee->name,
        .position = invitee->position,
        .unit = invitee->unit,
        .capacity = capacity,
        .vote = true,
    };
}

void decide_creation(const struct meeting_plan *plan, const struct decide_world *world,
                     const char *code, const struct invitee *chair, const struct invitee *secretary,
                     struct decision *ret_decision)
{
    memset(ret_decision, 0, sizeof *ret_decision);
    if (!decision_text_ok(ret_decision, plan->title, LIMIT_TITLE_BYTES))
        return;
    if (!plan->place || strlen(plan->place) > LIMIT_TITLE_BYTES) {
        decision_refuse(ret_decision, REFUSAL_TOO_LONG);
        return;
    }
    if (plan->start_at < 0 || plan->end_at <= plan->start_at) {
        decision_refuse(ret_decision, REFUSAL_BAD_TIMES);
        return;
    }
    if (chair->user_id == secretary->user_id) {
        decision_refuse(ret_decision, REFUSAL_SAME_PERSON);
        return;
    }
    struct meeting_event *event = decision_add(ret_decision, EVENT_MEETING_CREATED);
    event->of.created.code = code;
    event->of.created.title = plan->title;
    event->of.created.place = plan->place;
    event->of.created.start_at = plan->start_at;
    event->of.created.end_at = plan->end_at;
    event->of.created.chair = person_of(chair, CAPACITY_CHAIR, 1, (*world->next_id)++);
    event->of.created.secretary = person_of(secretary, CAPACITY_SECRETARY, 2, (*world->next_id)++);
}

/* -- a command ----------------------------------------------------------------------------------
 */

/* Commands without members, whose event has none either. */
static bool decide_plain(enum meeting_action action, struct decision *decision)
{
    static const struct {
        enum meeting_action action;
        enum event_kind kind;
    } plain[] = {
        {ACTION_SUBMIT, EVENT_MEETING_SUBMITTED},   {ACTION_APPROVE, EVENT_MEETING_APPROVED},
        {ACTION_ANNOUNCE, EVENT_MEETING_ANNOUNCED}, {ACTION_START, EVENT_MEETING_STARTED},
        {ACTION_RESUME, EVENT_MEETING_RESUMED},     {ACTION_MINUTES_REOPEN, EVENT_MINUTES_REOPENED},
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (plain[i].action == action) {
            decision_add(decision, plain[i].kind);
            return true;
        }
    return false;
}

static decide_function *const decide_of[ACTION_COUNT] = {
    [ACTION_AGENDA_SET] = decide_agenda_set,
    [ACTION_DOCUMENT_ADD] = decide_document_add,
    [ACTION_DOCUMENT_REMOVE] = decide_document_remove,
    [ACTION_UNITS_INVITE] = decide_units_invite,
    [ACTION_RETURN] = decide_reason,
    [ACTION_CANCEL] = decide_reason,
    [ACTION_ENTER] = decide_enter,
    [ACTION_LEAVE] = decide_leave,
    [ACTION_PAUSE] = decide_pause,
    [ACTION_END] = decide_end,
    [ACTION_AGENDA_OPEN] = decide_agenda_open,
    [ACTION_FLOOR_REQUEST] = decide_floor_own,
    [ACTION_FLOOR_WITHDRAW] = decide_floor_own,
    [ACTION_FLOOR_GRANT] = decide_floor_grant,
    [ACTION_FLOOR_RELEASE] = decide_floor_release,
    [ACTION_STAGE_SET] = decide_stage_set,
    [ACTION_DOCUMENT_PRESENT] = decide_document_present,
    [ACTION_VOTE_OPEN] = decide_vote_open,
    [ACTION_VOTE_CAST] = decide_vote_cast,
    [ACTION_VOTE_CLOSE] = decide_vote_close,
    [ACTION_CONCLUSION_ADD] = decide_conclusion_add,
    [ACTION_CONCLUSION_REMOVE] = decide_conclusion_remove,
    [ACTION_MINUTES_LOCK] = decide_minutes_lock,
    [ACTION_MINUTES_UNLOCK] = decide_minutes_unlock,
    [ACTION_MINUTES_TAKEOVER] = decide_minutes_lock,
    [ACTION_MINUTES_SAVE] = decide_minutes_save,
    [ACTION_MINUTES_FINALISE] = decide_minutes_finalise,
    [ACTION_MINUTES_SIGN] = decide_minutes_sign,
    [ACTION_ISSUE_NUMBER] = decide_issue_number,
    [ACTION_ISSUE_WRITE] = decide_issue_write,
    [ACTION_ISSUE_SEAL] = decide_issue_seal,
    [ACTION_ISSUE_DISTRIBUTE] = decide_issue_distribute,
    [ACTION_ISSUE_RECEIVE] = decide_issue_receive,
    [ACTION_ISSUE_RECALL] = decide_issue_recall,
};

void decide(const struct meeting_state *state, const struct decide_world *world,
            const struct meeting_command *command, struct decision *ret_decision)
{
    assert(command->action < ACTION_COUNT && world->now >= state->last_at);
    memset(ret_decision, 0, sizeof *ret_decision);
    ret_decision->refusal =
        guard_check_in_office(state, command->actor, &world->office, command->action);
    if (ret_decision->refusal || decide_plain(command->action, ret_decision))
        return;
    struct decide_input input = {
        .state = state,
        .world = world,
        .command = command,
        .actor = state_user_find(state, command->actor),
    };
    decide_of[command->action](&input, ret_decision);
}
