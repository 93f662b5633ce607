/* From a master key to session keys (RFC 3711, section 4.3; AEAD key lengths: RFC 7714, section 11
 * and 12). The key derivation rate is 0, as DTLS-SRTP agrees it (RFC 5764, section 4.1.2). */
#ifndef SFU_EDGE_SRTP_KDF_H
#define SFU_EDGE_SRTP_KDF_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum srtp_kdf_label {
    SRTP_KDF_RTP_KEY = 0,
    SRTP_KDF_RTP_AUTH = 1,
    SRTP_KDF_RTP_SALT = 2,
    SRTP_KDF_RTCP_KEY = 3,
    SRTP_KDF_RTCP_AUTH = 4,
    SRTP_KDF_RTCP_SALT = 5,
};

enum { SRTP_KDF_SALT_MAX_BYTES = 14 };

/* Writes `size` bytes of the key named by `label`. Needs: a master key of 16 or 32 bytes and a
 * master salt of at most SRTP_KDF_SALT_MAX_BYTES. ERR_NO_MEMORY. */
MUST_USE enum err srtp_kdf(struct bytes master_key, struct bytes master_salt,
                           enum srtp_kdf_label label, uint8_t *ret_key, size_t size);

#endif
