/* The crowd's DTLS certificate: one for all peers, made at start (self-signed, P-256). Servers
 * know it by the fingerprint of the offer (RFC 8122). */
#ifndef LOAD_EDGE_IDENTITY_H
#define LOAD_EDGE_IDENTITY_H

#include <openssl/ssl.h>

#include "base/err.h"

enum { IDENTITY_FINGERPRINT_BYTES = 32 * 3 }; /* "AB:CD:…" with its terminator */

struct identity {
    SSL_CTX *context; /* client side, AEAD_AES_128_GCM */
    char fingerprint[IDENTITY_FINGERPRINT_BYTES];
};

MUST_USE enum err identity_create(struct identity *ret_identity);
void identity_done(struct identity *identity); /* accepts a zeroed one */

#endif
