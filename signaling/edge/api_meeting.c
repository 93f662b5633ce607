#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "signaling/edge/api.h"
#include "signaling/edge/json.h"
#include "signaling/edge/meeting_json.h"

void api_meeting_list(struct request *request)
{
    json_t *list = json_array();
    uint32_t cursor = 0;
    const struct meeting_state *state;
    while ((state = meeting_next_of(request->door->meetings, request->user->id, &cursor)))
        json_array_append_new(list, meeting_json_summary(state, request->user->id));
    reply_json(request, 200, json_pack("{s:o}", "meetings", list));
}

void api_meeting_get(struct request *request)
{
    const struct meeting_state *state = api_meeting_of(request);
    if (state)
        reply_json(request, 200, meeting_json_whole(state, request->user->id));
}

/* What the meeting's own parser found wrong. */
static void refuse_json(struct request *request, enum err err)
{
    switch ((int)err) {
    case ERR_LIMIT:
        reply_refusal_as(request, refusal_of(REFUSAL_TOO_LONG));
        break;
    case ERR_UNKNOWN:
        reply_refusal(request, DOOR_UNKNOWN_MEMBER);
        break;
    case ERR_FORBIDDEN:
        reply_refusal(request, DOOR_UNKNOWN_KIND);
        break;
    case ERR_NO_MEMORY:
        reply_refusal(request, DOOR_BUSY);
        break;
    default:
        reply_refusal(request, DOOR_BAD_REQUEST);
        break;
    }
}

static void on_created(struct request *request, const struct meeting_output *output)
{
    if (reply_failed_output(request, output))
        return;
    const struct meeting_state *state = meeting_state_of(request->door->meetings, output->id);
    if (state)
        reply_json(request, 201, meeting_json_whole(state, request->user->id));
    else
        reply_refusal(request, DOOR_BROKEN);
}

void api_meeting_create(struct request *request)
{
    json_t *body = NULL;
    if (!api_read_json(request, NULL, &body)) /* well-formed and not too deep */
        return;
    json_decref(body);
    struct arena arena = {0};
    struct meeting_plan plan;
    enum err err = command_json_parse_plan(buffer_bytes(&request->body), &arena, &plan, NULL);
    if (err == ERR_OK) {
        plan.actor = request->user->id;
        struct meeting_receipt receipt =
            meeting_create(request->door->meetings, &plan, clock_utc_ms());
        request_await(request, &receipt, on_created);
    } else {
        refuse_json(request, err);
    }
    arena_done(&arena);
}

static void on_committed(struct request *request, const struct meeting_output *output)
{
    if (!reply_failed_output(request, output))
        reply_json(request, 200, json_pack("{s:I}", "seq", (json_int_t)output->seq));
}

/* Clerk and recipients act on the paper of a meeting that is otherwise none of theirs. */
static bool command_concerns(struct request *request, const struct meeting_command *command)
{
    switch ((int)command->action) {
    case ACTION_ISSUE_NUMBER:
    case ACTION_ISSUE_DISTRIBUTE:
    case ACTION_ISSUE_RECALL:
        return api_paper_of(request) != NULL;
    case ACTION_ISSUE_RECEIVE:
        return meeting_is_recipient(request->door->meetings, request->match.id,
                                    request->user->id) ||
               api_paper_of(request) != NULL;
    default:
        return api_meeting_of(request) != NULL;
    }
}

void api_meeting_command(struct request *request)
{
    json_t *body = NULL;
    if (!api_read_json(request, NULL, &body))
        return;
    json_decref(body);
    struct arena arena = {0};
    struct meeting_command command;
    enum err err = command_json_parse(buffer_bytes(&request->body), &arena, &command, NULL);
    if (err == ERR_OK && !command_concerns(request, &command)) {
        arena_done(&arena); /* answered */
        return;
    }
    if (err == ERR_OK) {
        command.meeting = request->match.id;
        command.actor = request->user->id;
        struct meeting_receipt receipt =
            meeting_submit(request->door->meetings, &command, clock_utc_ms());
        request_await(request, &receipt, on_committed);
    } else {
        refuse_json(request, err);
    }
    arena_done(&arena);
}

void api_meeting_events(struct request *request)
{
    uint64_t after = 0, last = 0;
    if (!api_meeting_of(request))
        return;
    if (request_argument_number(request, "after", 0, &after) != ERR_OK) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return;
    }
    struct buffer text = {0};
    enum err err = buffer_put(&text, bytes_of("{\"events\":"));
    if (err == ERR_OK)
        err = meeting_events_read(request->door->meetings, request->match.id, after,
                                  MEETING_EVENTS_PAGE, &text, &last);
    char tail[48];
    if (err == ERR_OK) {
        snprintf(tail, sizeof tail, ",\"seq\":%llu}", (unsigned long long)last);
        err = buffer_put(&text, bytes_of(tail));
    }
    if (err == ERR_OK)
        reply_text(request, 200, "application/json", &text);
    else
        reply_refusal(request, DOOR_BROKEN);
    buffer_done(&text);
}

static bool roll_who(const struct request *request, struct meeting_roll_query *query)
{
    const char *present = request_argument(request, "present");
    if (!present)
        query->who = MEETING_ROLL_ALL;
    else if (strcmp(present, "true") == 0)
        query->who = MEETING_ROLL_PRESENT;
    else if (strcmp(present, "false") == 0)
        query->who = MEETING_ROLL_ABSENT;
    else
        return false;
    return true;
}

void api_meeting_participants(struct request *request)
{
    struct meeting_roll_query query;
    uint32_t limit;
    const struct meeting_state *state = api_meeting_of(request);
    if (!state || !api_read_page(request, &query.text, &query.after, &limit))
        return;
    if (!roll_who(request, &query)) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return;
    }
    const struct state_participant *found[API_PAGE_MAX];
    uint32_t count = meeting_roll(state, &query, limit, found);
    json_t *list = json_array();
    for (uint32_t n = 0; n < count; n++)
        json_array_append_new(list, meeting_json_participant(found[n]));
    json_t *next = json_of_id(count == limit ? found[count - 1]->id : 0);
    reply_json(request, 200, json_pack("{s:o,s:o}", "participants", list, "next", next));
}

void api_meeting_units(struct request *request)
{
    const struct meeting_state *state = api_meeting_of(request);
    if (state)
        reply_json(request, 200, json_pack("{s:o}", "units", meeting_json_units(state)));
}
