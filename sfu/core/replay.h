/* SRTP replay window: accepts each packet index once (RFC 3711, section 3.3.2).
 *
 * Two steps, so that a forged packet can never move the window:
 * replay_check() before the authentication tag is verified, replay_commit() after.
 * Owner: one receiving stream. No clock, no allocation, not thread-safe. */
#ifndef SFU_CORE_REPLAY_H
#define SFU_CORE_REPLAY_H

#include <stdint.h>

#include "base/err.h"

/* RFC 3711 asks for at least 64. A frame's retransmissions may come a second late, so a window of
 * 64 packets would refuse what a busy camera still needs. */
enum { REPLAY_WINDOW_PACKETS = 512, REPLAY_WORDS = REPLAY_WINDOW_PACKETS / 64 };

/* Bit (index mod 512) of `seen` belongs to the indexes top - 511 … top:
 *
 *        older than the window │ seen or not │ new
 *   ───────────────────────────┼─────────────┼─────────► index
 *                        top - 511          top               */
struct replay {
    uint64_t top; /* highest committed index; meaningless while nothing was */
    uint64_t seen[REPLAY_WORDS];
    uint64_t committed; /* how many, ever */
};

/* ERR_OK if `index` is new, ERR_REPLAY if seen, ERR_STALE if older than the window. */
MUST_USE enum err replay_check(const struct replay *window, uint64_t index);

/* Records `index`. Needs: replay_check() accepts it. */
void replay_commit(struct replay *window, uint64_t index);

#endif
