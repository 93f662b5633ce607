/* SRTP of the test peer by libsrtp2, keyed by DTLS (RFC 5764, section 4.2). */
#ifndef TESTS_PEER_PEER_SRTP_H
#define TESTS_PEER_PEER_SRTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/peer/peer_dtls.h"

enum { PEER_SRTP_ROOM_BYTES = 64 }; /* what protecting may add */

struct peer_srtp;

/* NULL when the handshake agreed on no profile that we know. */
struct peer_srtp *peer_srtp_create(const struct peer_dtls *dtls);
void peer_srtp_destroy(struct peer_srtp *srtp);

/* In place; the buffer has PEER_SRTP_ROOM_BYTES behind `*size`. */
bool peer_srtp_protect(struct peer_srtp *srtp, bool rtcp, uint8_t *packet, size_t *size);
bool peer_srtp_unprotect(struct peer_srtp *srtp, bool rtcp, uint8_t *packet, size_t *size);

#endif
