/* The canonical bytes of a log row, over which the chain's hash is taken (SHA-256, at the edge).
 *
 *   0        8      16     24      32      40       48
 *   ┌────────┬──────┬──────┬───────┬───────┬────────┬─────────┬──────┬──────┬──────────┐
 *   │ tag    │ mtg  │ seq  │ epoch │ utc_ms│ actor  │ version │ kind │ body │ hash of  │
 *   │"DHlog1"│      │      │       │       │        │ u32     │ text │ JSON │ row seq-1│
 *   └────────┴──────┴──────┴───────┴───────┴────────┴─────────┴──────┴──────┴──────────┘
 *
 * Integers are big-endian, 64 bits unless said; kind and body carry a 32-bit length before them.
 * The first row's previous hash is 32 zero bytes. Nothing is ever re-serialised: `kind` and `body`
 * are hashed as they are stored. */
#ifndef MEETING_CORE_CHAIN_H
#define MEETING_CORE_CHAIN_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

enum { CHAIN_HASH_BYTES = 32 };

struct chain_row {
    uint64_t meeting;
    uint64_t seq;
    uint64_t epoch; /* of the server process that wrote it: rises with every start */
    utc_ms_t at;
    uint64_t actor;
    uint32_t version;
    struct bytes kind;
    struct bytes body;
    uint8_t previous[CHAIN_HASH_BYTES];
};

/* Appends the row's bytes. ERR_NO_MEMORY. */
MUST_USE enum err chain_write(const struct chain_row *row, struct buffer *buffer);

#endif
