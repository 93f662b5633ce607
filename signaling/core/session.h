/* How long somebody stays logged in, and how often that is written down.
 *
 * A session is an opaque 256-bit token, of which only the SHA-256 is kept (meeting/edge/account.h
 * holds it). It ends `idle_ms` after its last use and `absolute_ms` after its start. Its end is
 * stored, so each use moves it; moving it by less than a tenth of the idle time is not worth a
 * write. Pure. */
#ifndef SIGNALING_CORE_SESSION_H
#define SIGNALING_CORE_SESSION_H

#include <stdbool.h>

#include "base/units.h"

struct session_policy {
    utc_ms_t idle_ms;
    utc_ms_t absolute_ms;
};

/* When a session that began at `created_at` and is used now will end if it is not used again. */
utc_ms_t session_expiry(const struct session_policy *policy, utc_ms_t created_at, utc_ms_t now);

/* Whether a session stored as ending at `expires_at` and used now deserves a new end. */
bool session_is_worth_renewing(const struct session_policy *policy, utc_ms_t created_at,
                               utc_ms_t expires_at, utc_ms_t now);

#endif
