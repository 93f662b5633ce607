#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void hexadecimal_goes_both_ways(void **state)
{
    (void)state;
    static const uint8_t data[] = {0x00, 0x7f, 0x80, 0xff};
    char text[2 * sizeof data + 1];
    hex_write(data, sizeof data, text);
    assert_string_equal(text, "007f80ff");

    uint8_t back[sizeof data];
    assert_int_equal(hex_parse(bytes_of("007F80ff"), back, sizeof back), ERR_OK);
    assert_memory_equal(back, data, sizeof data);
}

static void hexadecimal_of_another_length_or_alphabet_is_refused(void **state)
{
    (void)state;
    uint8_t out[2] = {1, 2};
    assert_int_equal(hex_parse(bytes_of("0102f"), out, 2), ERR_FORMAT);
    assert_int_equal(hex_parse(bytes_of("01"), out, 2), ERR_FORMAT);
    assert_int_equal(hex_parse(bytes_of("01g2"), out, 2), ERR_FORMAT);
    assert_int_equal(out[0], 1);
    assert_int_equal(out[1], 2);
}

static void well_formed_utf8_is_accepted(void **state)
{
    (void)state;
    assert_true(utf8_valid(bytes_of("")));
    assert_true(utf8_valid(bytes_of("Hội nghị Diên Hồng, ữ ẵ ợ")));
    assert_true(utf8_valid(bytes_of("\xf4\x8f\xbf\xbf"))); /* U+10FFFF, the last one */
}

static void malformed_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",             /* a continuation without a lead */
        "\xc0\xaf",         /* "/" in two bytes */
        "\xe0\x80\xaf",     /* and in three */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xf5\x80\x80\x80", /* a lead that opens nothing */
        "\xe1\xbb",         /* cut in the middle of ộ */
        "a\xffz",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_valid(bytes_of(bad[i])));
    assert_false(utf8_valid((struct bytes){(const uint8_t *)"a\0b", 3}));
}

static void ids_are_63_bit_and_never_zero(void **state)
{
    (void)state;
    uint64_t id = 5;
    assert_int_equal(id_parse(bytes_of("9223372036854775807"), &id), ERR_OK);
    assert_true(id == INT64_MAX);
    static const char *const bad[] = {"",
                                      "0",
                                      "01",
                                      "-1",
                                      "+1",
                                      "1 ",
                                      "0x1",
                                      "9223372036854775808",
                                      "18446744073709551616",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(id_parse(bytes_of(bad[i]), &id), ERR_FORMAT);
    assert_true(id == INT64_MAX);
}

static void a_text_that_does_not_fit_is_refused_whole(void **state)
{
    (void)state;
    char room[4] = "old";
    assert_int_equal(text_copy(room, sizeof room, bytes_of("four")), ERR_LIMIT);
    assert_string_equal(room, "old");
    assert_int_equal(text_copy(room, sizeof room, bytes_of("new")), ERR_OK);
    assert_string_equal(room, "new");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hexadecimal_goes_both_ways),
        cmocka_unit_test(hexadecimal_of_another_length_or_alphabet_is_refused),
        cmocka_unit_test(well_formed_utf8_is_accepted),
        cmocka_unit_test(malformed_utf8_is_refused),
        cmocka_unit_test(ids_are_63_bit_and_never_zero),
        cmocka_unit_test(a_text_that_does_not_fit_is_refused_whole),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
