/* Line tests by REST (docs/protocol.md, Line test): for technicians and administrators alone. */
#include "base/limits.h"
#include "signaling/edge/api.h"
#include "signaling/edge/json.h"
#include "signaling/edge/line_test_room.h"
#include "signaling/edge/media.h"

static bool is_technician(struct request *request)
{
    if (request->user->roles & (1U << ROLE_TECHNICIAN | 1U << ROLE_ADMIN))
        return true;
    reply_refusal(request, DOOR_NOT_TECHNICIAN);
    return false;
}

static json_t *started_json(const struct line_test_room *room)
{
    const struct line_test *test = &room->test;
    return json_pack("{s:o,s:s,s:I,s:I,s:o}", "id", json_of_id(test->id), "token", room->token,
                     "receivers", (json_int_t)test->receivers, "senders", (json_int_t)test->senders,
                     "expiresAt", json_of_time(test->expires_at));
}

void api_line_test_start(struct request *request)
{
    static const char *const MEMBERS[] = {"receivers", "senders", NULL};
    uint64_t receivers = 0, senders = 0;
    json_t *body = NULL;
    if (!is_technician(request) || !api_read_json(request, MEMBERS, &body))
        return;
    enum err err = json_number(body, "receivers", LIMIT_LINE_TEST_RECEIVERS, &receivers);
    if (err == ERR_OK)
        err = json_number(body, "senders", LIMIT_LINE_TEST_SENDERS, &senders);
    json_decref(body);
    if (err != ERR_OK) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return;
    }
    const struct line_test_room *room = NULL;
    enum door_refusal refusal =
        line_test_room_start(request->door->media, (uint32_t)receivers, (uint32_t)senders, &room);
    if (refusal == DOOR_REFUSAL_COUNT)
        reply_json(request, 201, started_json(room));
    else
        reply_refusal(request, refusal);
}

/* NULL: answered. */
static const struct line_test_room *asked_for(struct request *request)
{
    if (!is_technician(request))
        return NULL;
    const struct line_test_room *room =
        line_test_room_find(request->door->media, request->match.id);
    if (!room)
        reply_refusal(request, DOOR_LINE_TEST_UNKNOWN);
    return room;
}

void api_line_test_get(struct request *request)
{
    const struct line_test_room *room = asked_for(request);
    if (!room)
        return;
    const struct line_test *test = &room->test;
    struct line_test_counts counts = line_test_room_counts(request->door->media);
    reply_json(request, 200,
               json_pack("{s:o,s:I,s:I,s:o,s:I,s:I,s:I,s:I}", "id", json_of_id(test->id),
                         "receivers", (json_int_t)test->receivers, "senders",
                         (json_int_t)test->senders, "expiresAt", json_of_time(test->expires_at),
                         "open", (json_int_t)counts.open, "joined", (json_int_t)counts.joined,
                         "connected", (json_int_t)counts.connected, "stage",
                         (json_int_t)test->stage));
}

void api_line_test_end(struct request *request)
{
    if (!asked_for(request))
        return;
    line_test_room_end(request->door->media);
    reply_empty(request, 204);
}
