/* Our SRTP against the published vectors: RFC 7714, sections 16.1.1 and 17.1; key derivation
 * against RFC 3711, appendix B.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "sfu/core/srtp_gcm.h"
#include "sfu/edge/srtp_kdf.h"
#include "tests/support/each_cipher.h"

enum { PACKET_MAX_BYTES = 256, RTP_HEADER_BYTES = 12 };

static const uint64_t rtp_index = 0xf17b;
static const uint32_t rtcp_index = 0x5d4;

static const char session_key[] = "000102030405060708090a0b0c0d0e0f";
static const char session_salt[] = "517569642070726f2071756f";
static const char plain_rtp[] = "8040f17b8041f8d35501a0b2"
                                "47616c6c696120657374206f6d6e69732064697669736120696e2070617274"
                                "65732074726573";
static const char protected_rtp[] =
    "8040f17b8041f8d35501a0b2"
    "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
    "899d7f27beb16a9152cf765ee4390cce";
static const char plain_rtcp[] = "81c8000d4d617273"
                                 "4e5450314e545032525450200000042a0000e9304c756e61"
                                 "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
static const char protected_rtcp[] =
    "81c8000d4d617273"
    "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
    "c84aa45896cf4d2fc5abf87245d9eade800005d4";

static size_t from_hex(const char *hex, uint8_t *ret_bytes)
{
    size_t size = strlen(hex) / 2;
    assert_true(size <= PACKET_MAX_BYTES);
    assert_int_equal(hex_parse(bytes_of(hex), ret_bytes, size), ERR_OK);
    return size;
}

/* The RFC's vectors give session keys, so nothing is derived here. */
static struct srtp_gcm with_session_keys(enum cipher_direction direction)
{
    uint8_t key[PACKET_MAX_BYTES];
    struct srtp_gcm gcm = {.aead = cipher_ops(cipher)};
    from_hex(session_key, key);
    assert_int_equal(cipher_key_create(cipher, key, direction, &gcm.rtp_key), ERR_OK);
    assert_int_equal(cipher_key_create(cipher, key, direction, &gcm.rtcp_key), ERR_OK);
    from_hex(session_salt, gcm.rtp_salt);
    from_hex(session_salt, gcm.rtcp_salt);
    return gcm;
}

static void done(struct srtp_gcm *gcm)
{
    cipher_key_destroy(cipher, gcm->rtp_key);
    cipher_key_destroy(cipher, gcm->rtcp_key);
}

static void an_rtp_packet_is_protected_as_published(void **state)
{
    (void)state;
    struct srtp_gcm gcm = with_session_keys(CIPHER_SEAL);
    uint8_t expected[PACKET_MAX_BYTES];
    size_t expected_size = from_hex(protected_rtp, expected);
    uint8_t plain[PACKET_MAX_BYTES];
    size_t plain_size = from_hex(plain_rtp, plain);
    for (size_t own = 0; own <= plain_size - RTP_HEADER_BYTES; own++) {
        uint8_t packet[PACKET_MAX_BYTES] = {0};
        size_t head = RTP_HEADER_BYTES + own;
        memcpy(packet, plain, head);
        size_t size = 0;
        assert_int_equal(
            srtp_gcm_ops.protect_rtp(&gcm, rtp_index, packet, sizeof packet, RTP_HEADER_BYTES, own,
                                     (struct bytes){plain + head, plain_size - head}, &size),
            ERR_OK);
        assert_int_equal(size, expected_size);
        assert_memory_equal(packet, expected, size);
    }
    done(&gcm);
}

static void an_rtp_packet_is_opened_as_published(void **state)
{
    (void)state;
    struct srtp_gcm gcm = with_session_keys(CIPHER_OPEN);
    uint8_t packet[PACKET_MAX_BYTES];
    uint8_t plain[PACKET_MAX_BYTES];
    size_t size = from_hex(protected_rtp, packet);
    size_t plain_size = from_hex(plain_rtp, plain);
    assert_int_equal(
        srtp_gcm_ops.unprotect_rtp(&gcm, rtp_index, packet, size, RTP_HEADER_BYTES, &size), ERR_OK);
    assert_int_equal(size, plain_size);
    assert_memory_equal(packet, plain, size);
    done(&gcm);
}

