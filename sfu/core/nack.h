/* Which packets of an incoming stream are missing, and when to ask for them (RFC 4585, 6.2.1).
 *
 * A gap is asked for after a moment of patience (packets overtake each other), again some times
 * with growing distance, and then given up: the stream needs a keyframe. A gap too wide to be asked
 * for is given up at once. Pure. */
#ifndef SFU_CORE_NACK_H
#define SFU_CORE_NACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

enum {
    NACK_MISSING_MAX = 128,
    NACK_TRIES = 8,
    NACK_PATIENCE_US = 5000,
    NACK_RETRY_US = 50000, /* times the number of tries so far */
};

struct nack_missing {
    uint64_t sequence;
    usec_t due;
    uint8_t tries;
};

struct nack {
    uint64_t lowest; /* seen at the beginning: packets overtake the very first one too */
    uint64_t highest;
    bool any;
    uint32_t count;
    struct nack_missing missing[NACK_MISSING_MAX]; /* rising */
};

/* False when a gap opened that cannot be asked for. */
bool nack_on_packet(struct nack *nack, usec_t now, uint64_t sequence);
/* Takes what is due, at most `max`, in rising order; *ret_lost becomes true when one was given up
 * (it is not touched otherwise). Returns how many. */
uint32_t nack_poll(struct nack *nack, usec_t now, uint16_t *ret_sequences, uint32_t max,
                   bool *ret_lost);
/* USEC_NEVER when nothing is missing. */
usec_t nack_deadline(const struct nack *nack);
void nack_clear(struct nack *nack);

#endif
