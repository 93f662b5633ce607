/* Where something stands, by a hash of its key: open addressing with a fixed capacity.
 *
 * The table keeps (hash, value) pairs; the key itself lies with its owner, who compares it. Removal
 * moves later entries back, so there are no tombstones and a lookup never grows slower with time.
 * Memory is taken once, at table_init(). Not thread-safe. */
#ifndef SFU_CORE_TABLE_H
#define SFU_CORE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct table_entry {
    uint64_t hash; /* 0: free */
    uint32_t value;
};

struct table {
    struct table_entry *entries;
    uint32_t mask;
    uint32_t capacity; /* how many pairs may be in; half the places or fewer */
    uint32_t count;
};

/* A walk over the values of one hash; start zeroed. */
struct table_walk {
    uint32_t step;
};

MUST_USE enum err table_init(struct table *table, uint32_t capacity);
void table_done(struct table *table);

/* Needs: the pair is not in. ERR_FULL. */
MUST_USE enum err table_put(struct table *table, uint64_t hash, uint32_t value);
/* The next value stored under this hash; false when there is none. */
bool table_next(const struct table *table, uint64_t hash, struct table_walk *walk,
                uint32_t *ret_value);
/* False when the pair was not in. */
bool table_remove(struct table *table, uint64_t hash, uint32_t value);

/* Mixes two words, so that whoever chooses ids cannot choose collisions. */
uint64_t table_hash(uint64_t seed, uint64_t a, uint64_t b);

#endif
