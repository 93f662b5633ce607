/* A client's command from JSON: `{"kind":…, …}` (docs/protocol.md, Command). */
#ifndef MEETING_CORE_COMMAND_JSON_H
#define MEETING_CORE_COMMAND_JSON_H

#include "base/bytes.h"
#include "base/err.h"
#include "meeting/core/command.h"
#include "meeting/proto/arena.h"

/* Reads what a client may send; `meeting` and `actor` stay 0 for the caller to fill. Texts and
 * lists live in `arena`. ERR_FORMAT: no JSON, no object, a member missing or of the wrong type;
 * ERR_UNKNOWN: a kind or member that does not exist; ERR_LIMIT: over a bound; ERR_FORBIDDEN: a kind
 * that only the server makes (enter, leave, document.add, minutes.sign); ERR_NO_MEMORY.
 * `ret_where` (may be NULL) names the offending member, for people; static or in `arena`. */
MUST_USE enum err command_json_parse(struct bytes json, struct arena *arena,
                                     struct meeting_command *ret_command, const char **ret_where);
/* The body of POST /meetings, likewise; `actor` stays 0. */
MUST_USE enum err command_json_parse_plan(struct bytes json, struct arena *arena,
                                          struct meeting_plan *ret_plan, const char **ret_where);

#endif
