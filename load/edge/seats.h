/* The seats of a line test: a WebSocket each to the door (docs/protocol.md, "Line test"), which
 * carry the crowd's offers and answers.
 *
 *   connecting ──► greeted ──► asked ──► joined       each seat is a peer of the crowd, by number
 *        │            │          │          │
 *        └────────────┴──────────┴──────────┴──► closed   with the code that the server gave
 *
 * Senders are opened first, `at_once` seats at the same time. One thread: the owner's, in
 * seats_run(). */
#ifndef LOAD_EDGE_SEATS_H
#define LOAD_EDGE_SEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "load/core/options.h"
#include "load/edge/door_client.h"
#include "load/load.h"

struct seats;

struct seats_counts {
    uint32_t open;
    uint32_t joined; /* now */
    uint32_t took;   /* were ever joined */
    uint32_t closed;
    struct door_refusal refusal; /* the first that a seat was told; empty: none */
};

/* `load` has no peers yet; its peers 0 … senders - 1 send. All are borrowed. */
MUST_USE enum err seats_create(const struct options *options, const struct door_line_test *test,
                               struct load *load, struct seats **ret_seats);
void seats_destroy(struct seats *seats); /* closes all; accepts NULL */

/* Turns the loop for a fiftieth of a second. */
void seats_run(struct seats *seats);
struct seats_counts seats_counts(const struct seats *seats);
/* Orders the stage, by any seat. */
void seats_order_stage(struct seats *seats, uint32_t source);

#endif
