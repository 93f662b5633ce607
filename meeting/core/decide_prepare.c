#include "base/limits.h"
#include "meeting/core/decide_parts.h"

/* Whether the items are well-formed and name only what exists. */
static bool items_ok(const struct decide_input *input, struct decision *decision)
{
    const struct meeting_command *command = input->command;
    if (command->of.agenda_set.item_count > LIMIT_AGENDA_ITEMS) {
        decision_refuse(decision, REFUSAL_TOO_MANY);
        return false;
    }
    for (uint32_t i = 0; i < command->of.agenda_set.item_count; i++) {
        const struct agenda_item *item = &command->of.agenda_set.items[i];
        if (!decision_text_ok(decision, item->title, LIMIT_TITLE_BYTES))
            return false;
        bool twice = false;
        for (uint32_t k = 0; k < i && item->id; k++)
            twice |= command->of.agenda_set.items[k].id == item->id;
        if (twice || (item->id && !state_agenda_find(input->state, item->id))) {
            decision_refuse(decision, REFUSAL_NO_AGENDA);
            return false;
        }
        if (item->presenter_id && !state_participant_find(input->state, item->presenter_id)) {
            decision_refuse(decision, REFUSAL_NO_PARTICIPANT);
            return false;
        }
    }
    return true;
}

void decide_agenda_set(const struct decide_input *input, struct decision *decision)
{
    if (!items_ok(input, decision))
        return;
    uint32_t count = input->command->of.agenda_set.item_count;
    struct event_agenda_item *items = arena_take_list(&decision->memory, count, sizeof *items);
    if (!items) {
        decision_refuse(decision, REFUSAL_BUSY);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct agenda_item *item = &input->command->of.agenda_set.items[i];
        items[i] = (struct event_agenda_item){
            .id = item->id ? item->id : (*input->world->next_id)++,
            .title = item->title,
            .presenter_id = item->presenter_id,
            .planned_minutes = item->planned_minutes,
        };
    }
    struct meeting_event *event = decision_add(decision, EVENT_AGENDA_SET);
    event->of.agenda_set.item_count = count;
    event->of.agenda_set.items = items;
}

void decide_document_add(const struct decide_input *input, struct decision *decision)
{
    const struct meeting_command *command = input->command;
    uint64_t agenda_id = command->of.document_add.agenda_id;
    if (!decision_text_ok(decision, command->of.document_add.title, LIMIT_TITLE_BYTES))
        return;
    if (agenda_id && !state_agenda_find(input->state, agenda_id)) {
        decision_refuse(decision, REFUSAL_NO_AGENDA);
        return;
    }
    struct meeting_event *event = decision_add(decision, EVENT_DOCUMENT_ADDED);
    event->of.document_added.document_id = (*input->world->next_id)++;
    event->of.document_added.agenda_id = agenda_id;
    event->of.document_added.title = command->of.document_add.title;
    event->of.document_added.sha256 = command->of.document_add.sha256;
    event->of.document_added.size_bytes = command->of.document_add.size_bytes;
    event->of.document_added.pages = command->of.document_add.pages;
}

void decide_document_remove(const struct decide_input *input, struct decision *decision)
{
    uint64_t document_id = input->command->of.document_remove.document_id;
    if (!state_document_find(input->state, document_id)) {
        decision_refuse(decision, REFUSAL_NO_DOCUMENT);
        return;
    }
    struct meeting_event *event = decision_add(decision, EVENT_DOCUMENT_REMOVED);
    event->of.document_removed.document_id = document_id;
}

void decide_reason(const struct decide_input *input, struct decision *decision)
{
    const char *reason = input->command->of.reason.reason;
    if (!decision_text_ok(decision, reason, LIMIT_TEXT_BYTES))
        return;
    bool cancel = input->command->action == ACTION_CANCEL;
    enum event_kind kind = cancel ? EVENT_MEETING_CANCELLED : EVENT_MEETING_RETURNED;
    decision_add(decision, kind)->of.reason.reason = reason;
}

/* -- invitations --------------------------------------------------------------------------------
 */

/* Who was invited before keeps id and source; chair and secretary are in already. Gives how many
 * people there are. */
static uint32_t people_fill(const struct decide_input *input, struct event_person *people)
{
    uint32_t count = 0;
    uint32_t source = input->state->next_source;
    for (uint32_t i = 0; i < input->world->invitee_count; i++) {
        const struct invitee *invitee = &input->world->invitees[i];
        const struct state_participant *known = state_user_find(input->state, invitee->user_id);
        if (known && known < input->state->participants + 2)
            continue;
        people[count++] = (struct event_person){
            .id = known ? known->id : (*input->world->next_id)++,
            .source = known ? known->source : source++,
            .user_id = invitee->user_id,
            .name = invitee->name,
            .position = invitee->position,
            .unit = invitee->unit,
            .capacity = invitee->capacity,
            .vote = invitee->capacity == CAPACITY_MEMBER,
        };
    }
    return count;
}

void decide_units_invite(const struct decide_input *input, struct decision *decision)
{
    const struct decide_world *world = input->world;
    if (world->invitee_count > LIMIT_PARTICIPANTS - 2 || world->unit_count > LIMIT_PARTICIPANTS) {
        decision_refuse(decision, REFUSAL_TOO_MANY);
        return;
    }
    struct event_person *people =
        arena_take_list(&decision->memory, world->invitee_count, sizeof *people);
    struct event_unit *units = arena_take_list(&decision->memory, world->unit_count, sizeof *units);
    if (!people || !units) {
        decision_refuse(decision, REFUSAL_BUSY);
        return;
    }
    for (uint32_t i = 0; i < world->unit_count; i++)
        units[i] = (struct event_unit){world->units[i].id, world->units[i].name};
    struct meeting_event *event = decision_add(decision, EVENT_UNITS_INVITED);
    event->of.units_invited.unit_count = world->unit_count;
    event->of.units_invited.units = units;
    event->of.units_invited.person_count = people_fill(input, people);
    event->of.units_invited.people = people;
}
