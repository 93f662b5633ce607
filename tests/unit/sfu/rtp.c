#include "sfu/proto/rtp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Two CSRCs, one-byte extensions 1 (level), 3 (transport-wide number), 4 (mid), two bytes of
 * payload and two of padding. */
static const uint8_t packet[] = {
    0xb2, 0xef, 0x12, 0x34, 0,    0,    0,    9,    0xaa, 0xbb, 0xcc, 0xdd, 0,    0,
    0,    7,    0,    0,    0,    8,    0xbe, 0xde, 0,    3,    0x10, 0x85, 0x31, 0x56,
    0x78, 0,    0x40, 'm',  0x00, 0xf0, 0x10, 0x01, 'x',  'y',  0,    2,
};

static struct bytes whole(void)
{
    return (struct bytes){packet, sizeof packet};
}

static void every_field_is_read(void **state)
{
    (void)state;
    struct rtp_header header;
    struct bytes payload;
    assert_int_equal(rtp_parse(whole(), &header), ERR_OK);
    assert_true(header.marker && header.padded);
    assert_int_equal(header.payload_type, 111);
    assert_int_equal(header.sequence, 0x1234);
    assert_int_equal(header.timestamp, 9);
    assert_int_equal(header.ssrc, 0xaabbccdd);
    assert_int_equal(header.csrc_count, 2);
    assert_int_equal(header.csrc[0], 7);
    assert_int_equal(header.csrc[1], 8);
    assert_int_equal(header.size, 36);
    assert_int_equal(rtp_payload(&header, whole(), &payload), ERR_OK);
    assert_int_equal(payload.size, 2);
    assert_memory_equal(payload.data, "xy", 2);
}

static void one_byte_extensions_are_found_until_the_list_ends(void **state)
{
    (void)state;
    struct rtp_header header;
    struct bytes value;
    uint8_t level = 0;
    uint16_t number = 0;
    bool voice = false;
    assert_int_equal(rtp_parse(whole(), &header), ERR_OK);
    assert_true(rtp_audio_level(&header, 1, &level, &voice));
    assert_int_equal(level, 5);
    assert_true(voice);
    assert_true(rtp_transport_cc(&header, 3, &number));
    assert_int_equal(number, 0x5678);
    assert_true(rtp_find_extension(&header, 4, &value));
    assert_int_equal(value.size, 1);
    assert_int_equal(value.data[0], 'm');
    assert_false(rtp_find_extension(&header, 2, &value));
    assert_false(rtp_find_extension(&header, 0, &value));
    /* Id 15 ends the list: what looks like element 1 behind it is none. */
    assert_false(rtp_find_extension(&header, 15, &value));
}

static void two_byte_extensions_are_found_too(void **state)
{
    (void)state;
    static const uint8_t extensions[] = {0, 1, 0, 20, 2, 'a', 'b', 0};
    struct rtp_header header = {.extension_profile = 0x1003,
                                .extensions = {extensions, sizeof extensions}};
    struct bytes value;
    assert_true(rtp_find_extension(&header, 1, &value));
    assert_int_equal(value.size, 0);
    assert_true(rtp_find_extension(&header, 20, &value));
    assert_memory_equal(value.data, "ab", 2);
    assert_false(rtp_find_extension(&header, 3, &value));
    header.extension_profile = 0x2000;
    assert_false(rtp_find_extension(&header, 1, &value));
}

static void an_element_past_the_block_is_not_found(void **state)
{
    (void)state;
    static const uint8_t extensions[] = {0x10, 5, 0x2f, 1};
    struct rtp_header header = {.extension_profile = RTP_EXTENSION_ONE_BYTE,
                                .extensions = {extensions, sizeof extensions}};
    struct bytes value;
    assert_true(rtp_find_extension(&header, 1, &value));
    assert_false(rtp_find_extension(&header, 2, &value));
}

static void every_truncation_of_the_header_is_short(void **state)
{
    (void)state;
    struct rtp_header header;
    for (size_t size = 0; size < 36; size++)
        assert_int_equal(rtp_parse((struct bytes){packet, size}, &header), ERR_SHORT);
    assert_int_equal(rtp_parse((struct bytes){packet, 36}, &header), ERR_OK);
}

