/* Outgoing papers as the JSON of docs/protocol.md. */
#ifndef SIGNALING_EDGE_ISSUE_JSON_H
#define SIGNALING_EDGE_ISSUE_JSON_H

#include <jansson.h>

#include "meeting/meeting.h"

/* Each: new JSON, NULL without memory. */

/* Issue: a paper with its number. */
json_t *issue_json(const struct meeting_issue *one);
/* Issue with its recipients and what `user` may do. */
json_t *issue_json_whole(const struct meeting_service *service, const struct meeting_issue *one,
                         uint64_t user);
/* Issue with what unit `unit`, a recipient of it, has confirmed. */
json_t *issue_json_incoming(const struct meeting_issue *one, uint64_t unit);
/* A meeting whose signed minutes wait on the clerk's desk. */
json_t *issue_json_waiting(const struct meeting_service *service, const struct meeting_state *state,
                           uint64_t user);
/* Standing: whether an issued file is in force, for anybody who verifies it. */
json_t *issue_json_standing(const struct meeting_service *service, const struct issued_file *file);

#endif
