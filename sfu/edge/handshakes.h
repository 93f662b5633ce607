/* The DTLS handshakes of one worker's endpoints: the worker's thread hands datagrams over and takes
 * datagrams and keys back; the arithmetic runs on Jobs threads.
 *
 *   worker's thread                              a Jobs thread
 *   ───────────────                              ─────────────
 *   datagram ─► waits ──► the handshake ────────► OpenSSL reads, answers
 *   send, keys  ◄─────────── comes back  ◄─────── (mailbox)
 *
 * A handshake belongs to one thread at a time: what arrives meanwhile waits on the worker's side.
 * The OpenSSL object outlives the handshake until handshakes_on_media() says that the peer has its
 * keys, and HANDSHAKE_LINGER_US more, because a lost last flight must be sent again. */
#ifndef SFU_EDGE_HANDSHAKES_H
#define SFU_EDGE_HANDSHAKES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/jobs.h"
#include "base/pool.h"
#include "base/units.h"
#include "sfu/core/srtp.h"
#include "sfu/edge/cipher.h"
#include "sfu/edge/dtls.h"

enum {
    HANDSHAKE_LINGER_US = 5 * 1000 * 1000,
    HANDSHAKE_TIMEOUT_US = 30 * 1000 * 1000,
};

struct handshakes;

/* `endpoints`: as many as the worker has; the others are borrowed. */
MUST_USE enum err handshakes_create(uint32_t endpoints, const struct dtls_identity *identity,
                                    const struct cipher *cipher, struct jobs *jobs,
                                    struct handshakes **ret_handshakes);
/* Waits for what runs in Jobs. Accepts NULL. */
void handshakes_destroy(struct handshakes *all);
/* Readable when handshakes have come back. */
int handshakes_fd(const struct handshakes *all);

/* A datagram from the ICE-validated address `from`. The first one begins the handshake.
 * ERR_FULL: too many at once, or too much waiting; the peer's timer will repeat it.
 * ERR_WRONG_STATE: this endpoint's handshake is over and done with. */
MUST_USE enum err handshakes_on_datagram(struct handshakes *all, usec_t now, struct handle endpoint,
                                         const struct udp_address *from,
                                         const struct dtls_fingerprint *expected,
                                         struct bytes datagram);
/* A packet of the endpoint passed SRTP: its peer has seen our last flight. */
void handshakes_on_media(struct handshakes *all, usec_t now, struct handle endpoint);
/* Whether handshakes_on_media() would change anything: asked for each packet. */
bool handshakes_wants_media(const struct handshakes *all, struct handle endpoint);
/* The endpoint is gone. */
void handshakes_forget(struct handshakes *all, struct handle endpoint);
/* Retransmission, the end of lingering, giving up. */
void handshakes_on_tick(struct handshakes *all, usec_t now);
usec_t handshakes_deadline(const struct handshakes *all);

enum handshake_output_kind { HANDSHAKE_SEND, HANDSHAKE_KEYS, HANDSHAKE_FAILED };

struct handshake_output {
    enum handshake_output_kind kind;
    struct handle endpoint;
    struct udp_address to; /* HANDSHAKE_SEND */
    struct bytes datagram; /* HANDSHAKE_SEND: until the next call */
    struct srtp_pair keys; /* HANDSHAKE_KEYS: the caller's from now on */
};

/* The next thing to be done; false when there is none. */
bool handshakes_next(struct handshakes *all, usec_t now, struct handshake_output *ret_output);

#endif
