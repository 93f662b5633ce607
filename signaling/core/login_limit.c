#include "signaling/core/login_limit.h"

#include <stdlib.h>

enum { PROBES = 8 }; /* places one key may take: a full row evicts its oldest */

struct entry {
    uint64_t key; /* 0: free */
    uint32_t failures;
    usec_t failed_at;
};

struct login_limit {
    uint64_t seed;
    struct entry entries[LOGIN_LIMIT_ENTRIES];
};

_Static_assert((LOGIN_LIMIT_ENTRIES & (LOGIN_LIMIT_ENTRIES - 1)) == 0, "places are masked");

enum err login_limit_create(uint64_t seed, struct login_limit **ret_limit)
{
    struct login_limit *limit = calloc(1, sizeof *limit);
    if (!limit)
        return ERR_NO_MEMORY;
    limit->seed = seed;
    *ret_limit = limit;
    return ERR_OK;
}

void login_limit_destroy(struct login_limit *limit)
{
    free(limit);
}

/* FNV-1a from a secret start, finished by a multiply-shift so that low bits mix too. */
static uint64_t hash_on(uint64_t hash, struct bytes text)
{
    for (size_t n = 0; n < text.size; n++)
        hash = (hash ^ text.data[n]) * UINT64_C(0x100000001b3);
    return (hash ^ (hash >> 32)) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t key_of(const struct login_limit *limit, struct bytes account, struct bytes address)
{
    uint64_t key = hash_on(hash_on(limit->seed, account), address);
    return key == 0 ? 1 : key;
}

static size_t place_of(uint64_t key, size_t probe)
{
    return (size_t)((key >> 20) + probe) & (LOGIN_LIMIT_ENTRIES - 1);
}

static usec_t pause_us(uint32_t failures)
{
    if (failures <= LOGIN_LIMIT_FREE_TRIES)
        return 0;
    if (failures >= LOGIN_LIMIT_LOCK_TRIES)
        return LOGIN_LIMIT_LOCK_SECONDS * USEC_PER_SEC;
    return USEC_PER_SEC << (failures - LOGIN_LIMIT_FREE_TRIES - 1);
}

usec_t login_limit_wait_us(const struct login_limit *limit, struct bytes account,
                           struct bytes address, usec_t now)
{
    uint64_t key = key_of(limit, account, address);
    for (size_t probe = 0; probe < PROBES; probe++) {
        const struct entry *entry = &limit->entries[place_of(key, probe)];
        if (entry->key != key)
            continue;
        usec_t until = entry->failed_at + pause_us(entry->failures);
        return until > now ? until - now : 0;
    }
    return 0;
}

void login_limit_on_failure(struct login_limit *limit, struct bytes account, struct bytes address,
                            usec_t now)
{
    uint64_t key = key_of(limit, account, address);
    struct entry *chosen = NULL;
    for (size_t probe = 0; probe < PROBES; probe++) {
        struct entry *entry = &limit->entries[place_of(key, probe)];
        if (entry->key == key) {
            chosen = entry;
            break;
        }
        if (!chosen ||
            (chosen->key != 0 && (entry->key == 0 || entry->failed_at < chosen->failed_at)))
            chosen = entry;
    }
    bool known = chosen->key == key;
    bool forgotten = known && now - chosen->failed_at >= LOGIN_LIMIT_FORGET_SECONDS * USEC_PER_SEC;
    uint32_t failures = known && !forgotten ? chosen->failures : 0;
    if (failures < LOGIN_LIMIT_LOCK_TRIES)
        failures++;
    *chosen = (struct entry){key, failures, now};
}

void login_limit_on_success(struct login_limit *limit, struct bytes account, struct bytes address)
{
    uint64_t key = key_of(limit, account, address);
    for (size_t probe = 0; probe < PROBES; probe++) {
        struct entry *entry = &limit->entries[place_of(key, probe)];
        if (entry->key == key)
            *entry = (struct entry){0};
    }
}
