#include "sfu/core/srtp_gcm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A cipher that only records what it was given, and flips every bit. */
struct recorder {
    uint8_t iv[AEAD_IV_BYTES];
    uint8_t aad[64];
    size_t aad_size;
};

static void record(struct recorder *recorder, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad)
{
    memcpy(recorder->iv, iv, AEAD_IV_BYTES);
    assert_in_range(aad.size, 1, sizeof recorder->aad);
    memcpy(recorder->aad, aad.data, aad.size);
    recorder->aad_size = aad.size;
}

static void flip_seal(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad, uint8_t *out,
                      size_t head_size, struct bytes rest)
{
    record(key, iv, aad);
    for (size_t i = 0; i < head_size; i++)
        out[i] = (uint8_t)~out[i];
    for (size_t i = 0; i < rest.size; i++)
        out[head_size + i] = (uint8_t)~rest.data[i];
    memset(out + head_size + rest.size, 0x77, AEAD_TAG_BYTES);
}

static enum err flip_open(void *key, const uint8_t iv[AEAD_IV_BYTES], struct bytes aad,
                          uint8_t *data, size_t size)
{
    record(key, iv, aad);
    for (size_t i = 0; i < size - AEAD_TAG_BYTES; i++)
        data[i] = (uint8_t)~data[i];
    for (size_t i = size - AEAD_TAG_BYTES; i < size; i++)
        if (data[i] != 0x77)
            return ERR_AUTH;
    return ERR_OK;
}

static const struct aead_ops flip = {.seal = flip_seal, .open = flip_open};
static struct recorder rtp_key;
static struct recorder rtcp_key;
static struct srtp_gcm gcm = {
    .aead = &flip,
    .rtp_key = &rtp_key,
    .rtcp_key = &rtcp_key,
    .rtp_salt = {0x51, 0x75, 0x69, 0x64, 0x20, 0x70, 0x72, 0x6f, 0x20, 0x71, 0x75, 0x6f},
    .rtcp_salt = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};

/* The header of RFC 7714, section 16.1. */
static const uint8_t rtp_header[12] = {0x80, 0x40, 0xf1, 0x7b, 0x80, 0x41,
                                       0xf8, 0xd3, 0x55, 0x01, 0xa0, 0xb2};

static void the_iv_is_the_salt_with_ssrc_and_index_folded_in(void **state)
{
    (void)state;
    uint8_t packet[64];
    size_t size;
    memcpy(packet, rtp_header, sizeof rtp_header);
    assert_int_equal(srtp_gcm_ops.protect_rtp(&gcm, 0xf17b, packet, sizeof packet, 12, 0,
                                              bytes_of("Gallia est"), &size),
                     ERR_OK);
    /* RFC 7714, section 16.1.1 prints this one. */
    static const uint8_t iv[] = {0x51, 0x75, 0x3c, 0x65, 0x80, 0xc2,
                                 0x72, 0x6f, 0x20, 0x71, 0x84, 0x14};
    assert_memory_equal(rtp_key.iv, iv, sizeof iv);
    assert_int_equal(rtp_key.aad_size, 12);
    assert_memory_equal(rtp_key.aad, rtp_header, 12);
    assert_int_equal(size, 12 + 10 + AEAD_TAG_BYTES);
}

static void the_roll_over_counter_is_part_of_the_iv(void **state)
{
    (void)state;
    uint8_t packet[64];
    size_t size;
    memcpy(packet, rtp_header, sizeof rtp_header);
    assert_int_equal(srtp_gcm_ops.protect_rtp(&gcm, UINT64_C(0x1020304f17b), packet, sizeof packet,
                                              12, 0, bytes_of(""), &size),
                     ERR_OK);
    static const uint8_t tail[] = {0x72 ^ 0x01, 0x6f ^ 0x02, 0x20 ^ 0x03, 0x71 ^ 0x04, 0x84, 0x14};
    assert_memory_equal(rtp_key.iv + 6, tail, sizeof tail);
}

static void own_and_shared_bytes_become_one_payload_that_opens_again(void **state)
{
    (void)state;
    uint8_t packet[64];
    size_t size;
    memcpy(packet, rtp_header, sizeof rtp_header);
    memcpy(packet + 12, "own", 3);
    assert_int_equal(
        srtp_gcm_ops.protect_rtp(&gcm, 5, packet, sizeof packet, 12, 3, bytes_of("shared"), &size),
        ERR_OK);
    assert_memory_not_equal(packet + 12, "own", 3);
    assert_int_equal(srtp_gcm_ops.unprotect_rtp(&gcm, 5, packet, size, 12, &size), ERR_OK);
    assert_int_equal(size, 12 + 9);
    assert_memory_equal(packet + 12, "ownshared", 9);
}

