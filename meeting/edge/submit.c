/* The door's ways in: making a meeting, commands, live connections, and the clock. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "meeting/edge/register.h"

enum { MEETING_CODE_LETTERS = 10 };

/* -- a new meeting ------------------------------------------------------------------------------
 */

static struct invitee invitee_of(const struct meeting_service *service,
                                 const struct directory_user *user)
{
    const struct directory_unit *unit = meeting_unit_find(service, user->unit_id);
    return (struct invitee){
        .user_id = user->id,
        .name = user->name,
        .position = user->position,
        .unit = unit ? unit->name : "",
    };
}

static struct meeting_receipt create(struct meeting_service *service,
                                     const struct meeting_plan *plan,
                                     const struct directory_user *chair,
                                     const struct directory_user *secretary, utc_ms_t now)
{
    char code[MEETING_CODE_LETTERS + 1];
    struct invitee people[] = {invitee_of(service, chair), invitee_of(service, secretary)};
    struct decide_world world = {.now = now, .next_id = &service->next_id};
    struct decision decision;
    if (hash_random_code(MEETING_CODE_LETTERS, code) != ERR_OK)
        return receipt_refused(REFUSAL_BUSY);
    uint64_t id = service->next_id++;
    decide_creation(plan, &world, code, &people[0], &people[1], &decision);
    struct meeting_receipt receipt = {.refusal = decision.refusal};
    struct service_meeting *meeting = decision.refusal ? NULL : service_meeting_add(service, id);
    if (meeting) {
        receipt = append_decision(service, meeting, &decision, plan->actor, 0, now);
        service_meeting_list(service, meeting);
        receipt.id = receipt.refusal ? 0 : id;
    } else if (!decision.refusal) {
        receipt = receipt_refused(REFUSAL_BUSY);
    }
    decision_done(&decision);
    return receipt;
}

struct meeting_receipt meeting_create(struct meeting_service *service,
                                      const struct meeting_plan *plan, utc_ms_t now)
{
    const uint32_t conveners = 1u << ROLE_LEADER | 1u << ROLE_SECRETARY;
    const struct directory_user *actor = meeting_user_find(service, plan->actor);
    const struct directory_user *chair = meeting_user_find(service, plan->chair_id);
    const struct directory_user *secretary = meeting_user_find(service, plan->secretary_id);
    if (!actor || !(actor->roles & conveners))
        return receipt_refused(REFUSAL_NO_RIGHT);
    if (!chair || !secretary)
        return receipt_refused(REFUSAL_NO_USER);
    return create(service, plan, chair, secretary, now);
}

/* -- live connections ---------------------------------------------------------------------------
 */

/* The user's count of connections; NULL without memory. */
static uint32_t *connections_of(struct service_meeting *meeting, uint64_t user)
{
    uint32_t count = meeting->connection_count;
    for (uint32_t i = 0; i < count; i++)
        if (meeting->connections[i].user == user)
            return &meeting->connections[i].count;
    if ((count & (count - 1)) == 0) {
        size_t capacity = count ? 2 * (size_t)count : 1;
        struct connections *grown =
            realloc(meeting->connections, capacity * sizeof *meeting->connections);
        if (!grown)
            return NULL;
        meeting->connections = grown;
    }
    meeting->connections[count] = (struct connections){.user = user};
    meeting->connection_count++;
    return &meeting->connections[count].count;
}

/* Nothing changes, but the ticket ends only after everything before it is kept. */
static struct meeting_receipt append_nothing(struct meeting_service *service,
                                             struct service_meeting *meeting,
                                             const struct meeting_command *command, utc_ms_t now)
{
    struct decision nothing = {0};
    return append_decision(service, meeting, &nothing, command->actor, 0, now);
}

