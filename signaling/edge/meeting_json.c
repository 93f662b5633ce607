#include "signaling/edge/meeting_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/text.h"
#include "signaling/edge/json.h"

enum {
    CONVENERS = 2, /* chair and secretary stand first */
    QUEUE_MAX = 50,
    NAMED_MAX = 1 + CONVENERS + 3 + QUEUE_MAX + LIMIT_AGENDA_ITEMS,
};

static json_t *person_json(const struct state_participant *person)
{
    return json_pack("{s:o,s:s,s:s,s:s}", "id", json_of_id(person->user_id), "name", person->name,
                     "position", person->position, "unit", person->unit);
}

static const char *word(const struct word_list *list, uint32_t value)
{
    return words_name(list, value);
}

json_t *meeting_json_actions(uint64_t actions)
{
    json_t *list = json_array();
    for (uint32_t action = 0; action < ACTION_COUNT; action++)
        if (actions & (UINT64_C(1) << action))
            json_array_append_new(list, json_string(word(&action_words, action)));
    return list;
}

/* -- the parts of a Meeting ------------------------------------------------------------------- */

static json_t *agenda_json(const struct meeting_state *state)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < state->agenda_count; n++) {
        const struct state_agenda_item *item = &state->agenda[n];
        json_array_append_new(list, json_pack("{s:o,s:s,s:o,s:I,s:o,s:o}", "id",
                                              json_of_id(item->id), "title", item->title,
                                              "presenterId", json_of_id(item->presenter_id),
                                              "plannedMinutes", (json_int_t)item->planned_minutes,
                                              "startedAt", json_of_time(item->started_at),
                                              "endedAt", json_of_time(item->ended_at)));
    }
    return list;
}

json_t *meeting_json_document(const struct state_document *document)
{
    return json_pack("{s:o,s:s,s:I,s:I,s:s,s:o}", "id", json_of_id(document->id), "title",
                     document->title, "pages", (json_int_t)document->pages, "size",
                     (json_int_t)document->size_bytes, "sha256", document->sha256, "agendaId",
                     json_of_id(document->agenda_id));
}

static json_t *documents_json(const struct meeting_state *state)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < state->document_count; n++)
        json_array_append_new(list, meeting_json_document(&state->documents[n]));
    return list;
}

json_t *meeting_json_units(const struct meeting_state *state)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < state->unit_count; n++)
        json_array_append_new(list, json_pack("{s:o,s:s}", "id", json_of_id(state->units[n].id),
                                              "name", state->units[n].name));
    return list;
}

static json_t *spans_json(const struct state_participant *participant)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < participant->span_count; n++)
        json_array_append_new(list, json_pack("{s:o,s:o}", "inAt",
                                              json_of_time(participant->spans[n].in_at), "outAt",
                                              json_of_time(participant->spans[n].out_at)));
    return list;
}

json_t *meeting_json_participant(const struct state_participant *one)
{
    return json_pack("{s:o,s:I,s:o,s:s,s:s,s:s,s:s,s:b,s:b,s:o}", "id", json_of_id(one->id),
                     "source", (json_int_t)one->source, "userId", json_of_id(one->user_id), "name",
                     one->name, "position", one->position, "unit", one->unit, "capacity",
                     word(&capacity_words, one->capacity), "vote", one->vote, "present",
                     one->present, "spans", spans_json(one));
}

/* Each once, in the order in which they are named. */
struct named {
    uint32_t count;
    uint64_t ids[NAMED_MAX];
    json_t *list;
};

static void name(struct named *named, const struct meeting_state *state, uint64_t participant)
{
    const struct state_participant *one =
        participant ? state_participant_find(state, participant) : NULL;
    for (uint32_t n = 0; n < named->count && one; n++)
        if (named->ids[n] == participant)
            one = NULL;
    if (!one || named->count == NAMED_MAX)
        return;
    named->ids[named->count++] = participant;
    json_array_append_new(named->list, meeting_json_participant(one));
}

/* Whom the rest of the snapshot names: not everybody, so that a join costs the same in a meeting of
 * 3,400. The others are asked for page by page. */
static json_t *participants_json(const struct meeting_state *state,
                                 const struct state_participant *me)
{
    struct named named = {.list = json_array()};
    if (me)
        name(&named, state, me->id);
    for (uint32_t n = 0; n < state->participant_count && n < CONVENERS; n++)
        name(&named, state, state->participants[n].id);
    name(&named, state, state->floor_holder);
    name(&named, state, state->stage);
    name(&named, state, state->presented_by);
    for (uint32_t n = 0; n < state->request_count && n < QUEUE_MAX; n++)
        name(&named, state, state->requests[n].participant_id);
    for (uint32_t n = 0; n < state->agenda_count; n++)
        name(&named, state, state->agenda[n].presenter_id);
    return named.list;
}

