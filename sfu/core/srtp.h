/* The border between the worker and whatever protects its packets (RFC 3711).
 *
 * The worker keeps what decides: packet indexes, roll-over counters and replay windows, one per
 * SSRC. A transform turns bytes into bytes. Two exist: srtp_gcm.h, our own AEAD_AES_128_GCM
 * (RFC 7714) over an `aead_ops` of the edge, and the edge's wrapper of libsrtp2 for every other
 * profile, which keeps indexes of its own besides and ignores ours. */
#ifndef SFU_CORE_SRTP_H
#define SFU_CORE_SRTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum {
    AEAD_IV_BYTES = 12,
    AEAD_TAG_BYTES = 16,
    SRTP_OVERHEAD_MAX_BYTES = 64, /* the most any profile adds to a packet */
};

/* AES-128-GCM with a prepared key. `key` is the edge's; one thread uses it at a time. */
struct aead_ops {
    /* Encrypts `head` where it lies in `out`, then `rest` to behind it, then the tag:
     * out[0 .. head_size) is plaintext on entry; ciphertext and tag take
     * head_size + rest.size + AEAD_TAG_BYTES bytes. `rest` is only read. */
    void (*seal)(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad, uint8_t *out,
                 size_t head_size, struct bytes rest);
    /* Decrypts `size` bytes of ciphertext and tag in place; ERR_AUTH leaves the bytes undefined,
     * and they must not be used. Needs: size >= AEAD_TAG_BYTES. */
    enum err (*open)(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad, uint8_t *data,
                     size_t size);
    /* How many bytes of a key sealing a packet reads, from its beginning; 0: not worth fetching. */
    size_t key_bytes;
};

/* One direction of one endpoint. */
struct srtp_ops {
    /* packet[0 .. header_size) is the RTP header with CSRCs and extensions, followed by own_size
     * payload bytes; `shared` is the rest of the payload and is only read. Writes the protected
     * packet to `packet`. `index` is roll-over counter and sequence number (RFC 3711, 3.3.1).
     * ERR_LIMIT when it does not fit into `capacity`. */
    enum err (*protect_rtp)(void *state, uint64_t index, uint8_t *packet, size_t capacity,
                            size_t header_size, size_t own_size, struct bytes shared,
                            size_t *ret_size);
    /* In place. ERR_AUTH, or the plain packet's size. Needs: header_size is within size. */
    enum err (*unprotect_rtp)(void *state, uint64_t index, uint8_t *packet, size_t size,
                              size_t header_size, size_t *ret_size);
    /* A compound RTCP packet, in place; `index` is the 31-bit SRTCP index. */
    enum err (*protect_rtcp)(void *state, uint32_t index, uint8_t *packet, size_t capacity,
                             size_t size, size_t *ret_size);
    /* Also gives the SRTCP index it carried, for the replay window. */
    enum err (*unprotect_rtcp)(void *state, uint8_t *packet, size_t size, uint32_t *ret_index,
                               size_t *ret_size);
    /* The next packet to be protected is this one's: what it needs may be fetched into the caches.
     * Only a hint, and NULL where there is nothing to fetch. */
    void (*prefetch)(const void *state);
    /* Adds an outgoing SSRC before its first packet; libsrtp2 needs to know, ours does not. */
    enum err (*add_outgoing)(void *state, uint32_t ssrc);
};

struct srtp_transform {
    const struct srtp_ops *ops;
    void *state; /* the edge's; given back by an output when the endpoint is gone */
};

/* Both directions, as the handshake gives them. */
struct srtp_pair {
    struct srtp_transform inbound;
    struct srtp_transform outbound;
};

#endif
