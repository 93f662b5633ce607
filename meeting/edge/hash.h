/* SHA-256 and random codes, by OpenSSL. */
#ifndef MEETING_EDGE_HASH_H
#define MEETING_EDGE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum { HASH_BYTES = 32, HASH_HEX_BYTES = 2 * HASH_BYTES + 1, HASH_CODE_MAX = 16 };

/* ERR_IO when the library cannot. */
MUST_USE enum err hash_sha256(struct bytes bytes, uint8_t ret_hash[HASH_BYTES]);
MUST_USE enum err hash_sha256_hex(struct bytes bytes, char ret_hex[HASH_HEX_BYTES]);
/* Of a file's contents, and its size. ERR_IO. */
MUST_USE enum err hash_file(int fd, char ret_hex[HASH_HEX_BYTES], uint64_t *ret_size_bytes);

/* `letters` random base32 characters (RFC 4648, section 6), 5 bits each, with a terminator. Needs:
 * letters <= HASH_CODE_MAX. ERR_IO. */
MUST_USE enum err hash_random_code(size_t letters, char *ret_code);

#endif
