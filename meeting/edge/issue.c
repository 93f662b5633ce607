#include "meeting/edge/issue.h"

#include <stdlib.h>

#include "meeting/core/local_time.h"
#include "meeting/edge/minutes_paper.h"
#include "meeting/edge/register.h"

/* -- who ----------------------------------------------------------------------------------------
 */

struct actor_office meeting_office_of(const struct meeting_service *service, uint64_t user_id)
{
    const struct directory_user *user = meeting_user_find(service, user_id);
    const struct directory_unit *unit = user ? meeting_unit_find(service, user->unit_id) : NULL;
    if (!unit)
        return (struct actor_office){0};
    bool is_clerk = user->roles >> ROLE_CLERK & 1;
    return (struct actor_office){
        .clerk = is_clerk && unit->kind != UNIT_COMMUNE,
        .receives = is_clerk || (user->roles >> ROLE_MEMBER & 1),
        .unit_id = unit->id,
    };
}

bool meeting_paper_is_visible(const struct meeting_service *service, uint64_t meeting,
                              uint64_t user)
{
    const struct meeting_state *state = meeting_state_of(service, meeting);
    if (!state)
        return false;
    bool is_signed = state->minutes.stage == MINUTES_CHAIR_SIGNED || state->issue_count > 0;
    return (is_signed && meeting_office_of(service, user).clerk) ||
           meeting_is_visible(service, meeting, user);
}

bool meeting_is_recipient(const struct meeting_service *service, uint64_t meeting, uint64_t user)
{
    const struct meeting_state *state = meeting_state_of(service, meeting);
    const struct actor_office office = meeting_office_of(service, user);
    for (uint32_t i = 0; state && office.receives && i < state->issue_count; i++)
        if (state_recipient_find(&state->issues[i], office.unit_id))
            return true;
    return false;
}

bool meeting_issue_is_visible(const struct meeting_service *service,
                              const struct meeting_issue *one, uint64_t user)
{
    const struct actor_office office = meeting_office_of(service, user);
    return meeting_paper_is_visible(service, one->state->id, user) ||
           (office.receives && state_recipient_find(one->issue, office.unit_id));
}

/* -- commands -----------------------------------------------------------------------------------
 */

/* What stands behind "/BB-": the short name of the body that issues, or nothing. */
static const char *symbol_of(const struct meeting_service *service)
{
    for (uint32_t i = 0; i < service->directory.unit_count; i++) {
        const struct directory_unit *unit = &service->directory.units[i]->unit;
        const char *symbol = unit->parent_id == 0 ? minutes_paper_symbol(unit->name) : NULL;
        if (symbol)
            return symbol;
    }
    return "";
}

static void recipient_add(struct invited_unit *units, uint32_t *count,
                          const struct directory_unit *unit)
{
    for (uint32_t i = 0; i < *count; i++)
        if (units[i].id == unit->id)
            return;
    units[(*count)++] = (struct invited_unit){unit->id, unit->name};
}

/* "Thành phần dự họp": the units that were invited and those of the people who were. The clerk
 * may add others. REFUSAL_COUNT: all were found. */
static enum refusal_id recipients_fill(const struct meeting_service *service,
                                       const struct meeting_state *state,
                                       const struct meeting_command *command,
                                       struct invited_unit *units, uint32_t *count)
{
    for (uint32_t i = 0; i < state->unit_count; i++) {
        const struct directory_unit *unit = meeting_unit_find(service, state->units[i].id);
        if (unit)
            recipient_add(units, count, unit);
    }
    for (uint32_t i = 0; i < state->participant_count; i++) {
        const struct state_participant *one = &state->participants[i];
        const struct directory_user *user = meeting_user_find(service, one->user_id);
        const struct directory_unit *unit = user ? meeting_unit_find(service, user->unit_id) : NULL;
        bool takes_part = one->capacity != CAPACITY_TECHNICIAN && one->capacity != CAPACITY_CHAIR &&
                          one->capacity != CAPACITY_SECRETARY;
        if (unit && takes_part)
            recipient_add(units, count, unit);
    }
    for (uint32_t i = 0; i < command->of.issue_distribute.unit_count; i++) {
        const struct directory_unit *unit =
            meeting_unit_find(service, command->of.issue_distribute.unit_ids[i]);
        if (!unit)
            return REFUSAL_NO_UNIT;
        recipient_add(units, count, unit);
    }
    return *count > LIMIT_PARTICIPANTS ? REFUSAL_TOO_MANY : REFUSAL_COUNT;
}

