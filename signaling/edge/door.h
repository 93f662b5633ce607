/* The door: everything that the control thread owns, and how work comes back to it.
 *
 *   libwebsockets ─► request, connection ─► meeting, sfu       (one loop, libuv's)
 *   jobs ─► finished ─┐
 *   meeting_fd() ─────┼─► drained on wake-up
 *   sfu_fd() ─────────┘
 *
 * Thread rule: the control thread owns all of this; a job touches only its own struct door_job. */
#ifndef SIGNALING_EDGE_DOOR_H
#define SIGNALING_EDGE_DOOR_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/jobs.h"
#include "base/mailbox.h"
#include "base/pool.h"
#include "certs/certs.h"
#include "meeting/meeting.h"
#include "sfu/sfu.h"
#include "signaling/core/bucket.h"
#include "signaling/core/histogram.h"
#include "signaling/core/login_limit.h"
#include "signaling/core/session.h"
#include "signaling/core/settings.h"

struct lws_context;
struct lws_vhost;
struct request;
struct static_files;
struct media;
struct exchange_table;
struct authority;

enum {
    DOOR_PATH_BYTES = 4096,
    DOOR_URL_BYTES = 512,
    DOOR_WAITERS = 16384, /* commands under way at once; a power of two */
    DOOR_SCRATCH_BYTES = 32 * 1024,
};

/* Slow work: embed it first in a struct of your own. `run` is called on a jobs thread, `finish`
 * afterwards on the control thread. */
struct door_job {
    struct door *door;
    void (*run)(struct door_job *job);
    void (*finish)(struct door_job *job);
};

/* Who waits for a ticket of the meeting service. */
struct door_waiter {
    uint64_t ticket; /* 0: nobody */
    struct handle request;
};

struct door {
    struct settings settings;
    char data_folder[DOOR_PATH_BYTES];
    char ca_folder[DOOR_PATH_BYTES];
    char trust_path[DOOR_PATH_BYTES];     /* its root.pem, for whoever connects */
    char anchors_path[DOOR_PATH_BYTES];   /* what signatures and timestamps must end in */
    char uploads_folder[DOOR_PATH_BYTES]; /* parts under way, on the data folder's file system */
    char public_url[DOOR_URL_BYTES];
    uint16_t port;
    uint16_t admin_port;

    uv_loop_t loop;
    uv_poll_t finished_poll, meetings_poll, media_poll;
    uv_timer_t tick;
    usec_t tick_due;      /* when the next one should come … */
    struct histogram lag; /* … and how late they came */
    uv_signal_t on_terminate, on_interrupt;
    bool stopping;

    struct lws_context *lws;
    struct lws_vhost *vhost;
    struct jobs *media_jobs; /* DTLS handshakes */
    struct jobs *paper_jobs; /* page layout, signing, and asking authorities: may wait for them */
    struct jobs *slow_jobs;  /* argon2, files of strangers */
    struct authority *authority; /* answers to strangers, and its own jobs */
    struct mailbox *finished;
    struct meeting_service *meetings;
    struct certs_ca *ca;
    struct certs_trust *trust;
    struct certs_device *seal; /* NULL: this server does not seal */
    struct certs_ask ask;      /* for timestamps and proofs of validity; shared with Jobs */
    utc_ms_t pki_due;          /* when the authority looks after itself again */
    struct sfu *sfu;
    struct media *media; /* rooms, live connections, seats */
    struct static_files *files;

    struct session_policy sessions;
    struct login_limit *logins;
    char nobody_hash[128]; /* what an unknown name's password is measured against, so that it takes
                              as long as a known one's: a hash that no password has */
    struct exchange_table *exchanges; /* papers at a signing program; NULL before the first */
    struct bucket verify_rate;        /* strangers' files, all together */
    uint32_t packages_examined;       /* of them, record packages, at this moment */
    struct bucket pki_rate;           /* what is asked of the authority, likewise */
    struct pool request_pool;
    struct request **requests; /* by handle */
    struct door_waiter waiters[DOOR_WAITERS];

    utc_ms_t started_at;
    uint64_t connections_open; /* WebSockets */
    uint32_t connections_most; /* that the system's files allow */
    uint64_t live_sent_messages_total;
    uint64_t live_sent_bytes_total;
    uint64_t requests_total;
    uint64_t refusals_total;
    uint64_t logins_failed_total;
    uint8_t scratch[DOOR_SCRATCH_BYTES + 64]; /* what is being written to a socket */
};

/* Starts everything as the settings say; `demo_path` may be NULL (province.h). After ERR_OK the
 * listening sockets are open. Every failure is logged where it happens. */
MUST_USE enum err door_open(struct door *door, const char *demo_path);
/* Runs until SIGTERM, SIGINT or door_stop(). */
void door_run(struct door *door);
void door_stop(struct door *door);
/* Closes whatever was opened; for a door that failed to open too. */
void door_close(struct door *door);

/* ERR_FULL when the queue is. */
MUST_USE enum err door_submit(struct door *door, struct door_job *job);
/* Likewise on other threads, whose results door->finished has room for. */
MUST_USE enum err door_submit_to(struct jobs *jobs, struct door_job *job);

/* `request` will be resumed by the DONE of `ticket`. ERR_FULL when too many wait. */
MUST_USE enum err door_await(struct door *door, uint64_t ticket, struct request *request);

#endif
