/* How often one address may try one account's password (reference: OWASP ASVS 5.0, 6.3).
 *
 * Counted per account *and* address: whoever guesses from elsewhere slows down only themselves, and
 * can never lock a chair out of a running meeting.
 *
 *   failures   1  2    3    4    5 …
 *   next try   0  0   1 s  2 s  soft lock
 *
 * The table is bounded; when it is full the entry that failed longest ago makes room.
 * Owner: the control thread. No clock. */
#ifndef SIGNALING_CORE_LOGIN_LIMIT_H
#define SIGNALING_CORE_LOGIN_LIMIT_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

enum {
    LOGIN_LIMIT_ENTRIES = 4096,
    LOGIN_LIMIT_FREE_TRIES = 2,
    LOGIN_LIMIT_LOCK_TRIES = 5,
    LOGIN_LIMIT_LOCK_SECONDS = 5 * 60,
    LOGIN_LIMIT_FORGET_SECONDS = 30 * 60,
};

struct login_limit;

/* `seed` keeps others from choosing colliding names. */
MUST_USE enum err login_limit_create(uint64_t seed, struct login_limit **ret_limit);
/* Accepts NULL. */
void login_limit_destroy(struct login_limit *limit);

/* How long this account at this address must wait before its next try; 0: it may try now. */
usec_t login_limit_wait_us(const struct login_limit *limit, struct bytes account,
                           struct bytes address, usec_t now);
void login_limit_on_failure(struct login_limit *limit, struct bytes account, struct bytes address,
                            usec_t now);
void login_limit_on_success(struct login_limit *limit, struct bytes account, struct bytes address);

#endif
