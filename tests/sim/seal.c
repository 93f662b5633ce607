#include "tests/sim/seal.h"

#include <string.h>

static uint64_t digest(uint64_t key, uint64_t nonce, const uint8_t *data, size_t size)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325) ^ key ^ (nonce * UINT64_C(0x9e3779b97f4a7c15));
    for (size_t i = 0; i < size; i += sizeof sum) {
        uint64_t word = 0;
        memcpy(&word, data + i, size - i < sizeof word ? size - i : sizeof word);
        sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        sum ^= sum >> 32;
    }
    return sum;
}

static uint64_t nonce_of(const uint8_t *ssrc, uint64_t index)
{
    uint64_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | ssrc[i];
    return value << 40 ^ (index + 1);
}

static void put_tag(uint8_t *at, uint64_t tag)
{
    memcpy(at, &tag, SEAL_TAG_BYTES);
}

static bool tag_is(const uint8_t *at, uint64_t tag)
{
    return memcmp(at, &tag, SEAL_TAG_BYTES) == 0;
}

static void remember(struct seal *seal, uint64_t nonce, uint64_t sum)
{
    size_t at = (size_t)((nonce ^ nonce >> 40) % SEAL_REMEMBERED);
    if (seal->used[at].nonce == nonce && seal->used[at].digest != sum)
        seal->reused++;
    seal->used[at].nonce = nonce;
    seal->used[at].digest = sum;
}

static enum err protect_rtp(void *state, uint64_t index, uint8_t *packet, size_t capacity,
                            size_t header_size, size_t own_size, struct bytes shared,
                            size_t *ret_size)
{
    size_t size = header_size + own_size + shared.size;
    if (size + SEAL_TAG_BYTES > capacity)
        return ERR_LIMIT;
    if (shared.size)
        memcpy(packet + header_size + own_size, shared.data, shared.size);
    struct seal *seal = state;
    uint64_t nonce = nonce_of(packet + 8, index);
    uint64_t sum = digest(seal->key, nonce, packet, size);
    remember(seal, nonce, sum);
    put_tag(packet + size, sum);
    *ret_size = size + SEAL_TAG_BYTES;
    return ERR_OK;
}

static enum err unprotect_rtp(void *state, uint64_t index, uint8_t *packet, size_t size,
                              size_t header_size, size_t *ret_size)
{
    const struct seal *seal = state;
    if (size < header_size + SEAL_TAG_BYTES)
        return ERR_AUTH;
    size -= SEAL_TAG_BYTES;
    if (!tag_is(packet + size, digest(seal->key, nonce_of(packet + 8, index), packet, size)))
        return ERR_AUTH;
    *ret_size = size;
    return ERR_OK;
}

/* ‥ packet │ index │ tag */
static enum err protect_rtcp(void *state, uint32_t index, uint8_t *packet, size_t capacity,
                             size_t size, size_t *ret_size)
{
    const struct seal *seal = state;
    if (size + 4 + SEAL_TAG_BYTES > capacity)
        return ERR_LIMIT;
    memcpy(packet + size, &index, 4);
    size += 4;
    put_tag(packet + size, digest(seal->key, nonce_of(packet + 4, index), packet, size));
    *ret_size = size + SEAL_TAG_BYTES;
    return ERR_OK;
}

static enum err unprotect_rtcp(void *state, uint8_t *packet, size_t size, uint32_t *ret_index,
                               size_t *ret_size)
{
    const struct seal *seal = state;
    uint32_t index;
    if (size < 8 + 4 + SEAL_TAG_BYTES)
        return ERR_SHORT;
    size -= SEAL_TAG_BYTES;
    memcpy(&index, packet + size - 4, 4);
    if (!tag_is(packet + size, digest(seal->key, nonce_of(packet + 4, index), packet, size)))
        return ERR_AUTH;
    *ret_index = index;
    *ret_size = size - 4;
    return ERR_OK;
}

static enum err add_outgoing(void *state, uint32_t ssrc)
{
    (void)state;
    (void)ssrc;
    return ERR_OK;
}

const struct srtp_ops seal_ops = {
    .protect_rtp = protect_rtp,
    .unprotect_rtp = unprotect_rtp,
    .protect_rtcp = protect_rtcp,
    .unprotect_rtcp = unprotect_rtcp,
    .add_outgoing = add_outgoing,
};
