/* From the keys of a handshake to both SRTP directions of an endpoint, and their end: ours for
 * AEAD_AES_128_GCM, libsrtp2 for every other profile. May be made on one thread and used on
 * another. */
#ifndef SFU_EDGE_TRANSFORM_H
#define SFU_EDGE_TRANSFORM_H

#include "base/err.h"
#include "sfu/core/srtp.h"
#include "sfu/edge/aead_evp.h"
#include "sfu/edge/dtls.h"

/* Our own transform for one direction (RFC 7714). Needs: AES-128 key and 96-bit salt. */
MUST_USE enum err transform_create_gcm(struct bytes master_key, struct bytes master_salt,
                                       enum aead_evp_direction direction,
                                       struct srtp_transform *ret_transform);

/* `keys` stay the caller's, to be wiped. ERR_UNSUPPORTED, ERR_NO_MEMORY. */
MUST_USE enum err transform_create_pair(const struct dtls_keys *keys, struct srtp_pair *ret_pair);
/* Wipes and frees what either function made; a zeroed transform or pair is empty. */
void transform_destroy(struct srtp_transform *transform);
void transform_destroy_pair(struct srtp_pair *pair);

#endif
