/* What the door reads: states, lists, events and files. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "meeting/core/search_fold.h"
#include "meeting/edge/service.h"

const struct meeting_state *meeting_state_of(const struct meeting_service *service,
                                             uint64_t meeting)
{
    const struct service_meeting *found = service_meeting_find(service, meeting);
    return found && found->state.seq > 0 ? &found->state : NULL;
}

/* Chair and secretary see their meeting from the first draft, the others once they are invited. */
static bool state_is_visible(const struct meeting_state *state, uint64_t user)
{
    const struct state_participant *participant = state_user_find(state, user);
    if (!participant)
        return false;
    return participant < state->participants + 2 || state->phase >= PHASE_INVITED;
}

bool meeting_is_visible(const struct meeting_service *service, uint64_t meeting, uint64_t user)
{
    const struct meeting_state *state = meeting_state_of(service, meeting);
    return state && state_is_visible(state, user);
}

const struct meeting_state *meeting_next_of(const struct meeting_service *service, uint64_t user,
                                            uint32_t *cursor)
{
    while (*cursor < service->meeting_count) {
        const struct meeting_state *state = &service->by_start[(*cursor)++]->state;
        if (state->seq > 0 && state_is_visible(state, user))
            return state;
    }
    return NULL;
}

/* -- events -------------------------------------------------------------------------------------
 */

/* The body as clients may see it: a ballot's choice is nobody's business while its vote is open. */
static enum err body_write(const struct meeting_state *state, struct bytes kind, struct bytes body,
                           struct buffer *json)
{
    uint32_t known;
    enum err err = words_find(&event_kind_words, kind, &known);
    if (err != ERR_OK || known != EVENT_VOTE_CAST)
        return err == ERR_OK ? buffer_put(json, body) : err;
    struct arena arena = {0};
    struct meeting_event event;
    err = event_json_parse(EVENT_VOTE_CAST, body, &arena, &event);
    arena_done(&arena);
    if (err != ERR_OK)
        return err;
    const struct state_vote *vote = state_vote_find(state, event.of.vote_cast.vote_id);
    if (vote && vote->phase == VOTE_CLOSED)
        return buffer_put(json, body);
    return event_json_write_secretly(body, json);
}

static enum err event_write(const struct meeting_state *state, const struct store_query *query,
                            struct buffer *json)
{
    char head[160];
    struct bytes kind = query_bytes(query, 3);
    long long actor = query_int(query, 2);
    char who[32] = "null";
    if (actor)
        snprintf(who, sizeof who, "\"%lld\"", actor);
    snprintf(head, sizeof head,
             "{\"seq\":%lld,\"at\":%lld,\"actor\":%s,\"kind\":\"%.*s\",\"body\":",
             (long long)query_int(query, 0), (long long)query_int(query, 1), who, (int)kind.size,
             kind.size ? (const char *)kind.data : "");
    enum err err = buffer_put(json, bytes_of(head));
    if (err == ERR_OK)
        err = body_write(state, kind, query_bytes(query, 4), json);
    return err == ERR_OK ? buffer_put(json, bytes_of("}")) : err;
}

enum err meeting_events_read(struct meeting_service *service, uint64_t meeting, uint64_t after,
                             uint32_t limit, struct buffer *json, uint64_t *ret_last)
{
    const struct meeting_state *state = meeting_state_of(service, meeting);
    if (!state)
        return ERR_UNKNOWN;
    if (after > INT64_MAX - MEETING_EVENTS_PAGE)
        after = INT64_MAX - MEETING_EVENTS_PAGE;
    if (limit > MEETING_EVENTS_PAGE)
        limit = MEETING_EVENTS_PAGE;
    struct store_query *query = query_begin(service->store, STATEMENT_EVENT_LIST);
    query_bind_int(query, (int64_t)meeting);
    query_bind_int(query, (int64_t)after);
    query_bind_int(query, (int64_t)(after + limit));
    uint64_t last = after;
    enum err err = buffer_put(json, bytes_of("["));
    enum err step = ERR_AGAIN;
    while (err == ERR_OK && (step = query_step(query)) == ERR_OK) {
        if (last != after)
            err = buffer_put(json, bytes_of(","));
        if (err == ERR_OK)
            err = event_write(state, query, json);
        last = (uint64_t)query_int(query, 0);
    }
    query_end(query);
    if (err == ERR_OK && step != ERR_AGAIN)
        err = step;
    if (err == ERR_OK)
        err = buffer_put(json, bytes_of("]"));
    if (err == ERR_OK)
        *ret_last = last;
    return err;
}

/* -- the roll -----------------------------------------------------------------------------------
 */

static bool text_has(const char *text, const struct buffer *wanted, struct buffer *scratch)
{
    scratch->size = 0;
    return search_fold(bytes_of(text), scratch) == ERR_OK && scratch->size >= wanted->size &&
           memmem(scratch->data, scratch->size, wanted->data, wanted->size);
}

static bool roll_takes(const struct state_participant *one, const struct meeting_roll_query *query,
                       const struct buffer *wanted, struct buffer *scratch)
{
    if (query->who != MEETING_ROLL_ALL && one->present != (query->who == MEETING_ROLL_PRESENT))
        return false;
    return wanted->size == 0 || text_has(one->name, wanted, scratch) ||
           text_has(one->position, wanted, scratch) || text_has(one->unit, wanted, scratch);
}

uint32_t meeting_roll(const struct meeting_state *state, const struct meeting_roll_query *query,
                      uint32_t capacity, const struct state_participant **ret_participants)
{
    struct buffer wanted = {0}, scratch = {0};
    const struct state_participant *last =
        query->after ? state_participant_find(state, query->after) : NULL;
    uint32_t at = last ? (uint32_t)(last - state->participants) + 1 : 0;
    uint32_t count = 0;
    if (search_fold(query->text, &wanted) != ERR_OK)
        capacity = 0;
    for (; at < state->participant_count && count < capacity; at++)
        if (roll_takes(&state->participants[at], query, &wanted, &scratch))
            ret_participants[count++] = &state->participants[at];
    buffer_done(&wanted);
    buffer_done(&scratch);
    return count;
}

/* -- files --------------------------------------------------------------------------------------
 */

enum err meeting_document_find(const struct meeting_service *service, uint64_t id,
                               uint64_t *ret_meeting, const struct state_document **ret_document)
{
    for (uint32_t i = 0; i < service->meeting_count; i++) {
        const struct meeting_state *state = &service->meetings[i]->state;
        const struct state_document *document = state_document_find(state, id);
        if (document) {
            *ret_meeting = state->id;
            *ret_document = document;
            return ERR_OK;
        }
    }
    return ERR_UNKNOWN;
}

enum err meeting_file_path(const struct meeting_service *service, const char *sha256,
                           char ret_path[MEETING_PATH_BYTES])
{
    if (strlen(sha256) != HASH_HEX_BYTES - 1 ||
        strspn(sha256, "0123456789abcdef") != HASH_HEX_BYTES - 1)
        return ERR_UNKNOWN;
    int size =
        snprintf(ret_path, MEETING_PATH_BYTES, "%s/documents/%s", service->data_folder, sha256);
    return size < MEETING_PATH_BYTES ? ERR_OK : ERR_LIMIT;
}
