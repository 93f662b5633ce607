#include "sfu/proto/demux.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A binding request: an attribute of odd length, then USERNAME "abcd:wxyz". */
static const uint8_t binding[] = {
    0x00, 0x01, 0x00, 0x18, 0x21, 0x12, 0xa4, 0x42, 1,   2,   3,   4,    5,    6,    7,
    8,    9,    10,   11,   12,   0x80, 0x22, 0x00, 3,   'd', 'h', '1',  0x00, 0x00, 0x06,
    0x00, 9,    'a',  'b',  'c',  'd',  ':',  'w',  'x', 'y', 'z', 0x00, 0x00, 0x00,
};

static void the_first_byte_tells_the_protocol(void **state)
{
    (void)state;
    static const struct {
        uint8_t first;
        uint8_t second;
        enum demux_kind kind;
    } cases[] = {
        {0, 1, DEMUX_STUN},     {3, 0, DEMUX_STUN},     {4, 0, DEMUX_OTHER},
        {19, 0, DEMUX_OTHER},   {20, 0, DEMUX_DTLS},    {63, 0, DEMUX_DTLS},
        {64, 0, DEMUX_OTHER},   {79, 0, DEMUX_OTHER},   {127, 0, DEMUX_OTHER},
        {128, 111, DEMUX_RTP},  {191, 96, DEMUX_RTP},   {192, 0, DEMUX_OTHER},
        {128, 191, DEMUX_RTP},  {128, 192, DEMUX_RTCP}, {128, 200, DEMUX_RTCP},
        {128, 223, DEMUX_RTCP}, {128, 224, DEMUX_RTP},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t datagram[40] = {cases[i].first, cases[i].second};
        assert_int_equal(demux_classify((struct bytes){datagram, sizeof datagram}), cases[i].kind);
    }
}

static void what_is_shorter_than_a_header_belongs_to_nobody(void **state)
{
    (void)state;
    static const struct {
        uint8_t head[2];
        size_t least;
    } cases[] = {{{0, 1}, 20}, {{22, 254}, 13}, {{128, 96}, 12}, {{128, 200}, 8}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t datagram[32] = {cases[i].head[0], cases[i].head[1]};
        for (size_t size = 0; size < cases[i].least; size++)
            assert_int_equal(demux_classify((struct bytes){datagram, size}), DEMUX_OTHER);
        assert_int_not_equal(demux_classify((struct bytes){datagram, cases[i].least}), DEMUX_OTHER);
    }
}

static void the_fragment_before_the_colon_is_ours(void **state)
{
    (void)state;
    struct bytes ufrag;
    assert_int_equal(demux_local_ufrag((struct bytes){binding, sizeof binding}, &ufrag), ERR_OK);
    assert_int_equal(ufrag.size, 4);
    assert_memory_equal(ufrag.data, "abcd", 4);
}

static void every_truncation_of_a_check_is_short(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof binding; size++) {
        struct bytes ufrag = {NULL, 77};
        assert_int_equal(demux_local_ufrag((struct bytes){binding, size}, &ufrag), ERR_SHORT);
        assert_int_equal(ufrag.size, 77);
    }
}

static enum err local_ufrag_with(size_t at, uint8_t value)
{
    uint8_t changed[sizeof binding];
    struct bytes ufrag;
    memcpy(changed, binding, sizeof changed);
    changed[at] = value;
    return demux_local_ufrag((struct bytes){changed, sizeof changed}, &ufrag);
}

static void what_is_no_binding_request_with_a_user_name_is_refused(void **state)
{
    (void)state;
    assert_int_equal(local_ufrag_with(1, 0x11), ERR_FORMAT);   /* an indication */
    assert_int_equal(local_ufrag_with(4, 0x22), ERR_FORMAT);   /* another cookie */
    assert_int_equal(local_ufrag_with(3, 0x17), ERR_FORMAT);   /* length not of whole words */
    assert_int_equal(local_ufrag_with(3, 0x14), ERR_FORMAT);   /* bytes behind the message */
    assert_int_equal(local_ufrag_with(29, 0x24), ERR_UNKNOWN); /* no USERNAME */
    assert_int_equal(local_ufrag_with(36, '.'), ERR_FORMAT);   /* no colon */
    assert_int_equal(local_ufrag_with(32, ':'), ERR_FORMAT);   /* nothing before it */
    assert_int_equal(local_ufrag_with(31, 200), ERR_SHORT);    /* longer than the message */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_byte_tells_the_protocol),
        cmocka_unit_test(what_is_shorter_than_a_header_belongs_to_nobody),
        cmocka_unit_test(the_fragment_before_the_colon_is_ours),
        cmocka_unit_test(every_truncation_of_a_check_is_short),
        cmocka_unit_test(what_is_no_binding_request_with_a_user_name_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
