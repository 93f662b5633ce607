/* Papers that go out to a signing program and come back whole: each under two tokens, one to fetch
 * it once and one to return it once, both for a few minutes (docs/vgca.md).
 *
 *   open ─► fetched ─► returned ─► done | refused
 *
 * A program outside the browser has no session, so the token is all it shows; tokens are held as
 * hashes. Pure; a table of fixed size, in memory alone: after a restart the person begins anew. */
#ifndef SIGNALING_CORE_EXCHANGE_H
#define SIGNALING_CORE_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

enum {
    EXCHANGES_MAX = 128,
    EXCHANGE_HASH_BYTES = 32,
    EXCHANGE_LIFETIME_MS = 5 * 60 * 1000, /* a person types a PIN on a slow machine */
};

enum exchange_state {
    EXCHANGE_FREE,
    EXCHANGE_OPEN,
    EXCHANGE_FETCHED,
    EXCHANGE_RETURNED, /* being judged */
    EXCHANGE_DONE,
    EXCHANGE_REFUSED,
    EXCHANGE_STATE_COUNT,
};

struct exchange {
    enum exchange_state state;
    uint64_t id;
    uint64_t user_id;
    uint64_t meeting;
    uint32_t field;
    char sha256[65]; /* of what goes out */
    utc_ms_t expires_at;
    uint8_t fetch_hash[EXCHANGE_HASH_BYTES];
    uint8_t return_hash[EXCHANGE_HASH_BYTES];
    const char *code; /* of the refusal; static */
    const char *vi;
    const char *en;
};

struct exchange_table {
    struct exchange of[EXCHANGES_MAX];
    uint64_t next_id;
};

/* From `terms`: all but state, id and end. The person's exchange before it is over. NULL: the table
 * is full of exchanges that others have begun. */
struct exchange *exchange_open(struct exchange_table *table, const struct exchange *terms,
                               utc_ms_t now);
/* Each once, in this order; NULL: no such token, used before, or too late. */
struct exchange *exchange_fetch(struct exchange_table *table,
                                const uint8_t hash[EXCHANGE_HASH_BYTES], utc_ms_t now);
struct exchange *exchange_return(struct exchange_table *table,
                                 const uint8_t hash[EXCHANGE_HASH_BYTES], utc_ms_t now);
/* NULL when there is none, or it is not that person's. Its outcome is told for as long as it would
 * have lived. */
struct exchange *exchange_find(struct exchange_table *table, uint64_t id, uint64_t user);

/* "open", "fetched", …; never for EXCHANGE_FREE. */
const char *exchange_state_name(enum exchange_state state);

#endif
