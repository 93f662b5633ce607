#include "meeting/edge/service.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/log.h"
#include "meeting/core/fold.h"
#include "meeting/edge/append_rows.h"
#include "meeting/edge/register.h"

struct meeting_receipt receipt_refused(enum refusal_id id)
{
    return (struct meeting_receipt){.refusal = refusal_of(id)};
}

/* -- one event ----------------------------------------------------------------------------------
 */

/* What clients are told of an event: its body, without the choice of an open vote. */
static enum err announce(struct outbox *outbox, uint64_t batch, const struct meeting_state *state,
                         const struct event_row *row, struct bytes body)
{
    struct buffer secret = {0};
    struct meeting_output output = {
        .kind = MEETING_OUTPUT_EVENT,
        .meeting = state->id,
        .seq = row->seq,
        .at = row->at,
        .actor = row->actor,
        .event_kind = row->event.kind,
        .body = body,
    };
    enum err err = ERR_OK;
    if (row->event.kind == EVENT_VOTE_CAST) {
        err = event_json_write_secretly(body, &secret);
        output.body = buffer_bytes(&secret);
    }
    if (err == ERR_OK)
        err = outbox_put(outbox, batch, &output);
    buffer_done(&secret);
    return err;
}

/* An append under way: its outputs wait in an outbox of their own until the batch has a number. */
struct append {
    struct meeting_service *service;
    struct service_meeting *meeting;
    struct store_batch *batch;
    struct outbox outputs;
    uint64_t made_id;
};

/* Writes the event as JSON, reads it back, and folds what was read: memory can never hold what the
 * log does not. */
static enum err append_event(struct append *append, const struct meeting_event *event,
                             uint64_t actor, utc_ms_t now)
{
    struct service_meeting *meeting = append->meeting;
    struct buffer body = {0};
    struct arena arena = {0};
    struct event_row row = {.seq = meeting->state.seq + 1, .at = now, .actor = actor};
    enum err err = event_json_write(event, &body);
    if (err == ERR_OK)
        err = event_json_parse(event->kind, buffer_bytes(&body), &arena, &row.event);
    if (err == ERR_OK)
        err = append_row(append->service, meeting, append->batch, &row, buffer_bytes(&body));
    if (err == ERR_OK)
        err = fold(&meeting->state, &row);
    if (err == ERR_OK)
        err = append_projection(append->service, meeting, append->batch, &row);
    if (err == ERR_OK)
        err = announce(&append->outputs, 0, &meeting->state, &row, buffer_bytes(&body));
    if (event->kind == EVENT_MEETING_CREATED)
        append->made_id = meeting->state.id;
    if (event->kind == EVENT_DOCUMENT_ADDED)
        append->made_id = event->of.document_added.document_id;
    arena_done(&arena);
    buffer_done(&body);
    return err;
}

/* -- a decision ---------------------------------------------------------------------------------
 */

/* Hands the outputs over, now that their batch has its number. */
static void outputs_move(struct outbox *from, struct outbox *to, uint64_t batch)
{
    for (struct outbox_item *item = from->first; item; item = item->next)
        item->batch = batch;
    if (!from->first)
        return;
    if (to->last)
        to->last->next = from->first;
    else
        to->first = from->first;
    to->last = from->last;
    *from = (struct outbox){0};
}

/* Memory ran out in the middle: what is half folded is read again from disk. */
static struct meeting_receipt append_undo(struct append *append, enum err err)
{
    log_line(LOG_ERROR, "meeting.append", "meeting=%llu err=%s",
             (unsigned long long)append->meeting->state.id, err_name(err));
    store_batch_destroy(append->batch);
    outbox_done(&append->outputs);
    store_wait(append->service->store);
    (void)service_absorb(append->service);
    (void)load_again(append->service, append->meeting);
    if (register_load(append->service) != ERR_OK)
        log_line(LOG_ERROR, "meeting.append", "error=\"the register could not be read\"");
    return receipt_refused(err == ERR_LIMIT ? REFUSAL_TOO_LONG : REFUSAL_BUSY);
}

