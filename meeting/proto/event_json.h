/* Event bodies as canonical JSON: compact, members in code-point order, UTF-8. What is written here
 * is stored, hashed and sent to clients as `body`, byte for byte.
 *
 * Reading is strict: unknown, missing or doubled members, wrong types, words that do not exist and
 * whatever is over a bound are refused. */
#ifndef MEETING_PROTO_EVENT_JSON_H
#define MEETING_PROTO_EVENT_JSON_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "meeting/proto/arena.h"
#include "meeting/proto/event.h"

/* Appends the body of `event`. ERR_FORMAT when a text is not UTF-8 or an id is out of range;
 * ERR_LIMIT when a member or the whole is over its bound; ERR_NO_MEMORY. */
MUST_USE enum err event_json_write(const struct meeting_event *event, struct buffer *body);

/* Reads a body of `kind`; texts and lists live in `arena`. ERR_FORMAT, ERR_LIMIT, ERR_UNKNOWN (a
 * member or word), ERR_NO_MEMORY. */
MUST_USE enum err event_json_parse(enum event_kind kind, struct bytes body, struct arena *arena,
                                   struct meeting_event *ret_event);

/* Appends what clients may see of a vote.cast body while its vote is open: no choice. */
MUST_USE enum err event_json_write_secretly(struct bytes vote_cast_body, struct buffer *body);

#endif
