/* A meeting's state as the JSON of docs/protocol.md, as one user sees it. */
#ifndef SIGNALING_EDGE_MEETING_JSON_H
#define SIGNALING_EDGE_MEETING_JSON_H

#include <jansson.h>

#include "meeting/meeting.h"

/* Each: new JSON, NULL without memory. */
json_t *meeting_json_whole(const struct meeting_state *state, uint64_t user);
json_t *meeting_json_summary(const struct meeting_state *state, uint64_t user);
json_t *meeting_json_minutes(const struct meeting_state *state);
json_t *meeting_json_document(const struct state_document *document);
/* A set of actions (guard_actions()) as their words. */
json_t *meeting_json_actions(uint64_t actions);

/* {"type":"event", …} for live connections; `body` goes in as it stands in the log. */
MUST_USE enum err meeting_json_event(const struct meeting_output *event, struct buffer *text);

#endif
