/* Connectivity and consent checks of the controlling side (RFC 8445, section 7.2; RFC 7675), by
 * libnice's STUN library. One checker for all peers, one thread. */
#ifndef LOAD_EDGE_CHECK_H
#define LOAD_EDGE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct checker;

enum { CHECK_BYTES = 512, CHECK_TRANSACTION_BYTES = 16 };

/* One check under way; a zeroed one is none. */
struct check {
    bool waiting; /* for its answer */
    uint8_t transaction[CHECK_TRANSACTION_BYTES];
};

MUST_USE enum err checker_create(struct checker **ret_checker);
void checker_destroy(struct checker *checker); /* accepts NULL */

/* Writes a binding request with USE-CANDIDATE in place of what `check` waited for. `remote_pwd`
 * must stay where it is until the answer came or the next check is written. 0 when too many are
 * under way. */
size_t check_write(struct checker *checker, struct check *check, const char *remote_ufrag,
                   const char *remote_pwd, const char *local_ufrag, uint8_t out[CHECK_BYTES]);
/* Judges a datagram that begins like STUN: ERR_OK, it is the authenticated success this check
 * waited for; ERR_AUTH, it was refused with an error; ERR_UNKNOWN, it is something else. */
MUST_USE enum err check_read(struct checker *checker, struct check *check, const char *remote_pwd,
                             struct bytes datagram);
/* Waits no more. */
void check_forget(struct checker *checker, struct check *check);

#endif
