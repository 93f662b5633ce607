/* The clerk's desk: number, seal, distribution, recall; and the recipients' receipts. */
#include "base/limits.h"
#include "meeting/core/decide_parts.h"
#include "meeting/core/number_book.h"

void decide_issue_number(const struct decide_input *input, struct decision *decision)
{
    struct meeting_event *event = decision_add(decision, EVENT_ISSUE_NUMBERED);
    event->of.numbered.issue_id = (*input->world->next_id)++;
    event->of.numbered.type = ISSUE_MINUTES;
    event->of.numbered.symbol = input->world->symbol;
    event->of.numbered.year = number_year_of(input->world->now);
    event->of.numbered.number = input->world->number;
}

void decide_issue_write(const struct decide_input *input, struct decision *decision)
{
    struct meeting_event *event = decision_add(decision, EVENT_ISSUE_WRITTEN);
    event->of.written.issue_id = state_issue_now(input->state)->id;
    event->of.written.sha256 = input->command->of.issue_file.sha256;
}

void decide_issue_seal(const struct decide_input *input, struct decision *decision)
{
    struct meeting_event *event = decision_add(decision, EVENT_ISSUE_SEALED);
    event->of.sealed.issue_id = state_issue_now(input->state)->id;
    event->of.sealed.serial = input->command->of.issue_file.serial;
    event->of.sealed.sha256 = input->command->of.issue_file.sha256;
}

/* The meeting's last recalled paper that nothing has replaced yet; NULL: there is none. */
static const struct state_issue *to_replace(const struct meeting_state *state)
{
    for (uint32_t i = state->issue_count; i-- > 0;)
        if (state->issues[i].stage == ISSUE_RECALLED && !state->issues[i].replaced_by)
            return &state->issues[i];
    return NULL;
}

void decide_issue_distribute(const struct decide_input *input, struct decision *decision)
{
    const struct decide_world *world = input->world;
    if (world->unit_count == 0) {
        decision_refuse(decision, REFUSAL_NO_RECIPIENT);
        return;
    }
    struct event_unit *units = arena_take_list(&decision->memory, world->unit_count, sizeof *units);
    if (!units) {
        decision_refuse(decision, REFUSAL_BUSY);
        return;
    }
    for (uint32_t i = 0; i < world->unit_count; i++)
        units[i] = (struct event_unit){world->units[i].id, world->units[i].name};
    uint64_t issue = state_issue_now(input->state)->id;
    struct meeting_event *event = decision_add(decision, EVENT_ISSUE_DISTRIBUTED);
    event->of.distributed.issue_id = issue;
    event->of.distributed.unit_count = world->unit_count;
    event->of.distributed.units = units;
    const struct state_issue *old = to_replace(input->state);
    if (old) {
        event = decision_add(decision, EVENT_ISSUE_REPLACED);
        event->of.replaced.issue_id = old->id;
        event->of.replaced.by = issue;
    }
    if (input->state->phase == PHASE_MINUTES_SIGNED)
        decision_add(decision, EVENT_MEETING_PUBLISHED);
}

void decide_issue_receive(const struct decide_input *input, struct decision *decision)
{
    uint64_t unit = input->world->office.unit_id;
    const struct state_issue *issue =
        state_issue_find(input->state, input->command->of.issue_receive.issue_id);
    const struct state_recipient *recipient = issue ? state_recipient_find(issue, unit) : NULL;
    if (!recipient) {
        decision_refuse(decision, REFUSAL_NO_ISSUE);
        return;
    }
    bool of_recall = issue->stage == ISSUE_RECALLED;
    if (of_recall ? recipient->recall_seen_at : recipient->received_at) {
        decision_refuse(decision, REFUSAL_ALREADY_RECEIVED);
        return;
    }
    struct meeting_event *event = decision_add(decision, EVENT_ISSUE_RECEIVED);
    event->of.received.issue_id = issue->id;
    event->of.received.unit_id = unit;
    event->of.received.of = of_recall ? RECEIPT_OF_RECALL : RECEIPT_OF_ISSUE;
}

void decide_issue_recall(const struct decide_input *input, struct decision *decision)
{
    const char *reason = input->command->of.reason.reason;
    if (!decision_text_ok(decision, reason, LIMIT_TEXT_BYTES))
        return;
    struct meeting_event *event = decision_add(decision, EVENT_ISSUE_RECALLED);
    event->of.recalled.issue_id = state_issue_now(input->state)->id;
    event->of.recalled.reason = reason;
}
