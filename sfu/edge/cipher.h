/* Which library does AES-128-GCM for packets: chosen once, when the media server starts.
 *
 * libipsec-mb is made for packets and takes about a third of the time that OpenSSL's EVP does, but
 * exists for amd64 only; EVP works everywhere. Both give the same bytes (a differential test and a
 * fuzz target hold them against each other, and libsrtp2 against both), and what is chosen has
 * encrypted a known packet as EVP does before it is used at all.
 * Read-only once created: any thread makes keys, one thread at a time uses a key. */
#ifndef SFU_EDGE_CIPHER_H
#define SFU_EDGE_CIPHER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sfu/core/srtp.h"
#include "sfu/sfu.h"

enum { CIPHER_KEY_BYTES = 16 };

/* A key serves one direction: the other operation must not be called with it. */
enum cipher_direction { CIPHER_SEAL, CIPHER_OPEN };

struct cipher;

/* SFU_CIPHER_AUTO takes the fastest that works here. ERR_UNSUPPORTED: the one asked for does not
 * work on this machine; ERR_NO_MEMORY. */
MUST_USE enum err cipher_create(enum sfu_cipher choice, struct cipher **ret_cipher);
/* Needs: none of its keys is left. Accepts NULL. */
void cipher_destroy(struct cipher *cipher);

/* For people: "libipsec-mb, VAES" or "OpenSSL EVP". */
const char *cipher_name(const struct cipher *cipher);
/* Memory that one prepared key takes. */
size_t cipher_key_size(const struct cipher *cipher);

const struct aead_ops *cipher_ops(const struct cipher *cipher);
MUST_USE enum err cipher_key_create(const struct cipher *cipher,
                                    const uint8_t key[CIPHER_KEY_BYTES],
                                    enum cipher_direction direction, void **ret_key);
/* Wipes it. Accepts NULL. */
void cipher_key_destroy(const struct cipher *cipher, void *key);

#endif