struct meeting_receipt append_decision(struct meeting_service *service,
                                       struct service_meeting *meeting,
                                       const struct decision *decision, uint64_t actor,
                                       uint64_t ticket, utc_ms_t now)
{
    if (!store_has_room(service->store))
        return receipt_refused(REFUSAL_BUSY);
    struct append append = {service, meeting, store_batch_create(), {0}, 0};
    enum err err = append.batch ? ERR_OK : ERR_NO_MEMORY;
    for (uint32_t i = 0; err == ERR_OK && i < decision->event_count; i++)
        err = append_event(&append, &decision->events[i], actor, now);
    struct meeting_output done = {
        .kind = MEETING_OUTPUT_DONE,
        .meeting = meeting->state.id,
        .ticket = ticket ? ticket : service->next_ticket++,
        .seq = meeting->state.seq,
        .id = append.made_id,
    };
    if (err == ERR_OK)
        err = outbox_put(&append.outputs, 0, &done);
    uint64_t number = 0;
    if (err == ERR_OK) {
        err = store_submit(service->store, append.batch, &number);
        append.batch = NULL;
    }
    if (err != ERR_OK)
        return append_undo(&append, err);
    outputs_move(&append.outputs, &service->outbox, number);
    return (struct meeting_receipt){.ticket = done.ticket, .id = append.made_id};
}

static void end_late(struct meeting_service *service, const struct meeting_output *done)
{
    if (outbox_put(&service->outbox, 0, done) != ERR_OK)
        log_line(LOG_ERROR, "meeting.append", "lost_ticket=%llu", (unsigned long long)done->ticket);
}

void append_late_done(struct meeting_service *service, uint64_t meeting, uint64_t ticket,
                      uint64_t id)
{
    const struct meeting_state *state = meeting_state_of(service, meeting);
    struct meeting_output done = {
        .kind = MEETING_OUTPUT_DONE,
        .meeting = meeting,
        .ticket = ticket,
        .seq = state ? state->seq : 0,
        .id = id,
    };
    end_late(service, &done);
}

void append_late_refusal(struct meeting_service *service, uint64_t meeting, uint64_t ticket,
                         const struct refusal *refusal)
{
    struct meeting_output done = {
        .kind = MEETING_OUTPUT_DONE,
        .meeting = meeting,
        .ticket = ticket,
        .err = refusal->err,
        .refusal = refusal,
    };
    end_late(service, &done);
}

/* -- a command ----------------------------------------------------------------------------------
 */

/* The ids of units.invite, looked up in the directory. */
struct invitations {
    struct invited_unit *units;
    struct invitee *invitees;
    uint32_t invitee_count;
};

static enum capacity capacity_of(uint32_t roles)
{
    if (roles & (1u << ROLE_LEADER | 1u << ROLE_SECRETARY | 1u << ROLE_MEMBER))
        return CAPACITY_MEMBER;
    if (roles & 1u << ROLE_TECHNICIAN)
        return CAPACITY_TECHNICIAN;
    return roles & 1u << ROLE_OBSERVER ? CAPACITY_OBSERVER : CAPACITY_INVITED;
}

static void invite(const struct meeting_service *service, struct invitations *invitations,
                   const struct directory_user *user)
{
    for (uint32_t i = 0; i < invitations->invitee_count; i++)
        if (invitations->invitees[i].user_id == user->id)
            return;
    const struct directory_unit *unit = meeting_unit_find(service, user->unit_id);
    invitations->invitees[invitations->invitee_count++] = (struct invitee){
        .user_id = user->id,
        .name = user->name,
        .position = user->position,
        .unit = unit ? unit->name : "",
        .capacity = capacity_of(user->roles),
    };
}

/* A unit's official: the first of its users who takes part in meetings for it. */
static const struct directory_user *official_of(const struct meeting_service *service,
                                                uint64_t unit_id)
{
    for (uint32_t i = 0; i < service->directory.user_count; i++) {
        const struct directory_user *user = &service->directory.users[i]->user;
        if (user->unit_id == unit_id && user->roles >> ROLE_MEMBER & 1)
            return user;
    }
    return NULL;
}

