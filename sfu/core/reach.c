/* Where an endpoint is: the addresses it proved to have, and where it is sent to. */
#include <assert.h>

#include "sfu/core/state.h"

static struct endpoint *find_by_address(const struct worker *worker,
                                        const struct udp_address *address, uint64_t hash)
{
    struct table_walk walk = {0};
    uint32_t index;
    while (table_next(&worker->by_address, hash, &walk, &index))
        for (int i = 0; i < ICE_PATHS; i++) {
            const struct ice_path *path = &worker->endpoints[index].ice.paths[i];
            if (path->checked && udp_address_equal(&path->address, address))
                return &worker->endpoints[index];
        }
    return NULL;
}

enum err worker_find_address(const struct worker *worker, const struct udp_address *from,
                             struct handle *ret_endpoint)
{
    const struct endpoint *endpoint =
        find_by_address(worker, from, udp_address_hash(from, worker->hash_seed));
    if (!endpoint)
        return ERR_UNKNOWN;
    *ret_endpoint = endpoint->handle;
    return ERR_OK;
}

static void remove_address(struct worker *worker, struct endpoint *endpoint,
                           const struct udp_address *address)
{
    (void)table_remove(&worker->by_address, udp_address_hash(address, worker->hash_seed),
                       endpoint->handle.index);
}

void endpoint_forget_paths(struct worker *worker, struct endpoint *endpoint)
{
    for (int i = 0; i < ICE_PATHS; i++)
        if (endpoint->ice.paths[i].checked)
            remove_address(worker, endpoint, &endpoint->ice.paths[i].address);
}

/* What it missed is as lost as on any network: it asks again for what it can still use. */
static void skip_missed(struct worker *worker, struct endpoint *endpoint)
{
    for (uint32_t i = 0; i < endpoint->slot_count; i++) {
        struct feed *feed = endpoint->slots[i].feed;
        const struct history *history = stream_history(worker, feed->watch.stream);
        if (history)
            feed->cursor = history->head;
    }
}

void endpoint_on_binding(struct worker *worker, struct endpoint *endpoint,
                         const struct udp_address *from, bool nominated)
{
    struct udp_address old;
    bool was_nowhere = !ice_address(&endpoint->ice);
    enum ice_change change = ice_on_check(&endpoint->ice, worker->now, from, nominated, &old);
    if (change == ICE_REPLACED)
        remove_address(worker, endpoint, &old);
    if (change != ICE_SAME) {
        uint64_t hash = udp_address_hash(from, worker->hash_seed);
        struct table_walk walk = {0};
        uint32_t index;
        while (table_next(&worker->by_address, hash, &walk, &index)) {
            if (index == endpoint->handle.index)
                continue;
            /* The last to prove itself has the address: ports are reused behind NATs. */
            ice_forget(&worker->endpoints[index].ice, from);
            outlet_refresh(worker, &worker->endpoints[index]);
            (void)table_remove(&worker->by_address, hash, index);
            walk = (struct table_walk){0};
        }
        enum err err = table_put(&worker->by_address, hash, endpoint->handle.index);
        assert(err == ERR_OK); /* room for ICE_PATHS of each endpoint */
    }
    outlet_refresh(worker, endpoint);
    if (was_nowhere && endpoint->connected)
        skip_missed(worker, endpoint);
    endpoint_try_connect(worker, endpoint);
}

void endpoint_on_unreachable(struct worker *worker, struct endpoint *endpoint,
                             const struct udp_address *to)
{
    if (!ice_on_unreachable(&endpoint->ice, to))
        return;
    worker->counters.unreachable_paths++;
    outlet_refresh(worker, endpoint);
}
