#include "sfu/core/table.h"

#include <assert.h>
#include <stdlib.h>

#include "base/random.h"

/* 0 marks a free place. */
static uint64_t stored_hash(uint64_t hash)
{
    return hash ? hash : 1;
}

enum err table_init(struct table *table, uint32_t capacity)
{
    uint32_t places = 16;
    while (places < capacity * 2)
        places *= 2;
    struct table_entry *entries = calloc(places, sizeof *entries);
    if (!entries)
        return ERR_NO_MEMORY;
    *table = (struct table){.entries = entries, .mask = places - 1, .capacity = capacity};
    return ERR_OK;
}

void table_done(struct table *table)
{
    free(table->entries);
    *table = (struct table){0};
}

enum err table_put(struct table *table, uint64_t hash, uint32_t value)
{
    if (table->count >= table->capacity)
        return ERR_FULL;
    hash = stored_hash(hash);
    uint32_t place = (uint32_t)hash & table->mask;
    while (table->entries[place].hash != 0)
        place = (place + 1) & table->mask;
    table->entries[place] = (struct table_entry){hash, value};
    table->count++;
    return ERR_OK;
}

bool table_next(const struct table *table, uint64_t hash, struct table_walk *walk,
                uint32_t *ret_value)
{
    hash = stored_hash(hash);
    for (;;) {
        const struct table_entry *entry =
            &table->entries[((uint32_t)hash + walk->step) & table->mask];
        if (entry->hash == 0)
            return false;
        walk->step++;
        if (entry->hash == hash) {
            *ret_value = entry->value;
            return true;
        }
    }
}

/* Whether an entry whose home is `home` may move from `from` back to `hole` and still be found. */
static bool may_fill(uint32_t mask, uint32_t home, uint32_t hole, uint32_t from)
{
    return ((from - home) & mask) >= ((from - hole) & mask);
}

bool table_remove(struct table *table, uint64_t hash, uint32_t value)
{
    hash = stored_hash(hash);
    uint32_t hole = (uint32_t)hash & table->mask;
    while (table->entries[hole].hash != hash || table->entries[hole].value != value) {
        if (table->entries[hole].hash == 0)
            return false;
        hole = (hole + 1) & table->mask;
    }
    for (uint32_t at = (hole + 1) & table->mask; table->entries[at].hash != 0;
         at = (at + 1) & table->mask) {
        if (may_fill(table->mask, (uint32_t)table->entries[at].hash & table->mask, hole, at)) {
            table->entries[hole] = table->entries[at];
            hole = at;
        }
    }
    table->entries[hole] = (struct table_entry){0};
    assert(table->count > 0);
    table->count--;
    return true;
}

uint64_t table_hash(uint64_t seed, uint64_t a, uint64_t b)
{
    struct rng mix = rng_seed(seed ^ a);
    mix.state = rng_u64(&mix) ^ b;
    return rng_u64(&mix);
}
