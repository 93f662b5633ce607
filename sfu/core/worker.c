#include "sfu/core/worker.h"

#include <assert.h>
#include <stdlib.h>

#include "sfu/core/egress.h"
#include "sfu/core/feedback.h"
#include "sfu/core/ingress.h"
#include "sfu/core/relaying.h"
#include "sfu/core/settle.h"
#include "sfu/core/state.h"
#include "sfu/proto/demux.h"

enum { CACHE_LINE_BYTES = 64 };

/* A room's sources are known to each of its workers, so a worker may know as many as a national
 * meeting has twice over, however few of them it hosts. */
static uint32_t sources_of(const struct worker_config *config)
{
    uint64_t all = (uint64_t)config->endpoints * config->workers;
    uint32_t most = 2 * LIMIT_SOURCES_PER_ROOM;
    return all < most ? (uint32_t)all : most;
}

/* Streams that carry packets at the same time: all of what the endpoints of this worker may send,
 * and as much again from others. */
static uint32_t histories_of(const struct worker_config *config)
{
    uint64_t all = (uint64_t)config->endpoints * 2 + SOURCE_PLACES * 4;
    return (uint32_t)all;
}

/* Zeroed, never touched before it is used, and beginning with a cache line. */
static void *take_lines(size_t count, size_t size, void **ret_memory)
{
    *ret_memory = calloc(count * size + CACHE_LINE_BYTES, 1);
    if (!*ret_memory)
        return NULL;
    uintptr_t begin = (uintptr_t)*ret_memory;
    return (uint8_t *)*ret_memory + (CACHE_LINE_BYTES - begin % CACHE_LINE_BYTES);
}

/* What an endpoint that only receives takes here; its transforms come on top, and all of it is to
 * stay below 64 kB. */
_Static_assert(sizeof(struct endpoint) + sizeof(struct outlet) +
                       SESSION_SLOTS * sizeof(struct feed) <=
                   32 * 1024,
               "thousands of receivers fit into little memory");

static enum err create_endpoints(struct worker *worker)
{
    size_t count = worker->config.endpoints;
    worker->endpoints = calloc(count, sizeof *worker->endpoints);
    worker->intakes = calloc(count, sizeof *worker->intakes);
    worker->outlets = take_lines(count, sizeof *worker->outlets, &worker->outlets_memory);
    worker->feeds = take_lines(count * SESSION_SLOTS, sizeof *worker->feeds, &worker->feeds_memory);
    if (!worker->endpoints || !worker->intakes || !worker->outlets || !worker->feeds)
        return ERR_NO_MEMORY;
    enum err err = pool_init(&worker->endpoint_pool, worker->config.endpoints);
    return err ? err : pool_init(&worker->intake_pool, worker->config.endpoints);
}

static enum err create_pools(struct worker *worker)
{
    const struct worker_config *config = &worker->config;
    uint32_t sources = sources_of(config);
    uint32_t streams = sources * SOURCE_PLACES;
    worker->rooms = calloc(config->rooms, sizeof *worker->rooms);
    worker->sources = calloc(sources, sizeof *worker->sources);
    worker->streams = calloc(streams, sizeof *worker->streams);
    worker->histories = calloc(histories_of(config), sizeof *worker->histories);
    worker->spent = calloc((size_t)config->endpoints * 2, sizeof *worker->spent);
    worker->cared = calloc(streams, sizeof *worker->cared);
    if (!worker->rooms || !worker->sources || !worker->streams || !worker->histories ||
        !worker->spent || !worker->cared)
        return ERR_NO_MEMORY;
    enum err err = create_endpoints(worker);
    err = err ? err : pool_init(&worker->room_pool, config->rooms);
    err = err ? err : pool_init(&worker->source_pool, sources);
    err = err ? err : pool_init(&worker->stream_pool, streams);
    err = err ? err : pool_init(&worker->history_pool, histories_of(config));
    return err ? err : packets_init(&worker->packets, config->packets);
}

