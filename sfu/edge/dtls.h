/* One DTLS-SRTP handshake as its server (RFC 6347, RFC 5764) on OpenSSL: datagrams in, datagrams
 * and keys out; no socket, no thread of its own.
 *
 *          datagram           datagram                  datagram, timeout
 *   new ───────────► handshaking ───────────► done ◄────────────┐
 *                        │                      └───────────────┘ resends its last flight
 *                        └──► failed   alert, wrong certificate, no common SRTP profile
 *
 * The peer must show a certificate whose digest is the one its offer named (RFC 8122, section 6).
 * OpenSSL's retransmission timer reads the system clock itself; dtls_timeout_us() says how long it
 * still has. One thread at a time, any thread. */
#ifndef SFU_EDGE_DTLS_H
#define SFU_EDGE_DTLS_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "sfu/core/negotiate.h"
#include "sfu/edge/dtls_identity.h"

struct dtls;

enum dtls_state { DTLS_HANDSHAKING, DTLS_DONE, DTLS_FAILED };

enum { DTLS_LINK_MTU_BYTES = 1200 };

/* What the peer's certificate must digest to. */
struct dtls_fingerprint {
    char hash[NEGOTIATE_HASH_BYTES]; /* "sha-256", "sha-384", "sha-512" */
    uint8_t digest[NEGOTIATE_DIGEST_BYTES];
    uint32_t size;
};

/* DTLS-SRTP's exported keying material (RFC 5764, section 4.2). Wiped by its holder. */
struct dtls_keys {
    unsigned long profile; /* SRTP_AEAD_AES_128_GCM, … of openssl/srtp.h */
    uint32_t key_size;
    uint32_t salt_size;
    uint8_t client_key[32]; /* protects what the peer sends */
    uint8_t server_key[32];
    uint8_t client_salt[14];
    uint8_t server_salt[14];
};

struct dtls_datagrams {
    uint32_t count;
    uint16_t size[LIMIT_HANDSHAKE_DATAGRAMS];
    uint8_t data[LIMIT_HANDSHAKE_DATAGRAMS][LIMIT_DATAGRAM_BYTES];
};

MUST_USE enum err dtls_create(const struct dtls_identity *identity,
                              const struct dtls_fingerprint *expected, struct dtls **ret_dtls);
void dtls_destroy(struct dtls *dtls); /* accepts NULL */

/* Inputs. What they make us send is put into `out` (counted from 0); a flight that does not fit is
 * repeated by the timer. */
enum dtls_state dtls_on_datagram(struct dtls *dtls, struct bytes datagram,
                                 struct dtls_datagrams *out);
enum dtls_state dtls_on_timeout(struct dtls *dtls, struct dtls_datagrams *out);

/* Until dtls_on_timeout() is due; USEC_NEVER while nothing waits for an answer. */
usec_t dtls_timeout_us(const struct dtls *dtls);
/* Needs: DTLS_DONE. ERR_UNSUPPORTED when no profile was agreed (then nothing was done). */
MUST_USE enum err dtls_export_keys(const struct dtls *dtls, struct dtls_keys *ret_keys);

/* For dtls_identity.h: makes every connection of the context check its peer's certificate. */
void dtls_require_certificate(SSL_CTX *context);

#endif
