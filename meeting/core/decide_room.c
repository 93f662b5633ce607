#include "meeting/core/decide_parts.h"

static void add_participant_event(struct decision *decision, enum event_kind kind,
                                  uint64_t participant_id)
{
    decision_add(decision, kind)->of.participant.participant_id = participant_id;
}

static void release_floor(const struct decide_input *input, struct decision *decision)
{
    if (input->state->floor_holder)
        add_participant_event(decision, EVENT_FLOOR_RELEASED, input->state->floor_holder);
}

void decide_enter(const struct decide_input *input, struct decision *decision)
{
    if (input->actor->present)
        return; /* a second window of the same person */
    if (input->state->phase == PHASE_INVITED)
        decision_add(decision, EVENT_ROOM_OPENED);
    struct meeting_event *event = decision_add(decision, EVENT_PARTICIPANT_ENTERED);
    event->of.entered.participant_id = input->actor->id;
    event->of.entered.method = PRESENCE_ONLINE;
}

void decide_leave(const struct decide_input *input, struct decision *decision)
{
    utc_ms_t out_at = input->command->of.leave.out_at;
    if (input->actor->id == input->state->floor_holder)
        release_floor(input, decision);
    struct meeting_event *event = decision_add(decision, EVENT_PARTICIPANT_LEFT);
    event->of.left.participant_id = input->actor->id;
    event->of.left.method = input->command->of.leave.method;
    event->of.left.out_at = out_at ? out_at : input->world->now;
}

void decide_pause(const struct decide_input *input, struct decision *decision)
{
    release_floor(input, decision); /* in a pause nobody but the chair is heard */
    decision_add(decision, EVENT_MEETING_PAUSED);
}

void decide_end(const struct decide_input *input, struct decision *decision)
{
    release_floor(input, decision);
    decision_add(decision, EVENT_MEETING_ENDED);
}

void decide_agenda_open(const struct decide_input *input, struct decision *decision)
{
    uint64_t agenda_id = input->command->of.agenda_open.agenda_id;
    if (!state_agenda_find(input->state, agenda_id))
        decision_refuse(decision, REFUSAL_NO_AGENDA);
    else if (agenda_id == input->state->agenda_now)
        decision_refuse(decision, REFUSAL_AGENDA_OPEN);
    else
        decision_add(decision, EVENT_AGENDA_OPENED)->of.agenda_opened.agenda_id = agenda_id;
}

void decide_floor_own(const struct decide_input *input, struct decision *decision)
{
    bool request = input->command->action == ACTION_FLOOR_REQUEST;
    add_participant_event(decision, request ? EVENT_FLOOR_REQUESTED : EVENT_FLOOR_WITHDRAWN,
                          input->actor->id);
}

void decide_floor_grant(const struct decide_input *input, struct decision *decision)
{
    const struct state_participant *participant =
        state_participant_find(input->state, input->command->of.participant.participant_id);
    if (!participant)
        decision_refuse(decision, REFUSAL_NO_PARTICIPANT);
    else if (!participant->present)
        decision_refuse(decision, REFUSAL_NOT_PRESENT);
    else if (participant->id == input->state->floor_holder)
        decision_refuse(decision, REFUSAL_HAS_FLOOR);
    else
        add_participant_event(decision, EVENT_FLOOR_GRANTED, participant->id);
}

void decide_floor_release(const struct decide_input *input, struct decision *decision)
{
    release_floor(input, decision);
}

void decide_stage_set(const struct decide_input *input, struct decision *decision)
{
    uint64_t participant_id = input->command->of.participant.participant_id;
    const struct state_participant *participant =
        state_participant_find(input->state, participant_id);
    if (participant_id && !participant)
        decision_refuse(decision, REFUSAL_NO_PARTICIPANT);
    else if (participant && !participant->present)
        decision_refuse(decision, REFUSAL_NOT_PRESENT);
    else
        add_participant_event(decision, EVENT_STAGE_SET, participant_id);
}

void decide_document_present(const struct decide_input *input, struct decision *decision)
{
    uint64_t document_id = input->command->of.document_present.document_id;
    uint32_t page = input->command->of.document_present.page;
    if (document_id) {
        const struct state_document *document = state_document_find(input->state, document_id);
        if (!document || page == 0 || page > document->pages) {
            decision_refuse(decision, document ? REFUSAL_NO_PAGE : REFUSAL_NO_DOCUMENT);
            return;
        }
    }
    struct meeting_event *event = decision_add(decision, EVENT_DOCUMENT_PRESENTED);
    event->of.presented.document_id = document_id;
    event->of.presented.participant_id = input->actor->id;
    event->of.presented.page = document_id ? page : 0;
    event->of.presented.number = input->state->presented_number + 1;
}
