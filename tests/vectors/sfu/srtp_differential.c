/* Our AEAD_AES_128_GCM, by each library that may do its arithmetic, against libsrtp2, key
 * derivation included: what one protects, the other opens to the same bytes, for every size, over
 * roll-overs, for SRTP and SRTCP, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/srtp.h>

#include "base/random.h"
#include "sfu/core/srtp_gcm.h"
#include "sfu/edge/srtp_lib.h"
#include "sfu/edge/transform.h"
#include "tests/support/each_cipher.h"

enum {
    SSRC = 0x5501a0b2,
    PAYLOAD_MAX_BYTES = 1300,
    PACKET_BYTES = 1500,
    ROLL_OVER_PACKETS = 3 * 65536,
    ROLL_OVER_STEP = 997, /* libsrtp2 guesses the roll-over counter: a step below 2^15 */
};

struct both {
    struct srtp_transform ours;
    struct srtp_transform theirs;
    struct rng rng;
};

static void fill(struct rng *rng, uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)rng_u64(rng);
}

static struct both both_of(uint64_t seed, bool we_protect)
{
    struct both both = {.rng = rng_seed(seed)};
    uint8_t key[16];
    uint8_t salt[12];
    fill(&both.rng, key, sizeof key);
    fill(&both.rng, salt, sizeof salt);
    struct bytes master_key = {key, sizeof key};
    struct bytes master_salt = {salt, sizeof salt};
    assert_int_equal(transform_create_gcm(cipher, master_key, master_salt,
                                          we_protect ? CIPHER_SEAL : CIPHER_OPEN, &both.ours),
                     ERR_OK);
    assert_int_equal(srtp_lib_create(SRTP_AEAD_AES_128_GCM,
                                     we_protect ? SRTP_LIB_INBOUND : SRTP_LIB_OUTBOUND, master_key,
                                     master_salt, &both.theirs),
                     ERR_OK);
    return both;
}

static void done(struct both *both)
{
    transform_destroy(&both->ours);
    transform_destroy(&both->theirs);
}

/* An RTP packet with up to 15 CSRCs, sometimes an extension, and random payload. */
static size_t make_rtp(struct rng *rng, uint16_t sequence, size_t payload, uint8_t *packet,
                       size_t *ret_header)
{
    uint32_t csrcs = rng_below(rng, 4) == 0 ? rng_below(rng, 16) : 0;
    uint32_t words = rng_below(rng, 5);
    struct wr wr = wr_init(packet, PACKET_BYTES);
    wr_u8(&wr, (uint8_t)(0x80 | (words ? 0x10 : 0) | csrcs));
    wr_u8(&wr, 96);
    wr_u16(&wr, sequence);
    wr_u32(&wr, (uint32_t)rng_u64(rng));
    wr_u32(&wr, SSRC);
    for (uint32_t i = 0; i < csrcs; i++)
        wr_u32(&wr, (uint32_t)rng_u64(rng));
    if (words) {
        wr_u16(&wr, 0xbede);
        wr_u16(&wr, (uint16_t)words);
        wr_fill(&wr, 0, words * 4);
    }
    *ret_header = wr_size(&wr);
    fill(rng, wr.at, payload);
    return *ret_header + payload;
}

static void carry_rtp(struct both *both, bool we_protect, uint64_t index, size_t payload)
{
    uint8_t plain[PACKET_BYTES];
    uint8_t packet[PACKET_BYTES];
    size_t header;
    size_t size = make_rtp(&both->rng, (uint16_t)index, payload, plain, &header);
    size_t own = rng_below(&both->rng, (uint32_t)(payload < 16 ? payload : 16) + 1);
    const struct srtp_transform *from = we_protect ? &both->ours : &both->theirs;
    const struct srtp_transform *to = we_protect ? &both->theirs : &both->ours;
    memcpy(packet, plain, header + own);
    size_t whole;
    assert_int_equal(from->ops->protect_rtp(from->state, index, packet, sizeof packet, header, own,
                                            (struct bytes){plain + header + own, payload - own},
                                            &whole),
                     ERR_OK);
    assert_true(whole > size && whole <= size + SRTP_OVERHEAD_MAX_BYTES);
    size_t opened;
    assert_int_equal(to->ops->unprotect_rtp(to->state, index, packet, whole, header, &opened),
                     ERR_OK);
    assert_int_equal(opened, size);
    assert_memory_equal(packet, plain, size);
}

static void rtp_of_every_size(bool we_protect)
{
    struct both both = both_of(7, we_protect);
    for (size_t payload = 0; payload <= PAYLOAD_MAX_BYTES; payload++)
        carry_rtp(&both, we_protect, payload + 1, payload);
    done(&both);
}

static void rtp_over_roll_overs(bool we_protect)
{
    struct both both = both_of(8, we_protect);
    for (uint64_t index = 30000; index < ROLL_OVER_PACKETS; index += ROLL_OVER_STEP)
        carry_rtp(&both, we_protect, index, 100);
    for (uint64_t index = ROLL_OVER_PACKETS; index < ROLL_OVER_PACKETS + 3; index++)
        carry_rtp(&both, we_protect, index, 100);
    done(&both);
}

