/* What a worker holds; private to sfu/core.
 *
 *   room ──► endpoints ──► slots ──links──► streams ◄── source ◄── room
 *             │ intake (one receiver per SSRC it sends) ──► streams
 *
 * Everything lies in arrays taken at worker_create() and names each other by index; handles with
 * generations are for the world outside. What is to be done waits in queues, never in scans:
 *
 *   dirty      streams with new packets        → their watchers' slots become pending
 *   held       sound that waits for a frame    → likewise (settle.h)
 *   sends      endpoints with pending slots    → worker_build()
 *   news       endpoints and rooms with events → worker_next_event()
 *   relay[to]  streams, sources                → worker_next_relay()                        */
#ifndef SFU_CORE_STATE_H
#define SFU_CORE_STATE_H

#include "base/random.h"
#include "sfu/core/deadlines.h"
#include "sfu/core/endpoint.h"
#include "sfu/core/fifo.h"
#include "sfu/core/history.h"
#include "sfu/core/outlet.h"
#include "sfu/core/room.h"
#include "sfu/core/stream.h"
#include "sfu/core/table.h"
#include "sfu/core/worker.h"

struct worker {
    struct worker_config config;
    struct worker_counters counters;
    struct rng rng;
    uint64_t hash_seed;
    uint32_t epochs; /* lives of streams so far */
    usec_t now;      /* of the input being handled */

    struct pool endpoint_pool;
    struct endpoint *endpoints;
    struct outlet *outlets; /* by endpoint */
    struct feed *feeds;     /* by endpoint, SESSION_SLOTS each */
    void *outlets_memory;   /* the arrays begin at its first whole cache line */
    void *feeds_memory;
    struct pool intake_pool;
    struct intake *intakes;
    struct pool room_pool;
    struct room *rooms;
    struct pool source_pool;
    struct source *sources;
    struct pool stream_pool;
    struct stream *streams;
    struct pool history_pool;
    struct history *histories;
    struct packets packets;

    struct table by_endpoint; /* endpoint id */
    struct table by_ufrag;
    struct table by_address;
    struct table by_room;   /* room id */
    struct table by_source; /* room index and number */

    struct deadlines deadlines; /* owners: endpoints, then rooms, then the care for streams */
    struct fifo dirty;
    struct fifo held;
    usec_t held_until;      /* the first of them; USEC_NEVER: none waits */
    uint32_t sound_wait_us; /* 0: sound never waits */
    struct fifo sends;
    struct fifo news; /* endpoints, then rooms */
    struct fifo relay[LIMIT_WORKERS];
    struct srtp_pair *spent;
    uint32_t spent_count;
    uint32_t *cared; /* streams that live or should, in no order */
    uint32_t cared_count;
};

static inline struct outlet *outlet_of(const struct worker *worker, const struct endpoint *endpoint)
{
    return &worker->outlets[endpoint->handle.index];
}

/* This slot has something to send. */
static inline void outlet_pend(struct worker *worker, uint32_t endpoint, uint32_t slot)
{
    struct outlet *outlet = &worker->outlets[endpoint];
    outlet->pending |= UINT64_C(1) << slot;
    if (!outlet->queued)
        fifo_put(&worker->sends, endpoint);
    outlet->queued = true;
}

static inline uint32_t deadline_of_room(const struct worker *worker, uint32_t room)
{
    return worker->config.endpoints + room;
}

static inline uint32_t deadline_of_care(const struct worker *worker)
{
    return worker->config.endpoints + worker->config.rooms;
}

static inline uint32_t news_of_room(const struct worker *worker, uint32_t room)
{
    return worker->config.endpoints + room;
}

/* NULL for INDEX_NONE, or while the stream holds no packets. */
static inline struct history *stream_history(const struct worker *worker, uint32_t stream)
{
    if (stream == INDEX_NONE || worker->streams[stream].history == INDEX_NONE)
        return NULL;
    return &worker->histories[worker->streams[stream].history];
}

#endif
