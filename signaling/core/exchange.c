#include "signaling/core/exchange.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/bytes.h"

static bool is_over(const struct exchange *one, utc_ms_t now)
{
    return one->state == EXCHANGE_FREE || one->expires_at <= now;
}

struct exchange *exchange_open(struct exchange_table *table, const struct exchange *terms,
                               utc_ms_t now)
{
    struct exchange *slot = NULL;
    for (size_t i = 0; i < EXCHANGES_MAX; i++) {
        struct exchange *one = &table->of[i];
        /* What is being judged goes on: its outcome is told to whoever sent it. */
        if (one->user_id == terms->user_id && one->state != EXCHANGE_RETURNED)
            one->state = EXCHANGE_FREE;
        if (!slot && is_over(one, now))
            slot = one;
    }
    if (!slot)
        return NULL;
    *slot = *terms;
    slot->state = EXCHANGE_OPEN;
    slot->id = ++table->next_id;
    slot->expires_at = now + EXCHANGE_LIFETIME_MS;
    slot->code = slot->vi = slot->en = NULL;
    return slot;
}

static struct exchange *use(struct exchange_table *table, enum exchange_state from,
                            const uint8_t hash[EXCHANGE_HASH_BYTES], utc_ms_t now)
{
    for (size_t i = 0; i < EXCHANGES_MAX; i++) {
        struct exchange *one = &table->of[i];
        const uint8_t *own = from == EXCHANGE_OPEN ? one->fetch_hash : one->return_hash;
        if (one->state != from || is_over(one, now) ||
            !bytes_equal_secret(own, hash, EXCHANGE_HASH_BYTES))
            continue;
        one->state = from == EXCHANGE_OPEN ? EXCHANGE_FETCHED : EXCHANGE_RETURNED;
        return one;
    }
    return NULL;
}

struct exchange *exchange_fetch(struct exchange_table *table,
                                const uint8_t hash[EXCHANGE_HASH_BYTES], utc_ms_t now)
{
    return use(table, EXCHANGE_OPEN, hash, now);
}

struct exchange *exchange_return(struct exchange_table *table,
                                 const uint8_t hash[EXCHANGE_HASH_BYTES], utc_ms_t now)
{
    return use(table, EXCHANGE_FETCHED, hash, now);
}

struct exchange *exchange_find(struct exchange_table *table, uint64_t id, uint64_t user)
{
    for (size_t i = 0; i < EXCHANGES_MAX; i++)
        if (table->of[i].state != EXCHANGE_FREE && table->of[i].id == id)
            return table->of[i].user_id == user ? &table->of[i] : NULL;
    return NULL;
}

const char *exchange_state_name(enum exchange_state state)
{
    static const char *const names[EXCHANGE_STATE_COUNT] = {
        [EXCHANGE_OPEN] = "open", [EXCHANGE_FETCHED] = "fetched", [EXCHANGE_RETURNED] = "returned",
        [EXCHANGE_DONE] = "done", [EXCHANGE_REFUSED] = "refused",
    };
    assert(state > EXCHANGE_FREE && state < EXCHANGE_STATE_COUNT);
    return names[state];
}
