#include "signaling/edge/issue_json.h"

#include "signaling/edge/json.h"
#include "signaling/edge/meeting_json.h"

/* {"id","number","code"} of another paper of the same meeting; null without one. */
static json_t *other_json(const struct meeting_state *state, uint64_t id)
{
    const struct state_issue *other = id ? state_issue_find(state, id) : NULL;
    if (!other)
        return json_null();
    char number[NUMBER_TEXT_BYTES];
    number_text(other->number, other->type, other->symbol, number);
    return json_pack("{s:o,s:s,s:s}", "id", json_of_id(other->id), "number", number, "code",
                     other->code);
}

static json_t *signer_json(const struct meeting_state *state)
{
    const struct state_participant *chair = &state->participants[0];
    return json_pack("{s:o,s:s,s:s,s:s}", "id", json_of_id(chair->user_id), "name", chair->name,
                     "position", chair->position, "unit", chair->unit);
}

json_t *issue_json(const struct meeting_issue *one)
{
    const struct state_issue *issue = one->issue;
    char number[NUMBER_TEXT_BYTES];
    number_text(issue->number, issue->type, issue->symbol, number);
    return json_pack(
        "{s:o,s:o,s:s,s:s,s:I,s:s,s:s,s:o,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:I}", "id",
        json_of_id(issue->id), "meeting", json_of_id(one->state->id), "number", number, "type",
        words_name(&issue_type_words, issue->type), "year", (json_int_t)issue->year, "title",
        one->state->title, "stage", words_name(&issue_stage_words, issue->stage), "signer",
        signer_json(one->state), "code", issue->code, "sha256", issue->sha256, "numberedAt",
        json_of_time(issue->numbered_at), "sealedAt", json_of_time(issue->sealed_at),
        "distributedAt", json_of_time(issue->distributed_at), "recalledAt",
        json_of_time(issue->recalled_at), "reason", json_of_optional(issue->reason), "replacedBy",
        other_json(one->state, issue->replaced_by), "recipients",
        (json_int_t)issue->recipient_count, "received", (json_int_t)issue->received_count);
}

static json_t *recipients_json(const struct state_issue *issue)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < issue->recipient_count; n++) {
        const struct state_recipient *to = &issue->recipients[n];
        json_array_append_new(list, json_pack("{s:{s:o,s:s},s:o,s:o}", "unit", "id",
                                              json_of_id(to->unit_id), "name", to->name,
                                              "receivedAt", json_of_time(to->received_at),
                                              "recallSeenAt", json_of_time(to->recall_seen_at)));
    }
    return list;
}

/* What `user` may do, by office too; no seal where there is nothing to seal with. */
static json_t *may_json(const struct meeting_service *service, const struct meeting_state *state,
                        uint64_t user)
{
    const struct actor_office office = meeting_office_of(service, user);
    uint64_t may = guard_actions_in_office(state, user, &office);
    may &= ~(UINT64_C(1) << ACTION_ISSUE_WRITE); /* the server's own */
    if (!meeting_can_seal(service))
        may &= ~(UINT64_C(1) << ACTION_ISSUE_SEAL);
    return meeting_json_actions(may);
}

json_t *issue_json_whole(const struct meeting_service *service, const struct meeting_issue *one,
                         uint64_t user)
{
    bool is_now = state_issue_now(one->state) == one->issue;
    return json_pack("{s:o,s:o,s:o}", "issue", issue_json(one), "recipients",
                     recipients_json(one->issue), "may",
                     is_now ? may_json(service, one->state, user) : json_array());
}

json_t *issue_json_incoming(const struct meeting_issue *one, uint64_t unit)
{
    const struct state_recipient *to = state_recipient_find(one->issue, unit);
    return json_pack("{s:o,s:o,s:o}", "issue", issue_json(one), "receivedAt",
                     json_of_time(to ? to->received_at : 0), "recallSeenAt",
                     json_of_time(to ? to->recall_seen_at : 0));
}

json_t *issue_json_waiting(const struct meeting_service *service, const struct meeting_state *state,
                           uint64_t user)
{
    const struct state_issue *issue = state_issue_now(state);
    struct meeting_issue one = {state, issue};
    return json_pack("{s:o,s:s,s:o,s:o,s:o,s:o}", "meeting", json_of_id(state->id), "title",
                     state->title, "signer", signer_json(state), "signedAt",
                     json_of_time(meeting_desk_since(state)), "issue",
                     issue ? issue_json(&one) : json_null(), "may", may_json(service, state, user));
}

json_t *issue_json_standing(const struct meeting_service *service, const struct issued_file *file)
{
    struct meeting_issue one = {0};
    if (!file->issue || meeting_issue_find(service, file->issue, &one) != ERR_OK)
        return json_pack("{s:b,s:n,s:n,s:n,s:n,s:n,s:n}", "inForce", !file->voided, "number",
                         "stage", "distributedAt", "recalledAt", "reason", "replacedBy");
    const struct state_issue *issue = one.issue;
    char number[NUMBER_TEXT_BYTES];
    number_text(issue->number, issue->type, issue->symbol, number);
    return json_pack("{s:b,s:s,s:s,s:o,s:o,s:o,s:o}", "inForce", issue->stage != ISSUE_RECALLED,
                     "number", number, "stage", words_name(&issue_stage_words, issue->stage),
                     "distributedAt", json_of_time(issue->distributed_at), "recalledAt",
                     json_of_time(issue->recalled_at), "reason", json_of_optional(issue->reason),
                     "replacedBy", other_json(one.state, issue->replaced_by));
}
