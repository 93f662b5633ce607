#include "sfu/core/placement.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/pool.h"
#include "sfu/core/table.h"

enum { WHOLE_PPM = 1000 * 1000, PPM_OF_PERCENT = WHOLE_PPM / 100, EQUAL_PPM = WHOLE_PPM / 100 };

struct placement_worker {
    bool sampled;
    struct placement_sample last;
    uint32_t cpu_ppm;
    uint32_t packets_per_second;
    uint32_t endpoints;
    uint32_t unfelt; /* endpoints that came since the last sample */
};

struct placement_room {
    struct handle handle;
    uint64_t id;
    uint32_t endpoints;
    uint32_t on[LIMIT_WORKERS];
};

struct placement {
    struct placement_config config;
    struct placement_worker workers[LIMIT_WORKERS];
    struct pool room_pool;
    struct placement_room *rooms;
    struct table by_room;
};

enum err placement_create(const struct placement_config *config, struct placement **ret_placement)
{
    assert(config->workers > 0 && config->workers <= LIMIT_WORKERS && config->rooms > 0);
    struct placement *placement = calloc(1, sizeof *placement);
    if (!placement)
        return ERR_NO_MEMORY;
    placement->config = *config;
    placement->rooms = calloc(config->rooms, sizeof placement->rooms[0]);
    enum err err = placement->rooms ? ERR_OK : ERR_NO_MEMORY;
    err = err ? err : pool_init(&placement->room_pool, config->rooms);
    err = err ? err : table_init(&placement->by_room, config->rooms);
    if (err) {
        placement_destroy(placement);
        return err;
    }
    *ret_placement = placement;
    return ERR_OK;
}

void placement_destroy(struct placement *placement)
{
    if (!placement)
        return;
    pool_done(&placement->room_pool);
    table_done(&placement->by_room);
    free(placement->rooms);
    free(placement);
}

/* ---- Load ------------------------------------------------------------------------------------ */

/* The mean of the last PLACEMENT_MEMORY_US, older samples fading. */
static uint32_t blend(uint32_t old, uint64_t fresh, usec_t passed)
{
    if (passed >= PLACEMENT_MEMORY_US)
        return fresh < UINT32_MAX ? (uint32_t)fresh : UINT32_MAX;
    uint64_t kept = (uint64_t)old * (PLACEMENT_MEMORY_US - passed);
    return (uint32_t)((kept + fresh * passed) / PLACEMENT_MEMORY_US);
}

void placement_on_sample(struct placement *placement, uint32_t worker,
                         const struct placement_sample *sample)
{
    assert(worker < placement->config.workers);
    struct placement_worker *at = &placement->workers[worker];
    usec_t passed = sample->now - at->last.now;
    if (at->sampled && sample->now > at->last.now) {
        uint64_t used_us = (sample->cpu_ns - at->last.cpu_ns) / 1000;
        uint64_t packets = sample->packets - at->last.packets;
        at->cpu_ppm = blend(at->cpu_ppm, used_us * WHOLE_PPM / passed, passed);
        at->packets_per_second =
            blend(at->packets_per_second, packets * USEC_PER_SEC / passed, passed);
    }
    at->sampled = true;
    at->last = *sample;
    at->unfelt = 0;
}

static uint32_t load_of(const struct placement_worker *worker)
{
    uint64_t measured = worker->cpu_ppm + (uint64_t)worker->unfelt * PLACEMENT_ENDPOINT_PPM;
    uint64_t expected = (uint64_t)worker->endpoints * PLACEMENT_ENDPOINT_PPM;
    uint64_t most = measured > expected ? measured : expected;
    return most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
}

static bool is_less_loaded(const struct placement_worker *a, const struct placement_worker *b)
{
    uint32_t load_a = load_of(a);
    uint32_t load_b = load_of(b);
    uint32_t apart = load_a > load_b ? load_a - load_b : load_b - load_a;
    if (apart >= EQUAL_PPM)
        return load_a < load_b;
    if (a->packets_per_second != b->packets_per_second)
        return a->packets_per_second < b->packets_per_second;
    return a->endpoints < b->endpoints;
}

struct placement_load placement_load(const struct placement *placement, uint32_t worker)
{
    assert(worker < placement->config.workers);
    const struct placement_worker *at = &placement->workers[worker];
    return (struct placement_load){at->cpu_ppm, at->packets_per_second, at->endpoints};
}

/* ---- Rooms ----------------------------------------------------------------------------------- */

static uint64_t room_hash(const struct placement *placement, uint64_t room)
{
    return table_hash(placement->config.seed, room, 0);
}

static struct placement_room *find_room(const struct placement *placement, uint64_t room)
{
    struct table_walk walk = {0};
    uint32_t at;
    while (table_next(&placement->by_room, room_hash(placement, room), &walk, &at))
        if (placement->rooms[at].id == room)
            return &placement->rooms[at];
    return NULL;
}

enum err placement_choose(const struct placement *placement, uint64_t room, uint32_t *ret_worker)
{
    const struct placement_config *config = &placement->config;
    const struct placement_room *known = find_room(placement, room);
    uint32_t least = LIMIT_WORKERS;
    uint32_t home = LIMIT_WORKERS; /* where most of the room is, of those that are not busy */
    for (uint32_t i = 0; i < config->workers; i++) {
        const struct placement_worker *worker = &placement->workers[i];
        if (worker->endpoints >= config->endpoints)
            continue;
        if (least == LIMIT_WORKERS || is_less_loaded(worker, &placement->workers[least]))
            least = i;
        bool busy = load_of(worker) >= config->spread_percent * PPM_OF_PERCENT;
        if (known && known->on[i] && !busy &&
            (home == LIMIT_WORKERS || known->on[i] > known->on[home]))
            home = i;
    }
    if (least == LIMIT_WORKERS)
        return ERR_FULL;
    *ret_worker = home < LIMIT_WORKERS ? home : least;
    return ERR_OK;
}

enum err placement_on_join(struct placement *placement, uint64_t room, uint32_t worker)
{
    assert(worker < placement->config.workers);
    placement->workers[worker].endpoints++;
    placement->workers[worker].unfelt++;
    struct placement_room *known = find_room(placement, room);
    if (!known) {
        struct handle handle;
        enum err err = pool_take(&placement->room_pool, &handle);
        if (err != ERR_OK)
            return err;
        known = &placement->rooms[handle.index];
        *known = (struct placement_room){.id = room, .handle = handle};
        err = table_put(&placement->by_room, room_hash(placement, room), handle.index);
        assert(err == ERR_OK); /* as large as the pool */
    }
    known->endpoints++;
    known->on[worker]++;
    return ERR_OK;
}

void placement_on_gone(struct placement *placement, uint64_t room, uint32_t worker)
{
    assert(worker < placement->config.workers && placement->workers[worker].endpoints > 0);
    struct placement_worker *at = &placement->workers[worker];
    at->endpoints--;
    at->unfelt -= at->unfelt > 0;
    struct placement_room *known = find_room(placement, room);
    if (!known || known->on[worker] == 0)
        return; /* it came when no more rooms could be known */
    known->on[worker]--;
    if (--known->endpoints > 0)
        return;
    (void)table_remove(&placement->by_room, room_hash(placement, room), known->handle.index);
    pool_give(&placement->room_pool, known->handle);
}
