/* The media server's DTLS certificate: loaded, or made anew (self-signed, P-256). Browsers trust it
 * by the fingerprint in the answer (RFC 8122), not by a chain. Immutable; shared by all threads. */
#ifndef SFU_EDGE_DTLS_IDENTITY_H
#define SFU_EDGE_DTLS_IDENTITY_H

#include <openssl/ssl.h>

#include "base/err.h"

enum { DTLS_FINGERPRINT_BYTES = 8 + 32 * 3 }; /* "sha-256 AB:CD:…" with its terminator */

struct dtls_identity {
    SSL_CTX *context; /* server side, ready to accept */
    char fingerprint[DTLS_FINGERPRINT_BYTES];
};

/* Both paths or neither. ERR_IO: a file cannot be read as PEM, or the two do not belong together.
 */
MUST_USE enum err dtls_identity_create(const char *certificate_path, const char *key_path,
                                       struct dtls_identity **ret_identity);
void dtls_identity_destroy(struct dtls_identity *identity); /* accepts NULL */

#endif