static enum err create_tables(struct worker *worker)
{
    const struct worker_config *config = &worker->config;
    uint32_t sources = sources_of(config);
    enum err err = table_init(&worker->by_endpoint, config->endpoints);
    err = err ? err : table_init(&worker->by_ufrag, config->endpoints);
    err = err ? err : table_init(&worker->by_address, config->endpoints * ICE_PATHS);
    err = err ? err : table_init(&worker->by_room, config->rooms);
    err = err ? err : table_init(&worker->by_source, sources);
    err = err ? err : deadlines_init(&worker->deadlines, config->endpoints + config->rooms + 1);
    err = err ? err : fifo_init(&worker->dirty, sources * SOURCE_PLACES);
    err = err ? err : fifo_init(&worker->held, sources * SOURCE_PLACES);
    err = err ? err : fifo_init(&worker->sends, config->endpoints);
    err = err ? err : fifo_init(&worker->news, config->endpoints + config->rooms);
    for (uint32_t to = 0; to < config->workers && !err; to++)
        err = fifo_init(&worker->relay[to], sources * (SOURCE_PLACES + 2));
    return err;
}

enum err worker_create(const struct worker_config *config, struct worker **ret_worker)
{
    assert(config->workers > 0 && config->workers <= LIMIT_WORKERS);
    assert(config->index < config->workers);
    if (config->endpoints == 0 || config->endpoints > LIMIT_ENDPOINTS_PER_WORKER ||
        config->rooms == 0 || config->rooms > LIMIT_ROOMS_PER_WORKER || config->packets == 0)
        return ERR_LIMIT;
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return ERR_NO_MEMORY;
    worker->config = *config;
    worker->rng = rng_seed(config->seed);
    worker->hash_seed = rng_u64(&worker->rng);
    worker->held_until = USEC_NEVER;
    enum err err = create_pools(worker);
    err = err ? err : create_tables(worker);
    if (err) {
        worker_destroy(worker);
        return err;
    }
    *ret_worker = worker;
    return ERR_OK;
}

void worker_destroy(struct worker *worker)
{
    if (!worker)
        return;
    pool_done(&worker->endpoint_pool);
    pool_done(&worker->intake_pool);
    pool_done(&worker->room_pool);
    pool_done(&worker->source_pool);
    pool_done(&worker->stream_pool);
    pool_done(&worker->history_pool);
    packets_done(&worker->packets);
    table_done(&worker->by_endpoint);
    table_done(&worker->by_ufrag);
    table_done(&worker->by_address);
    table_done(&worker->by_room);
    table_done(&worker->by_source);
    deadlines_done(&worker->deadlines);
    fifo_done(&worker->dirty);
    fifo_done(&worker->held);
    fifo_done(&worker->sends);
    fifo_done(&worker->news);
    for (uint32_t to = 0; to < LIMIT_WORKERS; to++)
        fifo_done(&worker->relay[to]);
    free(worker->endpoints);
    free(worker->intakes);
    free(worker->outlets_memory);
    free(worker->feeds_memory);
    free(worker->rooms);
    free(worker->sources);
    free(worker->streams);
    free(worker->histories);
    free(worker->spent);
    free(worker->cared);
    free(worker);
}

static void set_now(struct worker *worker, usec_t now)
{
    assert(now >= worker->now);
    worker->now = now;
}

enum err worker_on_join(struct worker *worker, usec_t now, const struct worker_join *join)
{
    set_now(worker, now);
    return endpoint_join(worker, join);
}

enum err worker_on_restart(struct worker *worker, usec_t now, uint64_t endpoint,
                           const char *local_ufrag, const char *local_pwd)
{
    set_now(worker, now);
    return endpoint_restart(worker, endpoint, local_ufrag, local_pwd);
}

void worker_on_binding(struct worker *worker, usec_t now, struct handle handle,
                       const struct udp_address *from, bool nominated)
{
    set_now(worker, now);
    struct endpoint *endpoint = endpoint_get(worker, handle);
    if (endpoint)
        endpoint_on_binding(worker, endpoint, from, nominated);
}

void worker_on_unreachable(struct worker *worker, usec_t now, struct handle handle,
                           const struct udp_address *to)
{
    set_now(worker, now);
    struct endpoint *endpoint = endpoint_get(worker, handle);
    if (endpoint)
        endpoint_on_unreachable(worker, endpoint, to);
}

