/* The ICE-lite side of connectivity checks (RFC 8445, section 2.5 and 7.3), on libnice's STUN
 * library: a lite agent only answers, and is always controlled.
 *
 * A request is answered when it carries the password of the endpoint that its user name begins with
 * ("ours:theirs"); only then may its source address be believed. One responder per thread. */
#ifndef SFU_EDGE_STUN_H
#define SFU_EDGE_STUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/pool.h"
#include "sfu/core/worker.h"

struct stun_responder;

enum { STUN_REPLY_BYTES = 512 };

struct stun_reply {
    size_t size; /* 0: nothing is to be sent back */
    uint8_t data[STUN_REPLY_BYTES];
};

struct stun_check {
    struct handle endpoint;
    bool nominated; /* USE-CANDIDATE */
};

MUST_USE enum err stun_responder_create(struct stun_responder **ret_responder);
void stun_responder_destroy(struct stun_responder *responder); /* accepts NULL */

/* Judges one datagram that begins like STUN. ERR_OK: an authenticated binding request, *ret_check
 * says whose, and ret_reply is its success response. Otherwise nothing may be concluded from it,
 * and ret_reply may hold an error response: ERR_FORMAT (not whole, or not a binding request),
 * ERR_UNKNOWN (no such user name; never answered), ERR_AUTH (wrong password or altered),
 * ERR_CONFLICT (the peer claims to be controlled too). ret_reply->size is always set. */
MUST_USE enum err stun_on_datagram(struct stun_responder *responder, const struct worker *worker,
                                   const struct udp_address *from, struct bytes datagram,
                                   struct stun_check *ret_check, struct stun_reply *ret_reply);

#endif
