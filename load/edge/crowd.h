/* The crowd from within: one struct, a few files that each do a part of it.
 *
 *   engine.c ── the thread, the lock, the public functions of load.h
 *     ├── peer.c ──── a peer's way from its answer to its keys; its timers
 *     │     └── shake.c ── DTLS
 *     ├── listen.c ── what arrives: RTP, RTCP; feedback
 *     └── publish.c ─ what senders send, and what they are asked for
 *
 * Everything is touched with the engine's lock held. */
#ifndef LOAD_EDGE_CROWD_H
#define LOAD_EDGE_CROWD_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/address.h"
#include "base/random.h"
#include "load/core/film.h"
#include "load/core/offer.h"
#include "load/core/receiver.h"
#include "load/core/sender.h"
#include "load/edge/check.h"
#include "load/edge/identity.h"
#include "load/edge/keys.h"
#include "load/edge/port.h"
#include "load/edge/sample.h"
#include "load/load.h"

struct peer;

struct publisher {
    struct sender sender;
    uint16_t transport_cc;
    uint64_t index[SENT_STREAMS]; /* SRTP's, of the next packet; RTX's own below */
    uint64_t rtx_index[SENT_STREAMS];
    usec_t report_due;
};

struct peer {
    struct load *load;
    uint32_t number;
    struct load_peer config;
    enum load_peer_state state;
    const char *failure;
    char ufrag[OFFER_CREDENTIAL_BYTES];
    char pwd[OFFER_CREDENTIAL_BYTES];
    /* From the answer. */
    char remote_ufrag[OFFER_CREDENTIAL_BYTES];
    char remote_pwd[OFFER_CREDENTIAL_BYTES];
    uint8_t digest[OFFER_DIGEST_BYTES];
    uint32_t candidate_count;
    struct udp_address candidates[OFFER_CANDIDATES_MAX];
    struct udp_address remote; /* the one that is used */
    /* On the way to the keys. */
    usec_t answered_at;
    usec_t connected_at;
    usec_t give_up_at;
    usec_t check_due;
    usec_t check_pause_us;
    uint32_t checks; /* sent so far */
    struct check check;
    SSL *ssl;
    struct bytes shaking_in; /* the datagram that OpenSSL may read now */
    usec_t shake_due;
    /* With them. */
    struct keys keys;
    uint32_t rtcp_index;
    usec_t feedback_due;
    usec_t report_due;
    struct receiver receiver;
    struct sample *sample;       /* NULL: not sampled */
    struct publisher *publisher; /* NULL: only receives */
};

struct load {
    struct load_config config;
    pthread_t thread;
    bool running;
    /* Who wants the lock holds `door` while waiting for it, so that the engine, which would take it
     * again at once, lets others in. */
    pthread_mutex_t door;
    pthread_mutex_t lock;
    atomic_bool stop;

    bool sending; /* as load_send() said last */
    uint8_t *film_memory;
    struct film film;
    struct identity identity;
    struct cipher *cipher;
    struct checker *checker;
    struct port *port;
    struct rng rng;
    usec_t now;        /* of this round */
    uint64_t now_ns;   /* civil clock */
    usec_t scanned_at; /* when the peers' timers were looked at last */
    usec_t earliest;   /* none of them is due before */
    uint32_t peer_count;
    uint32_t waiting_from; /* no peer below is LOAD_PEER_WAITING */
    uint32_t connecting;   /* checking or shaking */
    struct peer *peers;
    usec_t *due;                        /* by peer: when it has something to do */
    struct sent_list sent;              /* of the senders, */
    uint32_t senders[SENT_SOURCES_MAX]; /* who are these peers */
    struct load_stats stats;
};

/* peer.c */
enum err peer_init(struct peer *peer, struct load *load, uint32_t number,
                   const struct load_peer *config);
void peer_done(struct peer *peer);
/* Its slots and where the server is. ERR_UNSUPPORTED, ERR_NO_MEMORY. */
enum err peer_take_answer(struct peer *peer, const struct answer *answer);
void peer_start(struct peer *peer); /* its turn has come */
void peer_on_datagram(struct peer *peer, const struct port_train *train, uint8_t *data,
                      size_t size);
void peer_on_due(struct peer *peer);
void peer_fail(struct peer *peer, const char *failure);
void peer_leave(struct peer *peer);
void peer_send(struct peer *peer, const uint8_t *data, size_t size);
/* Lets the timers look at it at `due`, if that is sooner than they would. */
void peer_hasten(struct peer *peer, usec_t due);
bool peer_is_connecting(const struct peer *peer);

/* shake.c */
enum shake_result { SHAKE_GOES_ON, SHAKE_DONE, SHAKE_FAILED };
enum err shake_begin(struct peer *peer);
enum shake_result shake_step(struct peer *peer, struct bytes datagram); /* empty: the timer */
usec_t shake_deadline(const struct peer *peer);
/* Whether the certificate shown is the answer's. */
bool shake_is_certified(const struct peer *peer);
void shake_end(struct peer *peer);

/* listen.c */
void listen_on_rtp(struct peer *peer, const struct receiver_arrival *arrival, uint8_t *packet,
                   size_t size);
void listen_on_rtcp(struct peer *peer, uint8_t *packet, size_t size);
/* Sends what is due; returns when it will be again. */
usec_t listen_feedback(struct peer *peer);
/* Protects a compound of `size` bytes, which has SRTP_OVERHEAD_MAX_BYTES behind it, and sends it.
 */
void listen_send_rtcp(struct peer *peer, uint8_t *compound, size_t size);

/* publish.c */
enum err publish_init(struct peer *peer);
/* What the server takes of it, by its answer. */
void publish_begin(struct peer *peer, const struct answer *answer);
void publish_due(struct peer *peer); /* all packets that are due now */
void publish_on_feedback(struct peer *peer, const struct rtcp_packet *packet);
usec_t publish_reports(struct peer *peer); /* SRs, if due; returns when they are again */

#endif
