/* AES-128-GCM for packets by OpenSSL's EVP: the portable implementation of `aead_ops`.
 *
 * A key is prepared once; a packet then only sets the nonce. The tag is compared by OpenSSL, in
 * constant time. One thread uses a key at a time. */
#ifndef SFU_EDGE_AEAD_EVP_H
#define SFU_EDGE_AEAD_EVP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sfu/core/srtp.h"

enum {
    AEAD_EVP_KEY_BYTES = 16,
    AEAD_EVP_KEY_SIZE = 1200, /* what OpenSSL 3.0 was seen to take from the heap for one */
};

/* A key for one direction only: the other operation must not be called with it. */
MUST_USE enum err aead_evp_key_create(const uint8_t key[AEAD_EVP_KEY_BYTES], bool seals,
                                      void **ret_key);
void aead_evp_key_destroy(void *key); /* wipes it; accepts NULL */

extern const struct aead_ops aead_evp;

#endif
