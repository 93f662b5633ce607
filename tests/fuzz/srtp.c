/* One packet through every transform there is for AEAD_AES_128_GCM: by libipsec-mb, by EVP, by
 * libsrtp2. All three protect it to the same bytes; each opens what another made; a change of one
 * bit is refused by both of ours; and raw bytes are refused, or opened alike.
 *
 *   16 key │ 12 salt │ 1 own bytes │ 2 which bit │ packet */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/srtp.h>

#include "base/bytes.h"
#include "sfu/edge/srtp_lib.h"
#include "sfu/edge/transform.h"
#include "sfu/proto/rtp.h"

enum {
    KEY_BYTES = 16,
    SALT_BYTES = 12,
    PACKET_BYTES = 2048,
    PACKET_MAX_BYTES = 1500,
    WAYS = 3,
};

struct input {
    struct bytes key;
    struct bytes salt;
    uint8_t own;
    uint16_t bit;
    struct bytes packet;
};

static struct srtp_transform make(uint32_t way, const struct input *input, bool seals)
{
    static struct cipher *ciphers[2];
    struct srtp_transform transform;
    enum err err = ERR_OK;
    if (!ciphers[0])
        err = cipher_create(SFU_CIPHER_EVP, &ciphers[0]);
    if (!ciphers[1] && err == ERR_OK)
        err = cipher_create(SFU_CIPHER_AUTO, &ciphers[1]);
    if (err == ERR_OK && way < 2)
        err = transform_create_gcm(ciphers[way], input->key, input->salt,
                                   seals ? CIPHER_SEAL : CIPHER_OPEN, &transform);
    else if (err == ERR_OK)
        err = srtp_lib_create(SRTP_AEAD_AES_128_GCM, seals ? SRTP_LIB_OUTBOUND : SRTP_LIB_INBOUND,
                              input->key, input->salt, &transform);
    if (err != ERR_OK)
        abort();
    return transform;
}

static size_t protect(uint32_t way, const struct input *input, size_t header, uint64_t index,
                      uint8_t out[PACKET_BYTES])
{
    struct srtp_transform transform = make(way, input, true);
    struct bytes packet = input->packet;
    size_t payload = packet.size - header;
    size_t own = input->own < payload ? input->own : payload;
    size_t size = 0;
    memcpy(out, packet.data, header + own);
    enum err err = transform.ops->protect_rtp(
        transform.state, index, out, PACKET_BYTES, header, own,
        (struct bytes){packet.data + header + own, payload - own}, &size);
    assert(err == ERR_OK && size == packet.size + AEAD_TAG_BYTES);
    transform_destroy(&transform);
    return size;
}

static enum err unprotect(uint32_t way, const struct input *input, size_t header, uint64_t index,
                          uint8_t *packet, size_t *size)
{
    struct srtp_transform transform = make(way, input, false);
    enum err err =
        transform.ops->unprotect_rtp(transform.state, index, packet, *size, header, size);
    transform_destroy(&transform);
    return err;
}

static void round_trip(const struct input *input, const struct rtp_header *header)
{
    uint8_t sealed[WAYS][PACKET_BYTES];
    uint64_t index = header->sequence;
    size_t size = 0;
    for (uint32_t way = 0; way < WAYS; way++) {
        size = protect(way, input, header->size, index, sealed[way]);
        assert(memcmp(sealed[way], sealed[0], size) == 0);
    }
    for (uint32_t way = 0; way < WAYS; way++) {
        size_t opened = size;
        enum err err = unprotect(way, input, header->size, index, sealed[way], &opened);
        assert(err == ERR_OK && opened == input->packet.size);
        assert(memcmp(sealed[way], input->packet.data, opened) == 0);
    }
    size_t bit = header->size * 8 + input->bit % ((size - header->size) * 8);
    /* libsrtp2's refusals are a test of their own (tests/vectors): its sessions are slow. */
    for (uint32_t way = 0; way < 2; way++) {
        size_t opened = protect(0, input, header->size, index, sealed[way]);
        sealed[way][bit / 8] ^= (uint8_t)(1U << bit % 8);
        enum err err = unprotect(way, input, header->size, index, sealed[way], &opened);
        assert(err == ERR_AUTH);
    }
}

/* As it would come from the network: our own two agree on it. */
static void raw(const struct input *input, const struct rtp_header *header)
{
    uint8_t packet[2][PACKET_BYTES];
    size_t size[2] = {input->packet.size, input->packet.size};
    uint32_t index[2] = {0, 0};
    enum err err[2];
    for (uint32_t way = 0; way < 2; way++) {
        memcpy(packet[way], input->packet.data, input->packet.size);
        err[way] = unprotect(way, input, header->size, header->sequence, packet[way], &size[way]);
    }
    assert(err[0] == err[1] && size[0] == size[1]);
    for (uint32_t way = 0; way < 2; way++) {
        struct srtp_transform transform = make(way, input, false);
        memcpy(packet[way], input->packet.data, input->packet.size);
        size[way] = input->packet.size;
        err[way] = transform.ops->unprotect_rtcp(transform.state, packet[way], size[way],
                                                 &index[way], &size[way]);
        transform_destroy(&transform);
    }
    assert(err[0] == err[1] && size[0] == size[1] && index[0] == index[1]);
    assert(err[0] != ERR_OK || memcmp(packet[0], packet[1], size[0]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rd rd = rd_init((struct bytes){data, size});
    struct input input;
    input.key = rd_bytes(&rd, KEY_BYTES);
    input.salt = rd_bytes(&rd, SALT_BYTES);
    input.own = rd_u8(&rd);
    input.bit = rd_u16(&rd);
    input.packet = rd_bytes(&rd, rd_left(&rd));
    struct rtp_header header;
    if (rd.failed || input.packet.size > PACKET_MAX_BYTES ||
        rtp_parse(input.packet, &header) != ERR_OK)
        return 0;
    round_trip(&input, &header);
    raw(&input, &header);
    return 0;
}