static void carry_rtcp(struct both *both, bool we_protect, uint32_t index, size_t size)
{
    const struct srtp_transform *from = we_protect ? &both->ours : &both->theirs;
    const struct srtp_transform *to = we_protect ? &both->theirs : &both->ours;
    uint8_t plain[PACKET_BYTES];
    uint8_t packet[PACKET_BYTES];
    fill(&both->rng, plain, size);
    struct wr wr = wr_init(plain, 8);
    wr_u8(&wr, 0x80);
    wr_u8(&wr, 200);
    wr_u16(&wr, (uint16_t)(size / 4 - 1));
    wr_u32(&wr, SSRC);
    memcpy(packet, plain, size);
    size_t whole;
    assert_int_equal(
        from->ops->protect_rtcp(from->state, index, packet, sizeof packet, size, &whole), ERR_OK);
    size_t opened;
    uint32_t carried;
    assert_int_equal(to->ops->unprotect_rtcp(to->state, packet, whole, &carried, &opened), ERR_OK);
    assert_int_equal(opened, size);
    assert_int_equal(carried, index);
    assert_memory_equal(packet, plain, size);
}

static void rtcp_of_every_size(bool we_protect)
{
    struct both both = both_of(9, we_protect);
    for (size_t size = 8; size <= PAYLOAD_MAX_BYTES; size += 4)
        carry_rtcp(&both, we_protect, (uint32_t)size / 4 - 1, size);
    done(&both);
}

static void libsrtp2_opens_our_rtp_of_every_size(void **state)
{
    (void)state;
    rtp_of_every_size(true);
}

static void we_open_libsrtp2_rtp_of_every_size(void **state)
{
    (void)state;
    rtp_of_every_size(false);
}

static void libsrtp2_opens_our_rtp_over_roll_overs(void **state)
{
    (void)state;
    rtp_over_roll_overs(true);
}

static void we_open_libsrtp2_rtp_over_roll_overs(void **state)
{
    (void)state;
    rtp_over_roll_overs(false);
}

static void libsrtp2_opens_our_rtcp_of_every_size(void **state)
{
    (void)state;
    rtcp_of_every_size(true);
}

static void we_open_libsrtp2_rtcp_of_every_size(void **state)
{
    (void)state;
    rtcp_of_every_size(false);
}

/* Both transforms refuse the same damage. */
static void both_refuse_an_altered_packet(void **state)
{
    (void)state;
    for (int we_protect = 0; we_protect < 2; we_protect++) {
        struct both both = both_of(10, we_protect);
        const struct srtp_transform *from = we_protect ? &both.ours : &both.theirs;
        const struct srtp_transform *to = we_protect ? &both.theirs : &both.ours;
        for (uint32_t round = 1; round < 200; round++) {
            uint8_t plain[PACKET_BYTES];
            uint8_t packet[PACKET_BYTES];
            size_t header;
            size_t size = make_rtp(&both.rng, (uint16_t)round, 50, plain, &header);
            memcpy(packet, plain, header);
            size_t whole;
            assert_int_equal(from->ops->protect_rtp(from->state, round, packet, sizeof packet,
                                                    header, 0, (struct bytes){plain + header, 50},
                                                    &whole),
                             ERR_OK);
            assert_int_equal(whole, size + AEAD_TAG_BYTES);
            size_t bit = (header + rng_below(&both.rng, (uint32_t)(whole - header))) * 8;
            packet[bit / 8] ^= (uint8_t)(1U << rng_below(&both.rng, 8));
            size_t opened;
            assert_int_equal(
                to->ops->unprotect_rtp(to->state, round, packet, whole, header, &opened), ERR_AUTH);
        }
        done(&both);
    }
}

/* Both directions of a handshake's keys, as server and client hold them. */
static void every_profile_carries_rtp_and_rtcp(void **state)
{
    (void)state;
    static const struct dtls_keys profiles[] = {
        {.profile = SRTP_AEAD_AES_256_GCM, .key_size = 32, .salt_size = 12},
        {.profile = SRTP_AES128_CM_SHA1_80, .key_size = 16, .salt_size = 14},
        {.profile = SRTP_AEAD_AES_128_GCM, .key_size = 16, .salt_size = 12},
    };
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        struct rng rng = rng_seed(i);
        struct srtp_pair server;
        struct srtp_pair client;
        struct dtls_keys keys = profiles[i];
        fill(&rng, keys.client_key, sizeof keys.client_key);
        fill(&rng, keys.server_key, sizeof keys.server_key);
        assert_int_equal(transform_create_pair(cipher, &keys, &server), ERR_OK);
        struct dtls_keys mirrored = keys;
        memcpy(mirrored.client_key, keys.server_key, sizeof keys.server_key);
        memcpy(mirrored.server_key, keys.client_key, sizeof keys.client_key);
        assert_int_equal(transform_create_pair(cipher, &mirrored, &client), ERR_OK);
        struct both both = {.ours = server.outbound, .theirs = client.inbound, .rng = rng};
        for (uint64_t index = 1; index < 50; index++)
            carry_rtp(&both, true, index, index);
        for (uint32_t index = 1; index < 50; index++)
            carry_rtcp(&both, true, index, 4 + 4 * (size_t)index);
        both = (struct both){.ours = client.outbound, .theirs = server.inbound, .rng = rng};
        for (uint64_t index = 1; index < 50; index++)
            carry_rtp(&both, true, index, index);
        transform_destroy_pair(&server);
        transform_destroy_pair(&client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libsrtp2_opens_our_rtp_of_every_size),
        cmocka_unit_test(we_open_libsrtp2_rtp_of_every_size),
        cmocka_unit_test(libsrtp2_opens_our_rtp_over_roll_overs),
        cmocka_unit_test(we_open_libsrtp2_rtp_over_roll_overs),
        cmocka_unit_test(libsrtp2_opens_our_rtcp_of_every_size),
        cmocka_unit_test(we_open_libsrtp2_rtcp_of_every_size),
        cmocka_unit_test(both_refuse_an_altered_packet),
        cmocka_unit_test(every_profile_carries_rtp_and_rtcp),
    };
    return RUN_WITH_EACH_CIPHER("srtp differential", tests);
}
