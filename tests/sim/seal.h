/* A stand-in for SRTP: bytes stay readable, a tag binds them to SSRC and packet index. It notices
 * what real encryption would punish: a wrong roll-over counter fails the tag, and protecting
 * changed bytes under the same (SSRC, index) is recorded as a broken promise. */
#ifndef TESTS_SIM_SEAL_H
#define TESTS_SIM_SEAL_H

#include <stdint.h>

#include "sfu/core/srtp.h"

enum { SEAL_TAG_BYTES = 8, SEAL_REMEMBERED = 1 << 14 };

/* One direction of one endpoint, or both directions of a peer that needs no memory. */
struct seal {
    uint64_t key;
    uint32_t reused; /* how often a nonce met other bytes */
    struct {
        uint64_t nonce;
        uint64_t digest;
    } used[SEAL_REMEMBERED]; /* by nonce; the latest of each place */
};

extern const struct srtp_ops seal_ops;

#endif
