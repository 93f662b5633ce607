#include "base/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void reads_big_endian_integers_in_order(void **state)
{
    (void)state;
    static const uint8_t input[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};
    struct rd rd = rd_init((struct bytes){input, sizeof input});
    assert_int_equal(rd_u8(&rd), 0x01);
    assert_int_equal(rd_u16(&rd), 0x0203);
    assert_int_equal(rd_u24(&rd), 0x040506);
    assert_int_equal(rd_u32(&rd), 0x0708090a);
    assert_true(rd_u64(&rd) == UINT64_C(0x0b0c0d0e0f101112));
    assert_int_equal(rd_left(&rd), 0);
    assert_false(rd.failed);
}

static void a_short_read_gives_zero_and_stays_failed(void **state)
{
    (void)state;
    static const uint8_t input[] = {0xff, 0xff, 0xff};
    struct rd rd = rd_init((struct bytes){input, sizeof input});
    assert_int_equal(rd_u32(&rd), 0);
    assert_true(rd.failed);
    assert_int_equal(rd_u8(&rd), 0); /* although a byte was left before */
    assert_int_equal(rd_bytes(&rd, 0).size, 0);
    assert_true(rd.failed);
}

static void an_empty_input_without_data_can_be_read(void **state)
{
    (void)state;
    struct rd rd = rd_init((struct bytes){NULL, 0});
    assert_int_equal(rd_left(&rd), 0);
    assert_int_equal(rd_u8(&rd), 0);
    assert_true(rd.failed);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    uint8_t room[64];
    struct wr wr = wr_init(room, sizeof room);
    wr_u8(&wr, 0xab);
    wr_u16(&wr, 0xcdef);
    wr_u24(&wr, 0x123456);
    wr_u32(&wr, 0xdeadbeef);
    wr_u64(&wr, UINT64_C(0x0123456789abcdef));
    wr_text(&wr, "họp");
    wr_fill(&wr, 0, 2);
    assert_false(wr.failed);

    struct rd rd = rd_init(wr_written(&wr));
    assert_int_equal(rd_u8(&rd), 0xab);
    assert_int_equal(rd_u16(&rd), 0xcdef);
    assert_int_equal(rd_u24(&rd), 0x123456);
    assert_true(rd_u32(&rd) == 0xdeadbeef);
    assert_true(rd_u64(&rd) == UINT64_C(0x0123456789abcdef));
    assert_true(bytes_equal(rd_bytes(&rd, strlen("họp")), bytes_of("họp")));
    rd_skip(&rd, 2);
    assert_int_equal(rd_left(&rd), 0);
}

static void a_write_past_the_end_writes_nothing_and_stays_failed(void **state)
{
    (void)state;
    uint8_t room[4] = {9, 9, 9, 9};
    struct wr wr = wr_init(room, 3);
    wr_u16(&wr, 0x0102);
    wr_u16(&wr, 0x0304);
    assert_true(wr.failed);
    wr_u8(&wr, 5); /* would fit, but the whole is spoilt */
    assert_int_equal(wr_size(&wr), 2);
    assert_int_equal(wr_room(&wr), 0);
    assert_int_equal(room[2], 9);
    assert_int_equal(room[3], 9);
}

static void decimals_come_out_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *text;
    } cases[] = {{0, "0"}, {7, "7"}, {120, "120"}, {UINT64_MAX, "18446744073709551615"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t room[20];
        struct wr wr = wr_init(room, sizeof room);
        wr_decimal(&wr, cases[i].value);
        assert_true(bytes_equal(wr_written(&wr), bytes_of(cases[i].text)));
    }
}

static void secrets_compare_by_contents(void **state)
{
    (void)state;
    static const uint8_t a[] = {1, 2, 3}, b[] = {1, 2, 4};
    assert_true(bytes_equal_secret(a, a, 3));
    assert_false(bytes_equal_secret(a, b, 3));
    assert_true(bytes_equal_secret(a, b, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_big_endian_integers_in_order),
        cmocka_unit_test(a_short_read_gives_zero_and_stays_failed),
        cmocka_unit_test(an_empty_input_without_data_can_be_read),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(a_write_past_the_end_writes_nothing_and_stays_failed),
        cmocka_unit_test(decimals_come_out_as_people_write_them),
        cmocka_unit_test(secrets_compare_by_contents),
    };
    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
