/* From the keys of a handshake to both SRTP directions of an endpoint, and their end: ours for
 * AEAD_AES_128_GCM, libsrtp2 for every other profile. May be made on one thread and used on
 * another. */
#ifndef SFU_EDGE_TRANSFORM_H
#define SFU_EDGE_TRANSFORM_H

#include "base/err.h"
#include "base/jobs.h"
#include "sfu/core/srtp.h"
#include "sfu/edge/cipher.h"
#include "sfu/edge/dtls.h"

/* Our own transform for one direction (RFC 7714). Needs: AES-128 key and 96-bit salt. `cipher` is
 * borrowed for as long as the transform lives. */
MUST_USE enum err transform_create_gcm(const struct cipher *cipher, struct bytes master_key,
                                       struct bytes master_salt, enum cipher_direction direction,
                                       struct srtp_transform *ret_transform);

/* `keys` stay the caller's, to be wiped; `cipher` as above. ERR_UNSUPPORTED, ERR_NO_MEMORY. */
MUST_USE enum err transform_create_pair(const struct cipher *cipher, const struct dtls_keys *keys,
                                        struct srtp_pair *ret_pair);
/* Wipes and frees what either function made; a zeroed transform or pair is empty. */
void transform_destroy(struct srtp_transform *transform);
void transform_destroy_pair(struct srtp_pair *pair);
/* The same from a media thread: libsrtp2 takes as long to give a session back as a hundred packets
 * cost, so that is left to Jobs, unless they have no room. */
void transform_retire_pair(struct jobs *jobs, struct srtp_pair *pair);
/* Memory that both directions of an endpoint take, with our own transform. */
size_t transform_pair_size(const struct cipher *cipher);

#endif
