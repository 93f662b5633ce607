/* Certificate requests (PKCS#10, RFC 2986): read, and the key in them told from others. */
#ifndef CERTS_EDGE_REQUEST_H
#define CERTS_EDGE_REQUEST_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { CERTS_REQUEST_HASH_BYTES = 32 };

/* SHA-256 of the SubjectPublicKeyInfo of a request in DER, by which a browser knows its own key.
 * ERR_LIMIT over LIMIT_CSR_BYTES, ERR_FORMAT when it is no request or has bytes behind it,
 * ERR_UNSUPPORTED unless the key is on P-256, ERR_AUTH when its own key did not sign it. */
MUST_USE enum err certs_request_key(struct bytes csr,
                                    uint8_t ret_spki_sha256[CERTS_REQUEST_HASH_BYTES]);

#endif
