/* AEAD_AES_128_GCM for SRTP and SRTCP (RFC 7714) over any AES-GCM the edge brings.
 *
 *   SRTP    header │ encrypted payload │ tag               associated: header
 *   SRTCP   8 bytes │ encrypted rest │ tag │ E + index     associated: 8 bytes, E + index
 *
 * The IV is the salt, XORed with the SSRC and the packet's index, so it repeats exactly when the
 * same (SSRC, index) is protected twice: whoever calls must never do that with changed bytes.
 * One direction of one endpoint; keys belong to the edge. */
#ifndef SFU_CORE_SRTP_GCM_H
#define SFU_CORE_SRTP_GCM_H

#include <stdint.h>

#include "sfu/core/srtp.h"

enum {
    SRTP_GCM_SALT_BYTES = 12,
    SRTCP_INDEX_BYTES = 4,
    SRTCP_CLEAR_BYTES = 8, /* header and sender's SSRC stay readable */
};

/* The session keys and salts that RFC 3711, section 4.3 derives from the master's. */
struct srtp_gcm {
    const struct aead_ops *aead;
    void *rtp_key;
    void *rtcp_key;
    uint8_t rtp_salt[SRTP_GCM_SALT_BYTES];
    uint8_t rtcp_salt[SRTP_GCM_SALT_BYTES];
};

/* The operations; their `state` is a struct srtp_gcm. */
extern const struct srtp_ops srtp_gcm_ops;

#endif
