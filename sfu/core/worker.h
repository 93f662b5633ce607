/* One media worker's decisions: (state, now, input) → outputs.
 *
 * A worker owns one UDP port, its endpoints and one half of every room that has a member here.
 * Nothing in it knows a socket, thread, clock or key: the edge calls in with what happened and then
 * drains what is to be done. Memory is taken once, in worker_create().
 *
 *      commands ─┐                                        ┌─ datagrams, built in batches
 *      checks   ─┤   worker_on_*(now, …)    worker_build  ├─ relay messages
 *      keys     ─┼──────────────► state ────────────────► ┤
 *      SRTP     ─┤      work is per tick, not per packet  ├─ events for the door
 *      relay    ─┘                                        └─ spent transforms, to be destroyed
 *
 * After a batch of inputs the edge calls worker_on_tick() once and then drains every output until
 * it answers "nothing". worker_deadline() says when to tick at the latest. `now` never goes back.
 * One thread. Every dropped packet is counted under its reason (worker_counters()). */
#ifndef SFU_CORE_WORKER_H
#define SFU_CORE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/pool.h"
#include "base/units.h"
#include "sfu/core/command.h"
#include "sfu/core/counters.h"
#include "sfu/core/relay.h"
#include "sfu/core/session.h"
#include "sfu/core/srtp.h"

struct worker;

struct worker_config {
    uint32_t index;   /* of this worker among all */
    uint32_t workers; /* how many there are */
    uint64_t seed;    /* of everything that looks random: SSRC offsets, hash seeds */
    uint32_t endpoints;
    uint32_t rooms;
    uint32_t packets; /* buffers for history and keyframe caches, LIMIT_RTP_PACKET_BYTES each */
};

MUST_USE enum err worker_create(const struct worker_config *config, struct worker **ret_worker);
void worker_destroy(struct worker *worker); /* accepts NULL */

/* ---- Inputs: the door ------------------------------------------------------------------------ */

enum { WORKER_ICE_UFRAG_BYTES = 16, WORKER_ICE_PWD_BYTES = 40 };

/* A new endpoint of this worker. The worker announces the source to nobody: the edge tells the
 * other workers by worker_on_remote_source(). */
struct worker_join {
    uint64_t room;
    uint64_t endpoint;
    uint32_t source;
    uint32_t rights;
    char local_ufrag[WORKER_ICE_UFRAG_BYTES]; /* ours; checks are addressed to it */
    char local_pwd[WORKER_ICE_PWD_BYTES];
    struct session session;
};

/* ERR_FULL when a pool is; ERR_CONFLICT when the endpoint or its ufrag is already here. */
MUST_USE enum err worker_on_join(struct worker *worker, usec_t now, const struct worker_join *join);
/* ICE restart (RFC 8445, section 9): new credentials, same keys and streams. ERR_UNKNOWN. */
MUST_USE enum err worker_on_restart(struct worker *worker, usec_t now, uint64_t endpoint,
                                    const char *local_ufrag, const char *local_pwd);
/* Commands go to every worker; what does not concern this one is ignored. ERR_UNKNOWN, ERR_FULL. */
MUST_USE enum err worker_on_command(struct worker *worker, usec_t now,
                                    const struct sfu_command *command);

/* A source of a room that another worker hosts (`present` false: it left, and no other endpoint
 * sends as this source). Told in the order in
 * which the door joined and commanded, so that the newest word on its rights is the last one. */
struct worker_remote_source {
    uint64_t room;
    uint32_t source;
    uint32_t worker;
    uint32_t rights; /* as joined, of enum sfu_right */
    bool present;
    struct session_source sources[SOURCE_KINDS];
};

MUST_USE enum err worker_on_remote_source(struct worker *worker, usec_t now,
                                          const struct worker_remote_source *remote);

/* ---- Inputs: the network --------------------------------------------------------------------- */

/* Whose check is this? The password that authenticates it. ERR_UNKNOWN. */
MUST_USE enum err worker_find_ufrag(const struct worker *worker, struct bytes local_ufrag,
                                    struct handle *ret_endpoint, const char **ret_pwd);
/* Whose packet is this? Only addresses that an authenticated check came from are known. */
MUST_USE enum err worker_find_address(const struct worker *worker, const struct udp_address *from,
                                      struct handle *ret_endpoint);
/* An authenticated binding request arrived; `nominated` is USE-CANDIDATE (RFC 8445, 7.3.1.5). */
void worker_on_binding(struct worker *worker, usec_t now, struct handle handle,
                       const struct udp_address *from, bool nominated);
/* The network says that nobody is at `to`, where the endpoint was: no more is sent there until its
 * next check. */
void worker_on_unreachable(struct worker *worker, usec_t now, struct handle handle,
                           const struct udp_address *to);
/* The handshake is done. The worker keeps the transforms until it gives them back. */
void worker_on_keys(struct worker *worker, usec_t now, struct handle handle,
                    const struct srtp_pair *keys);
/* The handshake failed. */
void worker_on_handshake_failed(struct worker *worker, usec_t now, struct handle handle);
/* One SRTP or SRTCP datagram (RFC 7983), decrypted in place. */
void worker_on_srtp(struct worker *worker, usec_t now, struct handle handle, uint8_t *datagram,
                    size_t size);
/* A relay message from worker `from`. */
void worker_on_relay(struct worker *worker, usec_t now, uint32_t from,
                     const struct relay_message *message);
/* The ring towards worker `to` was full: what was to cross is lost. */
void worker_on_relay_overflow(struct worker *worker, usec_t now, uint32_t to);
/* Once per batch of inputs, and at worker_deadline(). */
void worker_on_tick(struct worker *worker, usec_t now);
/* How long sound may wait for a frame that it can leave behind (settle.h); 0, at first: not at all.
 */
void worker_set_sound_wait(struct worker *worker, uint32_t wait_us);
/* When worker_on_tick() is due without any input; USEC_NEVER while nothing waits. */
usec_t worker_deadline(const struct worker *worker);

/* ---- Outputs --------------------------------------------------------------------------------- */

/* One send: `size` bytes to `to`; when segment_size is not 0, a train of datagrams of that size
 * (UDP_SEGMENT), the last one of which may be shorter. */
struct worker_send {
    struct udp_address to;
    struct handle endpoint;
    uint8_t *data; /* within the arena given to worker_build() */
    size_t size;
    uint16_t segment_size;
};

/* Builds and encrypts waiting sends into the caller's arena, as many as fit into both; 0 when
 * nothing waits. Called again after these were sent. */
uint32_t worker_build(struct worker *worker, usec_t now, struct worker_send *ret_sends,
                      uint32_t sends_max, uint8_t *arena, size_t arena_size);
/* The next relay message, written straight into the ring's place for worker `to`. */
bool worker_next_relay(struct worker *worker, uint32_t to, struct relay_message *ret_message);
bool worker_next_event(struct worker *worker, struct sfu_event *ret_event);
/* Transforms nobody uses any more, for the edge to destroy. */
bool worker_next_spent(struct worker *worker, struct srtp_pair *ret_keys);

/* ---- Counters -------------------------------------------------------------------------------- */

const struct worker_counters *worker_counters(const struct worker *worker);

/* Memory that the core takes at start for each endpoint: one that only receives, and what one that
 * sends takes besides. Packets are shared and bounded by worker_config.packets. */
struct worker_memory {
    size_t receiver_bytes;
    size_t sender_bytes;
};

struct worker_memory worker_memory(void);

#endif
