/* A peer's SRTP keys, both directions, from its handshake (RFC 5764, section 4.2; RFC 7714). */
#ifndef LOAD_EDGE_KEYS_H
#define LOAD_EDGE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "base/err.h"
#include "sfu/core/srtp.h"
#include "sfu/core/srtp_gcm.h"
#include "sfu/edge/cipher.h"

struct keys {
    const struct cipher *cipher; /* borrowed: whose keys these are */
    struct srtp_gcm in;
    struct srtp_gcm out;
    struct srtp_transform oracle; /* libsrtp2's view of `in`; without ops unless asked for */
};

/* `sends`: RTP goes out too; `oracle`: libsrtp2 shall open what comes in. ERR_UNSUPPORTED when no
 * profile was agreed; ERR_NO_MEMORY. */
MUST_USE enum err keys_create(SSL *ssl, const struct cipher *cipher, bool sends, bool oracle,
                              struct keys *ret_keys);
void keys_done(struct keys *keys); /* accepts a zeroed one */

#endif