static json_t *counts_json(const struct meeting_state *state)
{
    return json_pack("{s:I,s:I,s:I}", "invited", (json_int_t)state->participant_count, "present",
                     (json_int_t)state->present_count, "units", (json_int_t)state->unit_count);
}

/* The first of the queue, and the viewer's own place however far behind. */
static json_t *queue_json(const struct meeting_state *state, const struct state_participant *me)
{
    json_t *queue = json_array();
    for (uint32_t n = 0; n < state->request_count; n++) {
        const struct state_request *one = &state->requests[n];
        bool is_mine = me && one->participant_id == me->id;
        if (n < QUEUE_MAX || is_mine)
            json_array_append_new(queue, json_pack("{s:o,s:o}", "participantId",
                                                   json_of_id(one->participant_id), "requestedAt",
                                                   json_of_time(one->at)));
    }
    return queue;
}

static json_t *floor_json(const struct meeting_state *state, const struct state_participant *me)
{
    return json_pack("{s:o,s:o}", "holder", json_of_id(state->floor_holder), "queue",
                     queue_json(state, me));
}

static json_t *presented_json(const struct meeting_state *state)
{
    if (state->presented_document == 0)
        return json_null();
    return json_pack("{s:o,s:I,s:o,s:I}", "documentId", json_of_id(state->presented_document),
                     "page", (json_int_t)state->presented_page, "by",
                     json_of_id(state->presented_by), "number",
                     (json_int_t)state->presented_number);
}

static json_t *count_json(const struct state_vote *vote, enum choice choice)
{
    return vote->phase == VOTE_CLOSED ? json_integer((json_int_t)vote->tally[choice]) : json_null();
}

static json_t *mine_json(const struct meeting_state *state, const struct state_vote *vote,
                         const struct state_participant *me)
{
    switch (me ? state_vote_ballot(state, vote, me->id) : BALLOT_NONE) {
    case BALLOT_AGREE:
        return json_string(word(&choice_words, CHOICE_AGREE));
    case BALLOT_DISAGREE:
        return json_string(word(&choice_words, CHOICE_DISAGREE));
    case BALLOT_ABSTAIN:
        return json_string(word(&choice_words, CHOICE_ABSTAIN));
    case BALLOT_NONE:
    case BALLOT_DUE:
        break;
    }
    return json_null();
}

static json_t *votes_json(const struct meeting_state *state, const struct state_participant *me)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < state->vote_count; n++) {
        const struct state_vote *vote = &state->votes[n];
        json_array_append_new(
            list,
            json_pack("{s:o,s:s,s:s,s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "id", json_of_id(vote->id),
                      "question", vote->question, "state", word(&vote_phase_words, vote->phase),
                      "eligible", (json_int_t)vote->eligible, "cast", (json_int_t)vote->cast,
                      "agree", count_json(vote, CHOICE_AGREE), "disagree",
                      count_json(vote, CHOICE_DISAGREE), "abstain",
                      count_json(vote, CHOICE_ABSTAIN), "mine", mine_json(state, vote, me),
                      "openedAt", json_of_time(vote->opened_at), "closedAt",
                      json_of_time(vote->closed_at)));
    }
    return list;
}

static json_t *conclusions_json(const struct meeting_state *state)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < state->conclusion_count; n++)
        json_array_append_new(list,
                              json_pack("{s:o,s:s,s:o}", "id", json_of_id(state->conclusions[n].id),
                                        "text", state->conclusions[n].text, "at",
                                        json_of_time(state->conclusions[n].at)));
    return list;
}

static json_t *locker_json(const struct meeting_state *state)
{
    const struct state_participant *locker =
        state->minutes.locked_by ? state_user_find(state, state->minutes.locked_by) : NULL;
    return locker ? person_json(locker) : json_null();
}

static json_t *minutes_head_json(const struct meeting_state *state)
{
    const struct state_minutes *minutes = &state->minutes;
    return json_pack("{s:s,s:I,s:o,s:o,s:o}", "state", word(&minutes_stage_words, minutes->stage),
                     "revision", (json_int_t)minutes->revision, "lockedBy", locker_json(state),
                     "code", json_of_optional(minutes->code), "sha256",
                     json_of_optional(minutes->sha256));
}

