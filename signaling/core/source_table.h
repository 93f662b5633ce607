/* Who in a room has which source: a sorted list, found in by halving. A room has at most some
 * thousand, and they come and go far more seldom than they are looked up.
 *
 * Owner: one room. Values are the owner's; the table only holds them. */
#ifndef SIGNALING_CORE_SOURCE_TABLE_H
#define SIGNALING_CORE_SOURCE_TABLE_H

#include <stdint.h>

#include "base/err.h"

struct source_entry {
    uint32_t source;
    void *value;
};

/* A zeroed struct is an empty table. */
struct source_table {
    uint32_t count;
    uint32_t capacity;
    struct source_entry *entries; /* by rising source */
};

void source_table_done(struct source_table *table);
/* In the place of whatever the source had before. ERR_NO_MEMORY leaves the table as it was. */
MUST_USE enum err source_table_put(struct source_table *table, uint32_t source, void *value);
/* NULL when nobody has it. */
void *source_table_get(const struct source_table *table, uint32_t source);
/* Only if it is still this value's. */
void source_table_remove(struct source_table *table, uint32_t source, const void *value);

#endif
