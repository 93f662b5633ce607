/* From events to state: fold() is the only thing that changes a meeting.
 *
 * A log that was written by decide() always folds. One that does not (a hand edited it, and its
 * hashes with it) gives an error, never a crash. */
#ifndef MEETING_CORE_FOLD_H
#define MEETING_CORE_FOLD_H

#include "base/err.h"
#include "base/units.h"
#include "meeting/core/state.h"
#include "meeting/proto/event.h"

/* An event in its place in the log. */
struct event_row {
    uint64_t seq; /* from 1, without gaps */
    utc_ms_t at;
    uint64_t actor; /* user; 0: the server itself */
    struct meeting_event event;
};

/* Copies what the state keeps. ERR_WRONG_STATE: not possible in this state; ERR_UNKNOWN: names what
 * does not exist; ERR_FORMAT: contradicts the state; ERR_NO_MEMORY. After an error the state is
 * only good for state_done(). */
MUST_USE enum err fold(struct meeting_state *state, const struct event_row *row);

#endif