static void another_version_is_refused(void **state)
{
    (void)state;
    uint8_t other[sizeof packet];
    struct rtp_header header;
    memcpy(other, packet, sizeof other);
    other[0] = 0x72;
    assert_int_equal(rtp_parse((struct bytes){other, sizeof other}, &header), ERR_FORMAT);
}

static void padding_must_lie_within_the_payload(void **state)
{
    (void)state;
    uint8_t other[sizeof packet];
    struct rtp_header header;
    struct bytes payload;
    memcpy(other, packet, sizeof other);
    assert_int_equal(rtp_parse((struct bytes){other, sizeof other}, &header), ERR_OK);
    other[sizeof other - 1] = 0;
    assert_int_equal(rtp_payload(&header, (struct bytes){other, sizeof other}, &payload),
                     ERR_FORMAT);
    other[sizeof other - 1] = 5;
    assert_int_equal(rtp_payload(&header, (struct bytes){other, sizeof other}, &payload),
                     ERR_FORMAT);
    other[sizeof other - 1] = 4; /* nothing but padding: a probe */
    assert_int_equal(rtp_payload(&header, (struct bytes){other, sizeof other}, &payload), ERR_OK);
    assert_int_equal(payload.size, 0);
    assert_int_equal(rtp_payload(&header, (struct bytes){other, header.size}, &payload),
                     ERR_FORMAT);
}

static void a_written_header_reads_the_same_and_can_be_patched(void **state)
{
    (void)state;
    const struct rtp_extension mid = {.id = 4, .value = bytes_of("cam")};
    const struct rtp_outgoing out = {.marker = true,
                                     .payload_type = 96,
                                     .sequence = 0xfffe,
                                     .timestamp = 0x80000001,
                                     .ssrc = 5,
                                     .csrc = 42,
                                     .transport_cc_id = 3,
                                     .transport_cc = 0x0102,
                                     .audio_level_id = 1,
                                     .audio_level = 17,
                                     .more = &mid,
                                     .more_count = 1};
    uint8_t space[RTP_OUTGOING_MAX_BYTES];
    struct rtp_header header;
    struct bytes value;
    size_t size = 0;
    size_t offset = 0;
    uint16_t number = 0;
    uint8_t level = 0;
    bool voice = true;
    assert_int_equal(rtp_write_header(&out, space, sizeof space, &size, &offset), ERR_OK);
    assert_int_equal(size % 4, 0);
    rtp_patch_transport_cc(space, offset, 0xbeef);

    assert_int_equal(rtp_parse((struct bytes){space, size}, &header), ERR_OK);
    assert_int_equal(header.size, size);
    assert_true(header.marker);
    assert_false(header.padded);
    assert_int_equal(header.sequence, 0xfffe);
    assert_int_equal(header.timestamp, 0x80000001);
    assert_int_equal(header.csrc_count, 1);
    assert_int_equal(header.csrc[0], 42);
    assert_true(rtp_transport_cc(&header, 3, &number));
    assert_int_equal(number, 0xbeef);
    assert_true(rtp_audio_level(&header, 1, &level, &voice));
    assert_int_equal(level, 17);
    assert_false(voice);
    assert_true(rtp_find_extension(&header, 4, &value));
    assert_true(bytes_equal(value, bytes_of("cam")));

    for (size_t capacity = 0; capacity < size; capacity++)
        assert_int_equal(rtp_write_header(&out, space, capacity, &size, &offset), ERR_LIMIT);
}

static void a_header_without_extensions_is_twelve_bytes(void **state)
{
    (void)state;
    const struct rtp_outgoing out = {.payload_type = 96, .ssrc = 1};
    uint8_t space[RTP_FIXED_BYTES];
    size_t size = 0;
    size_t offset = 9;
    assert_int_equal(rtp_write_header(&out, space, sizeof space, &size, &offset), ERR_OK);
    assert_int_equal(size, RTP_FIXED_BYTES);
    assert_int_equal(offset, 0);
}

static void a_retransmission_names_its_original(void **state)
{
    (void)state;
    static const uint8_t payload[] = {0x12, 0x34, 'v', 'p'};
    uint16_t original = 0;
    struct bytes rest;
    assert_int_equal(rtp_rtx_split((struct bytes){payload, 4}, &original, &rest), ERR_OK);
    assert_int_equal(original, 0x1234);
    assert_true(bytes_equal(rest, bytes_of("vp")));
    assert_int_equal(rtp_rtx_split((struct bytes){payload, 1}, &original, &rest), ERR_SHORT);
}

