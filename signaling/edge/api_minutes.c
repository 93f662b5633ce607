#include <string.h>

#include "signaling/edge/api.h"
#include "signaling/edge/issue_json.h"
#include "signaling/edge/meeting_json.h"

void api_minutes_get(struct request *request)
{
    const struct meeting_state *state = api_meeting_of(request);
    if (!state)
        return;
    struct meeting_issue one = {state, state_issue_now(state)};
    json_t *json =
        meeting_json_minutes(state, meeting_keeping_of(request->door->meetings, state->id));
    if (json)
        json_object_set_new(json, "issue", one.issue ? issue_json(&one) : json_null());
    reply_json(request, 200, json);
}

void api_minutes_file(struct request *request)
{
    const struct meeting_state *state = api_paper_of(request);
    char path[MEETING_PATH_BYTES];
    if (!state)
        return;
    char sha256[sizeof state->minutes.sha256];
    memcpy(sha256, state->minutes.sha256, sizeof sha256);
    if (!sha256[0])
        reply_refusal(request, DOOR_NO_MINUTES_FILE);
    else if (meeting_file_path(request->door->meetings, sha256, path) != ERR_OK)
        reply_refusal_as(request, refusal_of(REFUSAL_FILE_LOST));
    else
        reply_file(request, path, "application/pdf", sha256);
}
