/* A meeting's state as the JSON of docs/protocol.md, as one user sees it. */
#ifndef SIGNALING_EDGE_MEETING_JSON_H
#define SIGNALING_EDGE_MEETING_JSON_H

#include <jansson.h>

#include "meeting/meeting.h"
#include "signaling/core/crowd.h"

/* Each: new JSON, NULL without memory. */
json_t *meeting_json_whole(const struct meeting_state *state, uint64_t user);
json_t *meeting_json_participant(const struct state_participant *one);
json_t *meeting_json_units(const struct meeting_state *state);
/* {"type":"crowd", …}: what has waited in `crowd`, with the state's present counts. */
json_t *meeting_json_crowd(const struct meeting_state *state, const struct crowd *crowd);
json_t *meeting_json_summary(const struct meeting_state *state, uint64_t user);
json_t *meeting_json_minutes(const struct meeting_state *state, enum meeting_keeping keeping);
json_t *meeting_json_document(const struct state_document *document);
/* A set of actions (guard_actions()) as their words. */
json_t *meeting_json_actions(uint64_t actions);

/* {"type":"event", …} for live connections; `body` goes in as it stands in the log, and whoever it
 * brings onto the stage, to the floor or into its queue comes along (`state` may be NULL). */
MUST_USE enum err meeting_json_event(const struct meeting_output *event,
                                     const struct meeting_state *state, struct buffer *text);
/* The participant whom an event's body names; 0 without one. */
uint64_t meeting_json_participant_of(const struct meeting_output *event);

#endif