static enum refusal_id invitations_fill(const struct meeting_service *service,
                                        const struct meeting_command *command,
                                        struct invitations *invitations)
{
    for (uint32_t i = 0; i < command->of.units_invite.unit_count; i++) {
        const struct directory_unit *unit =
            meeting_unit_find(service, command->of.units_invite.unit_ids[i]);
        const struct directory_user *official = unit ? official_of(service, unit->id) : NULL;
        if (!official)
            return REFUSAL_NO_UNIT;
        invitations->units[i] = (struct invited_unit){unit->id, unit->name};
        invite(service, invitations, official);
    }
    for (uint32_t i = 0; i < command->of.units_invite.user_count; i++) {
        const struct directory_user *user =
            meeting_user_find(service, command->of.units_invite.user_ids[i]);
        if (!user)
            return REFUSAL_NO_USER;
        invite(service, invitations, user);
    }
    return REFUSAL_COUNT;
}

struct meeting_receipt append_in_world(struct meeting_service *service,
                                       struct service_meeting *meeting, struct decide_world *world,
                                       const struct meeting_command *command, uint64_t ticket)
{
    struct decision decision;
    struct meeting_receipt receipt = {0};
    decide(&meeting->state, world, command, &decision);
    if (decision.refusal)
        receipt.refusal = decision.refusal;
    else
        receipt = append_decision(service, meeting, &decision, command->actor, ticket, world->now);
    decision_done(&decision);
    return receipt;
}

static struct meeting_receipt append_invitations(struct meeting_service *service,
                                                 struct service_meeting *meeting,
                                                 struct decide_world *world,
                                                 const struct meeting_command *command,
                                                 uint64_t ticket)
{
    uint32_t units = command->of.units_invite.unit_count;
    uint32_t users = command->of.units_invite.user_count;
    if (units > LIMIT_PARTICIPANTS || users > LIMIT_PARTICIPANTS)
        return receipt_refused(REFUSAL_TOO_MANY);
    struct invitations invitations = {
        .units = calloc(units + 1, sizeof invitations.units[0]),
        .invitees = calloc(units + users + 1, sizeof invitations.invitees[0]),
    };
    struct meeting_receipt receipt = receipt_refused(REFUSAL_BUSY);
    if (invitations.units && invitations.invitees) {
        enum refusal_id refused = invitations_fill(service, command, &invitations);
        world->unit_count = units;
        world->units = invitations.units;
        world->invitee_count = invitations.invitee_count;
        world->invitees = invitations.invitees;
        receipt = refused != REFUSAL_COUNT
                      ? receipt_refused(refused)
                      : append_in_world(service, meeting, world, command, ticket);
    }
    free(invitations.units);
    free(invitations.invitees);
    return receipt;
}

struct meeting_receipt append_command(struct meeting_service *service,
                                      const struct meeting_command *command, uint64_t ticket,
                                      utc_ms_t now)
{
    struct service_meeting *meeting = service_meeting_find(service, command->meeting);
    if (!meeting || meeting->state.seq == 0)
        return receipt_refused(REFUSAL_NO_MEETING);
    struct decide_world world = {
        .now = now > meeting->state.last_at ? now : meeting->state.last_at,
        .next_id = &service->next_id,
        .office = meeting_office_of(service, command->actor),
    };
    if (command->action == ACTION_ISSUE_WRITE)
        world.office.clerk = true; /* the server's own hand, once the clerk gave the number */
    if (command->action == ACTION_UNITS_INVITE)
        return append_invitations(service, meeting, &world, command, ticket);
    if (command->action == ACTION_ISSUE_NUMBER || command->action == ACTION_ISSUE_DISTRIBUTE)
        return issue_append(service, meeting, &world, command, ticket);
    return append_in_world(service, meeting, &world, command, ticket);
}