static json_t *you_json(const struct meeting_state *state, uint64_t user,
                        const struct state_participant *me)
{
    return json_pack("{s:o,s:o,s:o}", "participantId", json_of_id(me ? me->id : 0), "capacity",
                     me ? json_string(word(&capacity_words, me->capacity)) : json_null(), "may",
                     meeting_json_actions(guard_actions(state, user)));
}

json_t *meeting_json_whole(const struct meeting_state *state, uint64_t user)
{
    const struct state_participant *me = state_user_find(state, user);
    json_t *json = json_pack(
        "{s:o,s:s,s:I,s:s,s:s,s:o,s:o,s:s,s:o,s:o,s:o,s:o}", "id", json_of_id(state->id), "code",
        state->code, "seq", (json_int_t)state->seq, "title", state->title, "state",
        word(&phase_words, state->phase), "startAt", json_of_time(state->start_at), "endAt",
        json_of_time(state->end_at), "place", state->place, "startedAt",
        json_of_time(state->started_at), "endedAt", json_of_time(state->ended_at), "chair",
        person_json(&state->participants[0]), "secretary", person_json(&state->participants[1]));
    if (!json)
        return NULL;
    json_object_set_new(json, "reason", json_of_optional(state->reason));
    json_object_set_new(json, "agenda", agenda_json(state));
    json_object_set_new(json, "documents", documents_json(state));
    json_object_set_new(json, "counts", counts_json(state));
    json_object_set_new(json, "participants", participants_json(state, me));
    json_object_set_new(json, "floor", floor_json(state, me));
    json_object_set_new(json, "stage", json_of_id(state->stage));
    json_object_set_new(json, "presented", presented_json(state));
    json_object_set_new(json, "votes", votes_json(state, me));
    json_object_set_new(json, "conclusions", conclusions_json(state));
    json_object_set_new(json, "minutes", minutes_head_json(state));
    json_object_set_new(json, "you", you_json(state, user, me));
    return json;
}

json_t *meeting_json_summary(const struct meeting_state *state, uint64_t user)
{
    const struct state_participant *me = state_user_find(state, user);
    uint64_t actions = guard_actions(state, user);
    return json_pack(
        "{s:o,s:s,s:s,s:s,s:o,s:o,s:s,s:o,s:s,s:b,s:o}", "id", json_of_id(state->id), "code",
        state->code, "title", state->title, "state", word(&phase_words, state->phase), "startAt",
        json_of_time(state->start_at), "endAt", json_of_time(state->end_at), "place", state->place,
        "chair", person_json(&state->participants[0]), "capacity",
        word(&capacity_words, me ? me->capacity : CAPACITY_OBSERVER), "toSign",
        (int)((actions >> ACTION_MINUTES_SIGN) & 1), "may", meeting_json_actions(actions));
}

/* -- minutes ---------------------------------------------------------------------------------- */

static json_t *block_json(const struct minutes_block *block)
{
    json_t *runs = json_array();
    for (uint32_t n = 0; n < block->run_count; n++) {
        json_t *run = json_pack("{s:s}", "text", block->runs[n].text);
        if (block->runs[n].bold)
            json_object_set_new(run, "bold", json_true());
        if (block->runs[n].italic)
            json_object_set_new(run, "italic", json_true());
        json_array_append_new(runs, run);
    }
    return json_pack("{s:s,s:o}", "type", word(&block_type_words, block->type), "runs", runs);
}

static json_t *signatures_json(const struct meeting_state *state)
{
    json_t *list = json_array();
    for (uint32_t field = 0; field < MINUTES_FIELD_COUNT; field++) {
        const struct state_signature *one = &state->minutes.signatures[field];
        const struct state_participant *signer =
            one->made ? state_user_find(state, one->user_id) : NULL;
        if (signer)
            json_array_append_new(list, json_pack("{s:s,s:s,s:o}", "field",
                                                  word(&minutes_field_words, field), "name",
                                                  signer->name, "at", json_of_time(one->at)));
    }
    return list;
}

json_t *meeting_json_minutes(const struct meeting_state *state, enum meeting_keeping keeping)
{
    static const char *const keepings[] = {[MEETING_KEEPING_NONE] = "none",
                                           [MEETING_KEEPING_PENDING] = "pending",
                                           [MEETING_KEEPING_KEPT] = "kept"};
    struct arena arena = {0};
    struct minutes text;
    if (minutes_text(state, &arena, &text) != ERR_OK) {
        arena_done(&arena);
        return NULL;
    }
    json_t *blocks = json_array();
    for (uint32_t n = 0; n < text.block_count; n++)
        json_array_append_new(blocks, block_json(&text.blocks[n]));
    arena_done(&arena);
    const struct state_minutes *minutes = &state->minutes;
    return json_pack("{s:s,s:s,s:I,s:o,s:o,s:o,s:{s:b},s:o,s:o}", "keeping", keepings[keeping],
                     "state", word(&minutes_stage_words, minutes->stage), "revision",
                     (json_int_t)minutes->revision, "blocks", blocks, "lockedBy",
                     locker_json(state), "savedAt", json_of_time(minutes->saved_at), "files", "pdf",
                     minutes->sha256[0] != 0, "code", json_of_optional(minutes->code), "signatures",
                     signatures_json(state));
}

