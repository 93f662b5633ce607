/* Everything that a seed decides: workers with their relay rings, peers, the wire between them, and
 * virtual time. The cores are the real ones; nothing here knows how they work inside. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "sfu/core/worker.h"
#include "tests/sim/publisher.h"
#include "tests/sim/viewer.h"
#include "tests/sim/wire.h"

enum {
    WORLD_WORKERS = 2,
    WORLD_PEERS = 12,
    WORLD_ROOM = 77,
    WORLD_ARENA_BYTES = 64 * 1024,
    WORLD_SENDS = 64,
    WORLD_BATCH_US = 1000,   /* an edge reads what came, then ticks once */
    WORLD_SIGNAL_US = 15000, /* an event's way over the door to the client */
};

struct peer {
    bool here;
    bool unreachable; /* its line is cut */
    bool connected;   /* as the server said */
    bool gone;
    enum sfu_gone_reason reason;
    uint32_t worker;
    uint32_t source;
    uint32_t rights;
    uint32_t slots_number;
    struct sfu_slots slots;
    struct sfu_layers layers;
    struct handle handle;
    struct udp_address address;
    struct session session;
    struct seal to_server;
    struct seal from_server;
    struct wire_profile up;
    struct wire_profile down;
    struct publisher publisher;
    struct viewer viewer;
};

struct world {
    uint64_t seed;
    struct rng rng;
    usec_t now;
    uint64_t hash; /* of everything that was delivered and told */
    struct wire wire;
    struct worker *workers[WORLD_WORKERS];
    struct peer peers[WORLD_PEERS];
    uint32_t peer_count;
    uint32_t ring_messages; /* how many fit between two workers */
    uint32_t ring_used[WORLD_WORKERS];
    bool batching[WORLD_WORKERS]; /* input came; the worker ticks within WORLD_BATCH_US */
    uint32_t speakers_count;
    uint32_t speakers[SFU_SPEAKERS_MAX];
    uint32_t speaker_events;
    uint32_t sent_without_right;
    uint32_t trains; /* sends of more than one datagram */
    uint32_t spent;  /* transforms that came back */
};

/* Small enough that every pool fills in some test. */
struct world *world_create(uint64_t seed, uint32_t packets);
void world_destroy(struct world *world);

/* A peer in a worker; its source is its index plus one. It checks and has keys at once. */
uint32_t world_join(struct world *world, uint32_t worker, uint32_t rights, uint32_t tiles);
/* The same with another number and no source: it only watches. */
uint32_t world_watch(struct world *world, uint32_t worker, uint32_t tiles);
/* The person of `old` connects a second time, to this worker, with the same source. */
uint32_t world_rejoin(struct world *world, uint32_t worker, uint32_t old);
/* The peer gets another address and nominates it. */
void world_move(struct world *world, uint32_t index);
void world_command(struct world *world, const struct sfu_command *command);
void world_set_rights(struct world *world, uint32_t source, uint32_t rights);
void world_set_stage(struct world *world, uint32_t source);
void world_set_screen(struct world *world, uint32_t source);
void world_set_floor(struct world *world, uint32_t source);
/* Lets time pass. */
void world_run(struct world *world, usec_t duration);

struct viewer_slot *world_slot(struct world *world, uint32_t peer, enum slot_kind kind,
                               uint32_t index);

#endif