static void every_flipped_bit_of_an_rtp_packet_is_refused(void **state)
{
    (void)state;
    struct srtp_gcm gcm = with_session_keys(CIPHER_OPEN);
    uint8_t packet[PACKET_MAX_BYTES];
    size_t whole = from_hex(protected_rtp, packet);
    for (size_t bit = 0; bit < whole * 8; bit++) {
        size_t size = 0;
        from_hex(protected_rtp, packet);
        packet[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        assert_int_equal(
            srtp_gcm_ops.unprotect_rtp(&gcm, rtp_index, packet, whole, RTP_HEADER_BYTES, &size),
            ERR_AUTH);
        assert_int_equal(size, 0);
    }
    done(&gcm);
}

static void an_rtcp_packet_is_protected_as_published(void **state)
{
    (void)state;
    struct srtp_gcm gcm = with_session_keys(CIPHER_SEAL);
    uint8_t packet[PACKET_MAX_BYTES];
    uint8_t expected[PACKET_MAX_BYTES];
    size_t size = from_hex(plain_rtcp, packet);
    size_t expected_size = from_hex(protected_rtcp, expected);
    assert_int_equal(
        srtp_gcm_ops.protect_rtcp(&gcm, rtcp_index, packet, sizeof packet, size, &size), ERR_OK);
    assert_int_equal(size, expected_size);
    assert_memory_equal(packet, expected, size);
    done(&gcm);
}

static void an_rtcp_packet_is_opened_as_published(void **state)
{
    (void)state;
    struct srtp_gcm gcm = with_session_keys(CIPHER_OPEN);
    uint8_t packet[PACKET_MAX_BYTES];
    uint8_t plain[PACKET_MAX_BYTES];
    size_t size = from_hex(protected_rtcp, packet);
    size_t plain_size = from_hex(plain_rtcp, plain);
    uint32_t index = 0;
    assert_int_equal(srtp_gcm_ops.unprotect_rtcp(&gcm, packet, size, &index, &size), ERR_OK);
    assert_int_equal(index, rtcp_index);
    assert_int_equal(size, plain_size);
    assert_memory_equal(packet, plain, size);
    done(&gcm);
}

static void session_keys_are_derived_as_published(void **state)
{
    (void)state;
    static const struct {
        enum srtp_kdf_label label;
        const char *key;
    } published[] = {
        {SRTP_KDF_RTP_KEY, "c61e7a93744f39ee10734afe3ff7a087"},
        {SRTP_KDF_RTP_SALT, "30cbbc08863d8c85d49db34a9ae1"},
        {SRTP_KDF_RTP_AUTH, "cebe321f6ff7716b6fd4ab49af256a156d38baa4"},
    };
    uint8_t master[PACKET_MAX_BYTES];
    uint8_t salt[PACKET_MAX_BYTES];
    size_t master_size = from_hex("e1f97a0d3e018be0d64fa32c06de4139", master);
    size_t salt_size = from_hex("0ec675ad498afeebb6960b3aabe6", salt);
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        uint8_t expected[PACKET_MAX_BYTES];
        uint8_t key[PACKET_MAX_BYTES];
        size_t size = from_hex(published[i].key, expected);
        assert_int_equal(srtp_kdf((struct bytes){master, master_size},
                                  (struct bytes){salt, salt_size}, published[i].label, key, size),
                         ERR_OK);
        assert_memory_equal(key, expected, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_rtp_packet_is_protected_as_published),
        cmocka_unit_test(an_rtp_packet_is_opened_as_published),
        cmocka_unit_test(every_flipped_bit_of_an_rtp_packet_is_refused),
        cmocka_unit_test(an_rtcp_packet_is_protected_as_published),
        cmocka_unit_test(an_rtcp_packet_is_opened_as_published),
        cmocka_unit_test(session_keys_are_derived_as_published),
    };
    return RUN_WITH_EACH_CIPHER("rfc7714", tests);
}
