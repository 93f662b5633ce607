/* The clerk's desk, the register of outgoing papers, and the papers that a unit receives. */
#include <string.h>

#include "base/clock.h"
#include "signaling/edge/api.h"
#include "signaling/edge/issue_json.h"
#include "signaling/edge/json.h"

enum { DESK_MAX = 500, INCOMING_MAX = 200, YEARS_MAX = 64 };

/* False: not the clerk of the issuing body, and answered. */
static bool is_clerk(struct request *request)
{
    if (meeting_office_of(request->door->meetings, request->user->id).clerk)
        return true;
    reply_refusal_as(request, refusal_of(REFUSAL_NO_RIGHT));
    return false;
}

void api_issue_desk(struct request *request)
{
    const struct meeting_service *meetings = request->door->meetings;
    const struct meeting_state *state;
    struct meeting_issue one;
    uint32_t cursor = 0;
    if (!is_clerk(request))
        return;
    json_t *waiting = json_array(), *overdue = json_array();
    while (json_array_size(waiting) < DESK_MAX && (state = meeting_desk_next(meetings, &cursor)))
        json_array_append_new(waiting, issue_json_waiting(meetings, state, request->user->id));
    cursor = 0;
    while (json_array_size(overdue) < DESK_MAX &&
           meeting_overdue_next(meetings, clock_utc_ms(), &cursor, &one))
        json_array_append_new(overdue, issue_json(&one));
    reply_json(request, 200, json_pack("{s:o,s:o}", "waiting", waiting, "overdue", overdue));
}

void api_issue_incoming(struct request *request)
{
    const struct meeting_service *meetings = request->door->meetings;
    const struct actor_office office = meeting_office_of(meetings, request->user->id);
    struct meeting_issue one;
    uint32_t cursor = 0;
    json_t *list = json_array();
    while (office.receives && json_array_size(list) < INCOMING_MAX &&
           meeting_incoming_next(meetings, office.unit_id, &cursor, &one))
        json_array_append_new(list, issue_json_incoming(&one, office.unit_id));
    reply_json(request, 200, json_pack("{s:o}", "issues", list));
}

/* False: answered. */
static bool read_register_query(struct request *request, struct meeting_register_query *query,
                                uint32_t *ret_limit)
{
    uint64_t year = 0, number = 0;
    uint32_t type = ISSUE_TYPE_COUNT;
    const char *type_word = request_argument(request, "type");
    if (!api_read_page(request, &query->text, &query->after, ret_limit))
        return false;
    if (request_argument_number(request, "year", 0, &year) != ERR_OK || year > LIMIT_YEAR ||
        request_argument_number(request, "number", 0, &number) != ERR_OK || number > UINT32_MAX ||
        (type_word && *type_word &&
         words_find(&issue_type_words, bytes_of(type_word), &type) != ERR_OK)) {
        reply_refusal(request, DOOR_BAD_REQUEST);
        return false;
    }
    query->year = (uint32_t)year;
    query->number = (uint32_t)number;
    query->type = (enum issue_type)type;
    return true;
}

void api_issue_register(struct request *request)
{
    const struct meeting_service *meetings = request->door->meetings;
    struct meeting_register_query query;
    uint32_t limit, years[YEARS_MAX];
    if (!is_clerk(request) || !read_register_query(request, &query, &limit))
        return;
    struct meeting_issue found[API_PAGE_MAX];
    uint32_t count = meeting_register(meetings, &query, limit, found);
    json_t *issues = json_array(), *year_list = json_array();
    for (uint32_t n = 0; n < count; n++)
        json_array_append_new(issues, issue_json(&found[n]));
    uint32_t year_count = meeting_register_years(meetings, YEARS_MAX, years);
    for (uint32_t n = 0; n < year_count; n++)
        json_array_append_new(year_list, json_integer((json_int_t)years[n]));
    json_t *next = json_of_id(count == limit ? found[count - 1].issue->id : 0);
    reply_json(request, 200,
               json_pack("{s:o,s:o,s:o}", "issues", issues, "years", year_list, "next", next));
}

/* The paper of the path if the caller may read it; false: answered. */
static bool issue_of(struct request *request, struct meeting_issue *ret_issue)
{
    const struct meeting_service *meetings = request->door->meetings;
    if (meeting_issue_find(meetings, request->match.id, ret_issue) == ERR_OK &&
        meeting_issue_is_visible(meetings, ret_issue, request->user->id))
        return true;
    reply_refusal_as(request, refusal_of(REFUSAL_NO_ISSUE));
    return false;
}

void api_issue_get(struct request *request)
{
    struct meeting_issue one;
    if (issue_of(request, &one))
        reply_json(request, 200,
                   issue_json_whole(request->door->meetings, &one, request->user->id));
}

void api_issue_file(struct request *request)
{
    struct meeting_issue one;
    char path[MEETING_PATH_BYTES];
    if (!issue_of(request, &one))
        return;
    char sha256[sizeof one.issue->sha256];
    memcpy(sha256, one.issue->sha256, sizeof sha256);
    if (meeting_file_path(request->door->meetings, sha256, path) != ERR_OK)
        reply_refusal_as(request, refusal_of(REFUSAL_FILE_LOST));
    else
        reply_file(request, path, "application/pdf", sha256);
}

/* -- the seal --------------------------------------------------------------------------------- */

static void on_sealed(struct request *request, const struct meeting_output *output)
{
    if (!reply_failed_output(request, output))
        reply_json(request, 200, json_pack("{s:I}", "seq", (json_int_t)output->seq));
}

/* The PIN goes to the device and is wiped from the request's own memory. */
void api_issue_seal(struct request *request)
{
    static const char *const MEMBERS[] = {"pin", NULL};
    struct meeting_issue one;
    const char *pin = NULL;
    json_t *body = NULL;
    if (!issue_of(request, &one) || !api_read_json(request, MEMBERS, &body))
        return;
    if (json_text(body, "pin", &pin) != ERR_OK) {
        reply_refusal(request, DOOR_BAD_REQUEST);
    } else if (state_issue_now(one.state) != one.issue) {
        reply_refusal_as(request, refusal_of(REFUSAL_ISSUE_RECALLED));
    } else {
        struct meeting_receipt receipt =
            meeting_issue_seal(request->door->meetings, one.state->id, request->user->id,
                               bytes_of(pin), clock_utc_ms());
        request_await(request, &receipt, on_sealed);
    }
    /* jansson keeps the text in memory of its own, which it does not wipe. */
    if (pin)
        explicit_bzero((char *)(uintptr_t)pin, strlen(pin));
    explicit_bzero(request->body.data, request->body.size);
    json_decref(body);
}
