/* The sequence numbers of one stream as its receiver sees them: what came, what is missing, what
 * came twice, when to ask for a gap again (RFC 4585, section 6.2.1) and when it counts as lost.
 *
 *   highest - 1023 ─────────── · ── ·· ──── highest        a bit each: came
 *                  │           └────┴─ missing
 *     what leaves here missing is lost
 *
 * A gap is asked for after a moment (packets overtake each other), then every NACK_AGAIN_US, and
 * is given up when it is one to two GIVE_UP_US old, or when too much is missing at once. Pure;
 * `now` never goes back. */
#ifndef LOAD_CORE_SEQUENCE_H
#define LOAD_CORE_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

enum {
    SEQUENCE_WINDOW = 1024, /* packets; about two seconds of a film's highest layer */
    SEQUENCE_NACKS_MAX = 128,
    SEQUENCE_MISSING_MAX = 256, /* more at once are not asked for: the stream has to begin anew */
    SEQUENCE_PATIENCE_US = 10000,
    SEQUENCE_AGAIN_US = 80000,
    SEQUENCE_GIVE_UP_US = 1000000,
};

enum sequence_verdict {
    SEQUENCE_NEW,       /* above all before */
    SEQUENCE_FILLED,    /* was missing */
    SEQUENCE_DUPLICATE, /* came before */
    SEQUENCE_STALE,     /* below the window, or given up before */
};

struct sequence {
    bool any;
    uint64_t first; /* extended: roll-over counter and number, as SRTP counts (RFC 3711, 3.3.1) */
    uint64_t highest;
    uint64_t asked;    /* gaps up to here were asked for */
    uint64_t given_up; /* what is missing below here was given up */
    uint64_t mark;     /* becomes given_up at mark_due */
    uint32_t missing;
    usec_t patience_due; /* USEC_NEVER while not waited for; likewise the next two */
    usec_t again_due;
    usec_t mark_due;
    uint64_t came[SEQUENCE_WINDOW / 64];
};

void sequence_init(struct sequence *sequence);
/* A packet with this number. *ret_extended is set unless SEQUENCE_STALE; *ret_lost grows by what
 * left the window missing. */
enum sequence_verdict sequence_on_packet(struct sequence *sequence, usec_t now, uint16_t number,
                                         uint64_t *ret_extended, uint64_t *ret_lost);
/* What is to be asked for now, rising; at most SEQUENCE_NACKS_MAX. */
uint32_t sequence_poll_nack(struct sequence *sequence, usec_t now,
                            uint16_t ret_numbers[SEQUENCE_NACKS_MAX]);
/* Gives up what is too old; returns how many were lost by it. */
uint32_t sequence_give_up(struct sequence *sequence, usec_t now);
/* When one of the two above has something to do; USEC_NEVER while nothing is missing. */
usec_t sequence_deadline(const struct sequence *sequence);

#endif
