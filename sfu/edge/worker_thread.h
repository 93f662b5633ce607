/* One media worker's thread: its socket, its clock and its neighbours around the pure core.
 *
 *   socket ──► STUN ─► answer, binding      ┐                       ┌─► sendmmsg
 *          ──► DTLS ─► Jobs ─► keys         │                       ├─► rings to other workers
 *          ──► SRTP                         ├─► core ─► tick ─► core┤
 *   door ────► mailbox                      │                       ├─► events for the door
 *   rings from other workers                ┘                       └─► spent keys: wiped
 *
 * A round takes all that is there, ticks once and gives out all that is to be done; with nothing
 * there it sleeps until the core's deadline. Batches grow by themselves: what arrives during a
 * round is the next one's. Idle, it never waits to fill one; busy, it lets up to tick_us pass
 * between the beginnings of two (sfu/core/tick.h). Everything below but worker_thread_create() may
 * be called by the control thread while it runs. */
#ifndef SFU_EDGE_WORKER_THREAD_H
#define SFU_EDGE_WORKER_THREAD_H

#include <stdint.h>

#include "base/err.h"
#include "base/jobs.h"
#include "base/limits.h"
#include "base/mailbox.h"
#include "sfu/core/worker.h"
#include "sfu/edge/cipher.h"
#include "sfu/edge/dtls.h"
#include "sfu/edge/ring.h"
#include "sfu/edge/udp.h"
#include "sfu/sfu.h"

struct worker_thread;

struct worker_thread_config {
    struct worker_config core;
    uint16_t port; /* 0: any */
    enum sfu_offload segment_offload;
    uint32_t tick_us; /* the longest time that a busy one lets pass between two rounds */
    bool pin_cpu;
    const struct dtls_identity *identity; /* borrowed, like all below */
    const struct cipher *cipher;
    struct jobs *jobs;
    struct mailbox *events;           /* of struct sfu_event, to the control thread */
    struct ring *from[LIMIT_WORKERS]; /* by worker; its own is NULL */
    struct ring *to[LIMIT_WORKERS];
};

/* What the control thread tells a worker. The pointers are the receiver's to free. */
struct worker_admission {
    struct worker_join join;
    struct dtls_fingerprint fingerprint;
};

struct worker_restart {
    uint64_t endpoint;
    char local_ufrag[WORKER_ICE_UFRAG_BYTES];
    char local_pwd[WORKER_ICE_PWD_BYTES];
};

enum worker_message_kind {
    WORKER_MESSAGE_JOIN,
    WORKER_MESSAGE_RESTART,
    WORKER_MESSAGE_COMMAND,
    WORKER_MESSAGE_REMOTE_SOURCE,
};

struct worker_message {
    enum worker_message_kind kind;
    union {
        struct worker_admission *admission;
        struct worker_restart restart;
        struct sfu_command command;
        struct worker_remote_source *remote;
    } of;
};

/* Binds the port and starts the thread. ERR_IO leaves errno. */
MUST_USE enum err worker_thread_create(const struct worker_thread_config *config,
                                       struct worker_thread **ret_thread);
/* Stops it and waits for it. Accepts NULL. */
void worker_thread_destroy(struct worker_thread *thread);

/* As it was bound: nothing of it changes. */
struct udp_facts worker_thread_socket(const struct worker_thread *thread);
/* How many messages it would still take: exact for its one sender. */
uint32_t worker_thread_room(const struct worker_thread *thread);
/* Takes over what the message points to. ERR_FULL: it is still the caller's. */
MUST_USE enum err worker_thread_send(struct worker_thread *thread, struct worker_message *message);
/* Memory that the edge keeps for each of a worker's endpoints. */
size_t worker_thread_endpoint_size(void);
/* As of its last round. */
struct worker_counters worker_thread_counters(const struct worker_thread *thread);
/* CPU time that the thread has used, in nanoseconds. */
uint64_t worker_thread_cpu_ns(const struct worker_thread *thread);

#endif
