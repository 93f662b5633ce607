#include "sfu/core/srtp_gcm.h"

#include <assert.h>
#include <string.h>

_Static_assert((int)SRTP_GCM_SALT_BYTES == (int)AEAD_IV_BYTES,
               "the IV is the salt with bits flipped");

static const uint32_t encrypted_bit = UINT32_C(1) << 31;

static void put_u32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}

static uint32_t get_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* 00 00 | SSRC | 6 bytes of index, XORed with the salt. In SRTP the index is roll-over counter and
 * sequence number (RFC 7714, section 8.1), in SRTCP two zero bytes and 31 bits (section 9.1). */
static void gcm_iv(uint8_t iv[AEAD_IV_BYTES], const uint8_t salt[SRTP_GCM_SALT_BYTES],
                   const uint8_t ssrc[4], uint64_t index)
{
    /* In registers, not byte by byte: this runs for every packet. */
    put_u32(iv, get_u32(salt) ^ get_u32(ssrc) >> 16);
    put_u32(iv + 4, get_u32(salt + 4) ^ (get_u32(ssrc) << 16 | (uint32_t)(index >> 32 & 0xffff)));
    put_u32(iv + 8, get_u32(salt + 8) ^ (uint32_t)index);
}

static enum err gcm_protect_rtp(void *state, uint64_t index, uint8_t *packet, size_t capacity,
                                size_t header_size, size_t own_size, struct bytes shared,
                                size_t *ret_size)
{
    const struct srtp_gcm *gcm = state;
    size_t size = header_size + own_size + shared.size + AEAD_TAG_BYTES;
    assert(header_size >= 12);
    if (size > capacity)
        return ERR_LIMIT;

    uint8_t iv[AEAD_IV_BYTES];
    gcm_iv(iv, gcm->rtp_salt, packet + 8, index);
    gcm->aead->seal(gcm->rtp_key, iv, (struct bytes){packet, header_size}, packet + header_size,
                    own_size, shared);
    *ret_size = size;
    return ERR_OK;
}

static enum err gcm_unprotect_rtp(void *state, uint64_t index, uint8_t *packet, size_t size,
                                  size_t header_size, size_t *ret_size)
{
    const struct srtp_gcm *gcm = state;
    assert(header_size >= 12 && header_size <= size);
    if (size - header_size < AEAD_TAG_BYTES)
        return ERR_AUTH;

    uint8_t iv[AEAD_IV_BYTES];
    gcm_iv(iv, gcm->rtp_salt, packet + 8, index);
    enum err err = gcm->aead->open(gcm->rtp_key, iv, (struct bytes){packet, header_size},
                                   packet + header_size, size - header_size);
    if (err == ERR_OK)
        *ret_size = size - AEAD_TAG_BYTES;
    return err;
}

/* The clear bytes and the index word, which stand apart in the packet (RFC 7714, section 9.2). */
static void rtcp_associated(uint8_t aad[SRTCP_CLEAR_BYTES + SRTCP_INDEX_BYTES],
                            const uint8_t *packet, uint32_t index_word)
{
    memcpy(aad, packet, SRTCP_CLEAR_BYTES);
    put_u32(aad + SRTCP_CLEAR_BYTES, index_word);
}

static enum err gcm_protect_rtcp(void *state, uint32_t index, uint8_t *packet, size_t capacity,
                                 size_t size, size_t *ret_size)
{
    const struct srtp_gcm *gcm = state;
    size_t whole = size + AEAD_TAG_BYTES + SRTCP_INDEX_BYTES;
    assert(size >= SRTCP_CLEAR_BYTES && !(index & encrypted_bit));
    if (whole > capacity)
        return ERR_LIMIT;

    uint8_t iv[AEAD_IV_BYTES];
    uint8_t aad[SRTCP_CLEAR_BYTES + SRTCP_INDEX_BYTES];
    gcm_iv(iv, gcm->rtcp_salt, packet + 4, index);
    rtcp_associated(aad, packet, index | encrypted_bit);
    gcm->aead->seal(gcm->rtcp_key, iv, (struct bytes){aad, sizeof aad}, packet + SRTCP_CLEAR_BYTES,
                    size - SRTCP_CLEAR_BYTES, (struct bytes){NULL, 0});
    put_u32(packet + size + AEAD_TAG_BYTES, index | encrypted_bit);
    *ret_size = whole;
    return ERR_OK;
}

static enum err gcm_unprotect_rtcp(void *state, uint8_t *packet, size_t size, uint32_t *ret_index,
                                   size_t *ret_size)
{
    const struct srtp_gcm *gcm = state;
    if (size < SRTCP_CLEAR_BYTES + AEAD_TAG_BYTES + SRTCP_INDEX_BYTES)
        return ERR_SHORT;
    uint32_t word = get_u32(packet + size - SRTCP_INDEX_BYTES);
    /* Authenticated but unencrypted SRTCP is allowed by the RFC and used by nobody we serve. */
    if (!(word & encrypted_bit))
        return ERR_UNSUPPORTED;

    uint8_t iv[AEAD_IV_BYTES];
    uint8_t aad[SRTCP_CLEAR_BYTES + SRTCP_INDEX_BYTES];
    gcm_iv(iv, gcm->rtcp_salt, packet + 4, word & ~encrypted_bit);
    rtcp_associated(aad, packet, word);
    enum err err =
        gcm->aead->open(gcm->rtcp_key, iv, (struct bytes){aad, sizeof aad},
                        packet + SRTCP_CLEAR_BYTES, size - SRTCP_CLEAR_BYTES - SRTCP_INDEX_BYTES);
    if (err != ERR_OK)
        return err;
    *ret_index = word & ~encrypted_bit;
    *ret_size = size - AEAD_TAG_BYTES - SRTCP_INDEX_BYTES;
    return ERR_OK;
}

static void gcm_prefetch(const void *state)
{
    const struct srtp_gcm *gcm = state;
    const uint8_t *key = gcm->rtp_key;
    for (size_t at = 0; at < gcm->aead->key_bytes; at += 64)
        __builtin_prefetch(key + at);
}

static enum err gcm_add_outgoing(void *state, uint32_t ssrc)
{
    (void)state;
    (void)ssrc;
    return ERR_OK; /* the SSRC is read from each packet */
}

const struct srtp_ops srtp_gcm_ops = {
    .protect_rtp = gcm_protect_rtp,
    .unprotect_rtp = gcm_unprotect_rtp,
    .protect_rtcp = gcm_protect_rtcp,
    .unprotect_rtcp = gcm_unprotect_rtcp,
    .prefetch = gcm_prefetch,
    .add_outgoing = gcm_add_outgoing,
};
