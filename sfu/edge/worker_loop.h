/* The rounds of a worker's thread (worker_thread.h): inputs into the core, outputs out of it.
 * Private to worker_thread.c and worker_loop.c. */
#ifndef SFU_EDGE_WORKER_LOOP_H
#define SFU_EDGE_WORKER_LOOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "sfu/core/tick.h"
#include "sfu/edge/handshakes.h"
#include "sfu/edge/peers.h"
#include "sfu/edge/sendbox.h"
#include "sfu/edge/stun.h"
#include "sfu/edge/udp.h"
#include "sfu/edge/worker_thread.h"

enum {
    WORKER_COUNTER_COUNT = sizeof(struct worker_counters) / sizeof(uint64_t),
    WORKER_ARENA_BYTES = 1024 * 1024,
};

/* All of it is the worker thread's, but for what is said to be shared. */
struct worker_loop {
    struct worker_thread_config config;
    struct worker *worker;
    struct tick tick;
    struct udp *udp;
    struct stun_responder *stun;
    struct handshakes *handshakes;
    struct peers *peers;
    struct sendbox *sendbox;
    uint8_t *arena;
    struct worker_send sends[UDP_BATCH]; /* built, in the arena */
    uint32_t sends_count;
    uint32_t sends_done;
    usec_t full_since; /* the socket's buffer has been full since then; 0: it is not */
    bool watches_room; /* for the socket to be writable again */
    bool errors_wait;  /* ICMP errors on the socket */
    usec_t *heard;     /* when the endpoint's peer was last heard, by index */
    int epoll;
    int stop;                 /* eventfd, written by the control thread */
    struct mailbox *messages; /* shared */
    _Atomic uint64_t taken;   /* messages ever taken; shared */
    bool event_waits;         /* `event` did not fit into the door's mailbox */
    struct sfu_event event;
    struct relay_message lost;                        /* a relay message nobody has room for */
    struct worker_counters refused;                   /* what the edge counts itself */
    _Atomic uint64_t published[WORKER_COUNTER_COUNT]; /* shared */
};

/* Until `stop` is readable. */
void worker_loop_run(struct worker_loop *loop);

#endif
