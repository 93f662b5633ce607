#include "signaling/core/source_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 16 };

void source_table_done(struct source_table *table)
{
    free(table->entries);
    *table = (struct source_table){0};
}

/* The first entry that is not below `source`. */
static uint32_t place_of(const struct source_table *table, uint32_t source)
{
    uint32_t low = 0, high = table->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (table->entries[middle].source < source)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_at(const struct source_table *table, uint32_t place, uint32_t source)
{
    return place < table->count && table->entries[place].source == source;
}

enum err source_table_put(struct source_table *table, uint32_t source, void *value)
{
    uint32_t place = place_of(table, source);
    if (has_at(table, place, source)) {
        table->entries[place].value = value;
        return ERR_OK;
    }
    if (table->count == table->capacity) {
        uint32_t capacity = table->capacity ? 2 * table->capacity : CAPACITY_FIRST;
        struct source_entry *grown = realloc(table->entries, capacity * sizeof *grown);
        if (!grown)
            return ERR_NO_MEMORY;
        table->entries = grown;
        table->capacity = capacity;
    }
    struct source_entry *at = &table->entries[place];
    memmove(at + 1, at, (table->count - place) * sizeof *at);
    *at = (struct source_entry){source, value};
    table->count++;
    return ERR_OK;
}

void *source_table_get(const struct source_table *table, uint32_t source)
{
    uint32_t place = place_of(table, source);
    return has_at(table, place, source) ? table->entries[place].value : NULL;
}

void source_table_remove(struct source_table *table, uint32_t source, const void *value)
{
    uint32_t place = place_of(table, source);
    if (!has_at(table, place, source) || table->entries[place].value != value)
        return;
    struct source_entry *at = &table->entries[place];
    table->count--;
    memmove(at, at + 1, (table->count - place) * sizeof *at);
}
