#include "sfu/edge/peers.h"

#include <assert.h>
#include <stdlib.h>

struct peer {
    struct handle handle; /* generation 0: nobody */
    struct dtls_fingerprint fingerprint;
};

struct peers {
    uint32_t count;
    struct peer *by_index;
    uint64_t *endpoint; /* apart, so that a search touches little: it runs once a leaving */
};

enum err peers_create(uint32_t endpoints, struct peers **ret_peers)
{
    struct peers *peers = calloc(1, sizeof *peers);
    if (!peers)
        return ERR_NO_MEMORY;
    peers->count = endpoints;
    peers->by_index = calloc(endpoints, sizeof peers->by_index[0]);
    peers->endpoint = calloc(endpoints, sizeof peers->endpoint[0]);
    if (!peers->by_index || !peers->endpoint) {
        peers_destroy(peers);
        return ERR_NO_MEMORY;
    }
    *ret_peers = peers;
    return ERR_OK;
}

void peers_destroy(struct peers *peers)
{
    if (!peers)
        return;
    free(peers->by_index);
    free(peers->endpoint);
    free(peers);
}

size_t peers_entry_size(void)
{
    return sizeof(struct peer) + sizeof(uint64_t);
}

void peers_put(struct peers *peers, struct handle handle, uint64_t endpoint,
               const struct dtls_fingerprint *fingerprint)
{
    assert(handle.index < peers->count);
    peers->by_index[handle.index] = (struct peer){handle, *fingerprint};
    peers->endpoint[handle.index] = endpoint;
}

const struct dtls_fingerprint *peers_fingerprint(const struct peers *peers, struct handle handle)
{
    if (handle.index >= peers->count || !handle_equal(peers->by_index[handle.index].handle, handle))
        return NULL;
    return &peers->by_index[handle.index].fingerprint;
}

enum err peers_remove(struct peers *peers, uint64_t endpoint, struct handle *ret_handle)
{
    for (uint32_t i = 0; i < peers->count; i++) {
        if (peers->endpoint[i] != endpoint || peers->by_index[i].handle.generation == 0)
            continue;
        *ret_handle = peers->by_index[i].handle;
        peers->by_index[i] = (struct peer){0};
        peers->endpoint[i] = 0;
        return ERR_OK;
    }
    return ERR_UNKNOWN;
}

bool peers_any(const struct peers *peers, uint64_t *ret_endpoint)
{
    for (uint32_t i = 0; i < peers->count; i++)
        if (peers->by_index[i].handle.generation != 0) {
            *ret_endpoint = peers->endpoint[i];
            return true;
        }
    return false;
}