/* -- events ----------------------------------------------------------------------------------- */

uint64_t meeting_json_participant_of(const struct meeting_output *event)
{
    uint64_t participant = 0;
    const char *member = event->event_kind == EVENT_DOCUMENT_PRESENTED ? "by" : "participantId";
    json_t *body = json_loadb((const char *)event->body.data, event->body.size, 0, NULL);
    const char *id = json_string_value(json_object_get(body, member));
    if (id && id_parse(bytes_of(id), &participant) != ERR_OK)
        participant = 0;
    json_decref(body);
    return participant;
}

/* Clients do not know everybody: who comes to be seen is described along with the event. */
static json_t *newly_seen_json(const struct meeting_output *event,
                               const struct meeting_state *state)
{
    switch ((int)event->event_kind) {
    case EVENT_FLOOR_REQUESTED:
    case EVENT_FLOOR_GRANTED:
    case EVENT_STAGE_SET:
    case EVENT_DOCUMENT_PRESENTED:
        break;
    default:
        return NULL;
    }
    uint64_t id = meeting_json_participant_of(event);
    const struct state_participant *one = state && id ? state_participant_find(state, id) : NULL;
    return one ? meeting_json_participant(one) : NULL;
}

static enum err newly_seen_put(const struct meeting_output *event,
                               const struct meeting_state *state, struct buffer *text)
{
    json_t *json = newly_seen_json(event, state);
    char *written = json ? json_write(json) : NULL;
    enum err err = ERR_OK;
    if (written)
        err = buffer_put(text, bytes_of(",\"participant\":"));
    if (written && err == ERR_OK)
        err = buffer_put(text, bytes_of(written));
    free(written);
    json_decref(json);
    return err;
}

enum err meeting_json_event(const struct meeting_output *event, const struct meeting_state *state,
                            struct buffer *text)
{
    char head[256], actor[32] = "null";
    if (event->actor)
        snprintf(actor, sizeof actor, "\"%" PRIu64 "\"", event->actor);
    int size = snprintf(head, sizeof head,
                        "{\"type\":\"event\",\"seq\":%" PRIu64 ",\"at\":%" PRId64
                        ",\"actor\":%s,\"kind\":\"%s\",\"body\":",
                        event->seq, event->at, actor,
                        word(&event_kind_words, (uint32_t)event->event_kind));
    enum err err = buffer_put(text, (struct bytes){(const uint8_t *)head, (size_t)size});
    if (err == ERR_OK)
        err = buffer_put(text, event->body);
    if (err == ERR_OK)
        err = newly_seen_put(event, state, text);
    if (err == ERR_OK)
        err = buffer_put(text, bytes_of("}"));
    return err;
}

static json_t *open_votes_json(const struct meeting_state *state)
{
    json_t *list = json_array();
    for (uint32_t n = 0; n < state->vote_count; n++)
        if (state->votes[n].phase == VOTE_OPEN)
            json_array_append_new(list, json_pack("{s:o,s:I}", "id", json_of_id(state->votes[n].id),
                                                  "cast", (json_int_t)state->votes[n].cast));
    return list;
}

static json_t *crowd_names_json(const struct meeting_state *state, const struct crowd *crowd)
{
    if (crowd->is_many)
        return json_null();
    json_t *list = json_array();
    for (uint32_t n = 0; n < crowd->named_count; n++) {
        const struct state_participant *one = state_participant_find(state, crowd->named[n]);
        if (one)
            json_array_append_new(list, meeting_json_participant(one));
    }
    return list;
}

json_t *meeting_json_crowd(const struct meeting_state *state, const struct crowd *crowd)
{
    return json_pack("{s:s,s:I,s:I,s:I,s:o,s:o,s:I,s:o,s:o}", "type", "crowd", "from",
                     (json_int_t)crowd->from, "seq", (json_int_t)crowd->to, "present",
                     (json_int_t)state->present_count, "stage", json_of_id(state->stage), "holder",
                     json_of_id(state->floor_holder), "queue", (json_int_t)state->request_count,
                     "votes", open_votes_json(state), "participants",
                     crowd_names_json(state, crowd));
}