static void redundant_audio_is_split_oldest_first(void **state)
{
    (void)state;
    /* Blocks of 3 bytes 1920 earlier and 2 bytes 960 earlier, then the primary. */
    static const uint8_t payload[] = {0xef, 0x1e, 0x00, 0x03, 0xef, 0x0f, 0x00, 0x02,
                                      0x6f, 'a',  'b',  'c',  'd',  'e',  'f',  'g'};
    struct rtp_red_block blocks[RTP_RED_BLOCKS_MAX];
    uint32_t count = 0;
    assert_int_equal(rtp_red_split((struct bytes){payload, sizeof payload}, blocks, &count),
                     ERR_OK);
    assert_int_equal(count, 3);
    assert_int_equal(blocks[0].timestamp_offset, 1920);
    assert_true(bytes_equal(blocks[0].data, bytes_of("abc")));
    assert_int_equal(blocks[1].timestamp_offset, 960);
    assert_true(bytes_equal(blocks[1].data, bytes_of("de")));
    assert_int_equal(blocks[2].payload_type, 111);
    assert_true(bytes_equal(blocks[2].data, bytes_of("fg")));
    for (size_t size = 0; size < 14; size++)
        assert_int_equal(rtp_red_split((struct bytes){payload, size}, blocks, &count), ERR_SHORT);
}

static void redundancy_without_end_is_refused(void **state)
{
    (void)state;
    uint8_t payload[64];
    struct rtp_red_block blocks[RTP_RED_BLOCKS_MAX];
    uint32_t count = 0;
    memset(payload, 0xff, sizeof payload);
    assert_int_equal(rtp_red_split((struct bytes){payload, sizeof payload}, blocks, &count),
                     ERR_LIMIT);
}

static void a_template_writes_what_a_whole_header_would(void **state)
{
    (void)state;
    for (int numbered = 0; numbered < 2; numbered++) {
        struct rtp_outgoing header = {
            .payload_type = 96, .ssrc = 0x01020304, .csrc = 7, .transport_cc_id = numbered ? 5 : 0};
        struct rtp_template template;
        assert_int_equal(rtp_template_init(&header, &template), ERR_OK);
        header.marker = header.padded = true;
        header.sequence = 0xfedc;
        header.timestamp = 0x89abcdef;
        header.transport_cc = 0x8001;
        uint8_t whole[64];
        uint8_t patched[RTP_TEMPLATE_BYTES];
        size_t size;
        size_t offset;
        assert_int_equal(rtp_write_header(&header, whole, sizeof whole, &size, &offset), ERR_OK);
        const struct rtp_numbers numbers = {.marker = true,
                                            .padded = true,
                                            .sequence = 0xfedc,
                                            .transport_cc = 0x8001,
                                            .timestamp = 0x89abcdef};
        rtp_template_write(&template, &numbers, patched);
        assert_int_equal(template.size, size);
        assert_memory_equal(patched, whole, size);
    }
}

static void a_template_too_long_is_refused(void **state)
{
    (void)state;
    static const uint8_t value[16];
    struct rtp_extension more = {.id = 3, .value = {value, sizeof value}};
    struct rtp_outgoing header = {.transport_cc_id = 1, .more = &more, .more_count = 1};
    struct rtp_template template;
    assert_int_equal(rtp_template_init(&header, &template), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_template_writes_what_a_whole_header_would),
        cmocka_unit_test(a_template_too_long_is_refused),
        cmocka_unit_test(every_field_is_read),
        cmocka_unit_test(one_byte_extensions_are_found_until_the_list_ends),
        cmocka_unit_test(two_byte_extensions_are_found_too),
        cmocka_unit_test(an_element_past_the_block_is_not_found),
        cmocka_unit_test(every_truncation_of_the_header_is_short),
        cmocka_unit_test(another_version_is_refused),
        cmocka_unit_test(padding_must_lie_within_the_payload),
        cmocka_unit_test(a_written_header_reads_the_same_and_can_be_patched),
        cmocka_unit_test(a_header_without_extensions_is_twelve_bytes),
        cmocka_unit_test(a_retransmission_names_its_original),
        cmocka_unit_test(redundant_audio_is_split_oldest_first),
        cmocka_unit_test(redundancy_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
