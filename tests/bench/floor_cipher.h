/* AES-128-GCM for the floor: one prepared key, one call a packet, nothing around it.
 *
 * Two engines: libipsec-mb, made for packets and amd64 only, and OpenSSL's EVP, which is
 * everywhere. Which of them is faster on this machine is measured, not assumed. One thread uses a
 * key at a time. */
#ifndef TESTS_BENCH_FLOOR_CIPHER_H
#define TESTS_BENCH_FLOOR_CIPHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum { FLOOR_KEY_BYTES = 16, FLOOR_IV_BYTES = 12, FLOOR_TAG_BYTES = 16 };

enum floor_cipher { FLOOR_EVP, FLOOR_IPSEC_MB, FLOOR_CIPHERS };

struct floor_key;

const char *floor_cipher_name(enum floor_cipher cipher);
bool floor_cipher_present(enum floor_cipher cipher);
/* Nanoseconds for one packet of `size` bytes, the median of several passes over many keys. */
double floor_cipher_ns(enum floor_cipher cipher, uint32_t size);
/* The faster one on packets of 1,100 bytes. */
enum floor_cipher floor_cipher_best(void);

/* NULL when the engine is missing or memory is. */
struct floor_key *floor_key_create(enum floor_cipher cipher, const uint8_t key[FLOOR_KEY_BYTES],
                                   bool seals);
void floor_key_destroy(struct floor_key *key); /* accepts NULL */

/* Ciphertext and tag of `plain` to `out`, which is elsewhere. */
void floor_key_seal(struct floor_key *key, const uint8_t iv[FLOOR_IV_BYTES], struct bytes aad,
                    struct bytes plain, uint8_t *out);
/* In place; `size` counts the tag. False: forged. */
bool floor_key_open(struct floor_key *key, const uint8_t iv[FLOOR_IV_BYTES], struct bytes aad,
                    uint8_t *data, size_t size);

#endif