static struct meeting_receipt enter(struct meeting_service *service,
                                    struct service_meeting *meeting,
                                    const struct meeting_command *command, utc_ms_t now)
{
    uint32_t *count = connections_of(meeting, command->actor);
    if (!count)
        return receipt_refused(REFUSAL_BUSY);
    struct meeting_receipt receipt = append_command(service, command, 0, now);
    if (!receipt.refusal)
        (*count)++;
    return receipt;
}

static struct meeting_receipt leave(struct meeting_service *service,
                                    struct service_meeting *meeting,
                                    const struct meeting_command *command, utc_ms_t now)
{
    uint32_t *count = connections_of(meeting, command->actor);
    if (!count)
        return receipt_refused(REFUSAL_BUSY);
    if (*count > 0)
        (*count)--;
    const struct state_participant *participant = state_user_find(&meeting->state, command->actor);
    if (*count > 0 || !participant || !participant->present)
        return append_nothing(service, meeting, command, now);
    return append_command(service, command, 0, now);
}

static struct meeting_receipt number(struct meeting_service *service,
                                     struct service_meeting *meeting,
                                     const struct meeting_command *command, utc_ms_t now)
{
    struct meeting_receipt receipt = append_command(service, command, 0, now);
    if (!receipt.refusal)
        writing_begin(service, &meeting->state);
    return receipt;
}

struct meeting_receipt meeting_submit(struct meeting_service *service,
                                      const struct meeting_command *command, utc_ms_t now)
{
    struct service_meeting *meeting = service_meeting_find(service, command->meeting);
    if (!meeting || meeting->state.seq == 0)
        return receipt_refused(REFUSAL_NO_MEETING);
    switch ((int)command->action) {
    case ACTION_ENTER:
        return enter(service, meeting, command, now);
    case ACTION_LEAVE:
        return leave(service, meeting, command, now);
    case ACTION_MINUTES_FINALISE:
        return finalise_begin(service, meeting, command);
    case ACTION_ISSUE_NUMBER:
        return number(service, meeting, command, now);
    case ACTION_DOCUMENT_ADD: /* these are made from files, by functions of their own */
    case ACTION_MINUTES_SIGN:
    case ACTION_ISSUE_WRITE:
    case ACTION_ISSUE_SEAL:
        return receipt_refused(REFUSAL_NO_RIGHT);
    default:
        return append_command(service, command, 0, now);
    }
}

/* -- the clock ----------------------------------------------------------------------------------
 */

utc_ms_t meeting_deadline(const struct meeting_service *service)
{
    utc_ms_t deadline = INT64_MAX;
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        utc_ms_t at = service->meetings[i]->return_by;
        if (at && at < deadline)
            deadline = at;
    }
    utc_ms_t preserving = preserving_deadline(service);
    return preserving < deadline ? preserving : deadline;
}

/* Who was present before the restart and has not come back left when the log last spoke. */
static void returns_close(struct meeting_service *service, struct service_meeting *meeting,
                          utc_ms_t now)
{
    for (uint32_t i = 0; i < meeting->state.participant_count; i++) {
        const struct state_participant *participant = &meeting->state.participants[i];
        uint32_t *count = connections_of(meeting, participant->user_id);
        if (!participant->present || !count || *count > 0)
            continue;
        struct meeting_command command = {
            .action = ACTION_LEAVE,
            .meeting = meeting->state.id,
            .actor = participant->user_id,
            .of.leave = {.method = PRESENCE_RESTART, .out_at = meeting->vouched_at},
        };
        struct meeting_receipt receipt = append_command(service, &command, 0, now);
        if (receipt.refusal)
            log_line(LOG_WARN, "meeting.tick", "meeting=%llu leave_refused=%s",
                     (unsigned long long)meeting->state.id, receipt.refusal->code);
    }
}

void meeting_tick(struct meeting_service *service, utc_ms_t now)
{
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        struct service_meeting *meeting = service->meetings[i];
        if (!meeting->return_by || now < meeting->return_by)
            continue;
        meeting->return_by = 0;
        returns_close(service, meeting, now);
    }
    preserving_tick(service, now);
}