static void a_packet_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    uint8_t packet[64];
    size_t size = 99;
    memcpy(packet, rtp_header, sizeof rtp_header);
    assert_int_equal(srtp_gcm_ops.protect_rtp(&gcm, 5, packet, 12 + 6 + AEAD_TAG_BYTES - 1, 12, 0,
                                              bytes_of("shared"), &size),
                     ERR_LIMIT);
    assert_int_equal(size, 99);
}

static void every_truncation_of_a_packet_is_refused(void **state)
{
    (void)state;
    uint8_t packet[64];
    size_t whole;
    memcpy(packet, rtp_header, sizeof rtp_header);
    assert_int_equal(
        srtp_gcm_ops.protect_rtp(&gcm, 5, packet, sizeof packet, 12, 0, bytes_of("shared"), &whole),
        ERR_OK);
    for (size_t size = 12; size < whole; size++) {
        uint8_t copy[64];
        size_t plain;
        memcpy(copy, packet, size);
        assert_int_equal(srtp_gcm_ops.unprotect_rtp(&gcm, 5, copy, size, 12, &plain), ERR_AUTH);
    }
}

static void srtcp_carries_its_index_and_the_encrypted_bit(void **state)
{
    (void)state;
    uint8_t packet[64] = {0x81, 201, 0, 1, 0xaa, 0xbb, 0xcc, 0xdd, 'r', 'e', 's', 't'};
    size_t size;
    uint32_t index;
    assert_int_equal(srtp_gcm_ops.protect_rtcp(&gcm, 0x01020304, packet, sizeof packet, 12, &size),
                     ERR_OK);
    assert_int_equal(size, 12 + AEAD_TAG_BYTES + SRTCP_INDEX_BYTES);
    static const uint8_t word[] = {0x81, 0x02, 0x03, 0x04};
    assert_memory_equal(packet + size - 4, word, 4);
    assert_int_equal(rtcp_key.aad_size, 12);
    assert_memory_equal(rtcp_key.aad, packet, 8);
    assert_memory_equal(rtcp_key.aad + 8, word, 4);
    static const uint8_t iv[] = {1, 2, 3 ^ 0xaa, 4 ^ 0xbb,  5 ^ 0xcc,  6 ^ 0xdd,
                                 7, 8, 9 ^ 0x01, 10 ^ 0x02, 11 ^ 0x03, 12 ^ 0x04};
    assert_memory_equal(rtcp_key.iv, iv, sizeof iv);
    assert_int_equal(srtp_gcm_ops.unprotect_rtcp(&gcm, packet, size, &index, &size), ERR_OK);
    assert_int_equal(index, 0x01020304);
    assert_int_equal(size, 12);
    assert_memory_equal(packet + 8, "rest", 4);
}

static void srtcp_that_is_short_or_not_encrypted_is_refused(void **state)
{
    (void)state;
    uint8_t packet[64] = {0x81, 201, 0, 1};
    size_t size;
    uint32_t index;
    for (size_t short_by = 1; short_by < 28; short_by++)
        assert_int_equal(srtp_gcm_ops.unprotect_rtcp(&gcm, packet, 28 - short_by, &index, &size),
                         ERR_SHORT);
    assert_int_equal(srtp_gcm_ops.unprotect_rtcp(&gcm, packet, 40, &index, &size), ERR_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_iv_is_the_salt_with_ssrc_and_index_folded_in),
        cmocka_unit_test(the_roll_over_counter_is_part_of_the_iv),
        cmocka_unit_test(own_and_shared_bytes_become_one_payload_that_opens_again),
        cmocka_unit_test(a_packet_that_does_not_fit_is_refused),
        cmocka_unit_test(every_truncation_of_a_packet_is_refused),
        cmocka_unit_test(srtcp_carries_its_index_and_the_encrypted_bit),
        cmocka_unit_test(srtcp_that_is_short_or_not_encrypted_is_refused),
    };
    return cmocka_run_group_tests_name("sfu srtp_gcm", tests, NULL, NULL);
}