static struct meeting_receipt distribute(struct meeting_service *service,
                                         struct service_meeting *meeting,
                                         struct decide_world *world,
                                         const struct meeting_command *command, uint64_t ticket)
{
    const struct meeting_state *state = &meeting->state;
    uint32_t chosen = command->of.issue_distribute.unit_count;
    if (chosen > LIMIT_PARTICIPANTS)
        return receipt_refused(REFUSAL_TOO_MANY);
    size_t most = (size_t)state->unit_count + state->participant_count + chosen;
    struct invited_unit *units = calloc(most + 1, sizeof *units);
    if (!units)
        return receipt_refused(REFUSAL_BUSY);
    enum refusal_id refused = recipients_fill(service, state, command, units, &world->unit_count);
    world->units = units;
    struct meeting_receipt receipt =
        refused != REFUSAL_COUNT ? receipt_refused(refused)
                                 : append_in_world(service, meeting, world, command, ticket);
    free(units);
    return receipt;
}

struct meeting_receipt issue_append(struct meeting_service *service,
                                    struct service_meeting *meeting, struct decide_world *world,
                                    const struct meeting_command *command, uint64_t ticket)
{
    if (command->action == ACTION_ISSUE_DISTRIBUTE)
        return distribute(service, meeting, world, command, ticket);
    world->symbol = symbol_of(service);
    world->number = number_book_next(&service->numbers, number_year_of(world->now), ISSUE_MINUTES,
                                     world->symbol);
    return append_in_world(service, meeting, world, command, ticket);
}

/* -- lists --------------------------------------------------------------------------------------
 */

utc_ms_t meeting_desk_since(const struct meeting_state *state)
{
    return state->minutes.signatures[MINUTES_FIELD_CHAIR].at;
}

const struct meeting_state *meeting_desk_next(const struct meeting_service *service,
                                              uint32_t *cursor)
{
    while (*cursor < service->meeting_count) {
        const struct meeting_state *state = &service->meetings[(*cursor)++]->state;
        const struct state_issue *issue = state_issue_now(state);
        if (state->minutes.stage == MINUTES_CHAIR_SIGNED &&
            (!issue || issue->stage < ISSUE_DISTRIBUTED))
            return state;
    }
    return NULL;
}

/* The day in Vietnam, as one number that rises. */
static uint32_t day_of(utc_ms_t at)
{
    struct local_time local = local_time_of(at, LOCAL_VIETNAM_MINUTES);
    return ((uint32_t)local.year * 12 + local.month) * 31 + local.day;
}

bool meeting_overdue_next(const struct meeting_service *service, utc_ms_t now, uint32_t *cursor,
                          struct meeting_issue *ret_issue)
{
    while (*cursor < service->register_count) {
        struct meeting_issue found;
        uint64_t id = service->register_entries[(*cursor)++].issue;
        if (meeting_issue_find(service, id, &found) != ERR_OK)
            continue;
        if (found.issue->stage == ISSUE_DISTRIBUTED &&
            found.issue->received_count < found.issue->recipient_count &&
            day_of(found.issue->distributed_at) < day_of(now)) {
            *ret_issue = found;
            return true;
        }
    }
    return false;
}

bool meeting_incoming_next(const struct meeting_service *service, uint64_t unit, uint32_t *cursor,
                           struct meeting_issue *ret_issue)
{
    while (*cursor < service->register_count) {
        struct meeting_issue found;
        uint32_t at = service->register_count - 1 - (*cursor)++;
        uint64_t id = service->register_entries[at].issue;
        if (meeting_issue_find(service, id, &found) == ERR_OK &&
            state_recipient_find(found.issue, unit)) {
            *ret_issue = found;
            return true;
        }
    }
    return false;
}
