/* AES-128-GCM for packets by libipsec-mb (amd64): `aead_ops` over its one-call interface.
 *
 * The library picks the instructions that this processor has (VAES with AVX-512, AVX2, AVX, SSE)
 * and tests itself when it starts. Of its manager only the table of functions is used, which
 * nothing changes afterwards: the calls below keep their state in a context of their own, so one
 * manager serves all threads. Only its multi-buffer queues would need one each.
 * Tags are compared in constant time; keys are wiped. One thread uses a key at a time. */
#ifndef SFU_EDGE_AEAD_IPSEC_MB_H
#define SFU_EDGE_AEAD_IPSEC_MB_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sfu/core/srtp.h"

enum { AEAD_IPSEC_MB_KEY_BYTES = 16 };

struct aead_ipsec_mb;

/* ERR_UNSUPPORTED: the processor has no AES and carry-less multiplication, or the library failed
 * its own test. */
MUST_USE enum err aead_ipsec_mb_create(struct aead_ipsec_mb **ret_library);
void aead_ipsec_mb_destroy(struct aead_ipsec_mb *library); /* accepts NULL */
const char *aead_ipsec_mb_name(const struct aead_ipsec_mb *library);

/* Round keys and powers of the hash key, prepared; for both directions. */
MUST_USE enum err aead_ipsec_mb_key_create(const struct aead_ipsec_mb *library,
                                           const uint8_t key[AEAD_IPSEC_MB_KEY_BYTES],
                                           void **ret_key);
void aead_ipsec_mb_key_destroy(void *key); /* wipes it; accepts NULL */
size_t aead_ipsec_mb_key_size(void);

extern const struct aead_ops aead_ipsec_mb;

#endif