void worker_on_keys(struct worker *worker, usec_t now, struct handle handle,
                    const struct srtp_pair *keys)
{
    set_now(worker, now);
    struct endpoint *endpoint = endpoint_get(worker, handle);
    if (endpoint)
        endpoint_on_keys(worker, endpoint, keys);
    else /* it left during the handshake: the transforms go back as they came */
        endpoint_spend_keys(worker, keys);
}

void worker_on_handshake_failed(struct worker *worker, usec_t now, struct handle handle)
{
    set_now(worker, now);
    struct endpoint *endpoint = endpoint_get(worker, handle);
    if (endpoint)
        endpoint_leave(worker, endpoint, SFU_GONE_HANDSHAKE);
}

void worker_on_srtp(struct worker *worker, usec_t now, struct handle handle, uint8_t *datagram,
                    size_t size)
{
    set_now(worker, now);
    struct endpoint *endpoint = endpoint_get(worker, handle);
    if (!endpoint || !endpoint->keyed) {
        worker->counters.drop_no_keys++;
        return;
    }
    if (size > LIMIT_DATAGRAM_BYTES) {
        worker->counters.drop_too_large++;
        return;
    }
    enum demux_kind kind = demux_classify((struct bytes){datagram, size});
    if (kind == DEMUX_RTP)
        ingress_on_rtp(worker, endpoint, datagram, size);
    else if (kind == DEMUX_RTCP)
        feedback_on_rtcp(worker, endpoint, datagram, size);
    else
        worker->counters.drop_malformed++;
}

void worker_on_relay(struct worker *worker, usec_t now, uint32_t from,
                     const struct relay_message *message)
{
    set_now(worker, now);
    relaying_on_message(worker, from, message);
}

void worker_on_relay_overflow(struct worker *worker, usec_t now, uint32_t to)
{
    set_now(worker, now);
    relaying_on_overflow(worker, to);
}

void worker_on_tick(struct worker *worker, usec_t now)
{
    set_now(worker, now);
    uint32_t owner;
    while (deadlines_pop(&worker->deadlines, now, &owner)) {
        if (owner < worker->config.endpoints)
            endpoint_on_due(worker, &worker->endpoints[owner]);
        else if (owner < deadline_of_care(worker))
            room_on_due(worker, owner - worker->config.endpoints);
        else
            stream_care_all(worker);
    }
    settle_all(worker);
}

void worker_set_sound_wait(struct worker *worker, uint32_t wait_us)
{
    worker->sound_wait_us = wait_us;
}

usec_t worker_deadline(const struct worker *worker)
{
    usec_t held = settle_deadline(worker);
    usec_t earliest = deadlines_earliest(&worker->deadlines);
    return held < earliest ? held : earliest;
}

uint32_t worker_build(struct worker *worker, usec_t now, struct worker_send *ret_sends,
                      uint32_t sends_max, uint8_t *arena, size_t arena_size)
{
    set_now(worker, now);
    return egress_build(worker, ret_sends, sends_max, arena, arena_size);
}

bool worker_next_relay(struct worker *worker, uint32_t to, struct relay_message *ret_message)
{
    return relaying_next(worker, to, ret_message);
}

bool worker_next_spent(struct worker *worker, struct srtp_pair *ret_keys)
{
    if (worker->spent_count == 0)
        return false;
    *ret_keys = worker->spent[--worker->spent_count];
    return true;
}

const struct worker_counters *worker_counters(const struct worker *worker)
{
    return &worker->counters;
}

struct worker_memory worker_memory(void)
{
    /* At most half of a table's places are taken. */
    size_t tables = 2 * (2 + ICE_PATHS) * sizeof(struct table_entry);
    return (struct worker_memory){
        .receiver_bytes = sizeof(struct endpoint) + sizeof(struct outlet) +
                          SESSION_SLOTS * sizeof(struct feed) + tables,
        .sender_bytes = sizeof(struct intake) + sizeof(struct source) +
                        SOURCE_PLACES * (sizeof(struct stream) + sizeof(struct history)),
    };
}
