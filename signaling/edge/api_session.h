/* Sessions: logging in by password, and who a request comes from.
 *
 * The token is 256 random bits in a `__Host-session` cookie; the record keeps its SHA-256 alone.
 * Argon2 runs on jobs behind a bounded queue; an unknown name costs as much as a wrong password. */
#ifndef SIGNALING_EDGE_API_SESSION_H
#define SIGNALING_EDGE_API_SESSION_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "signaling/edge/door.h"

struct request;

/* Fills `user`, `session_hash` and `csrf` from the request's cookie, if it names a living session,
 * and counts as its use. */
void api_session_recognise(struct request *request);

/* Likewise for a WebSocket: the session of a Cookie header. ERR_UNKNOWN. */
MUST_USE enum err api_session_of_cookie(struct door *door, struct bytes cookie_header,
                                        uint8_t ret_hash[SESSION_HASH_BYTES],
                                        const struct session **ret_session);

/* A live connection counts as use. False when the session has ended. */
bool api_session_touch(struct door *door, const uint8_t hash[SESSION_HASH_BYTES]);

#endif
