#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/numeral.h"

static char text[NUMERAL_TEXT_BYTES];

static void papers_are_numbered_with_a_zero_below_ten(void **state)
{
    (void)state;
    static const struct {
        uint32_t number;
        const char *expected;
    } cases[] = {{1, "01"}, {9, "09"}, {10, "10"}, {1345, "1345"}, {UINT32_MAX, "4294967295"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        numeral_write_number(cases[i].number, text);
        assert_string_equal(text, cases[i].expected);
    }
}

static void thousands_are_parted_by_points(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *expected;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1.000"},
                 {1245000000, "1.245.000.000"},
                 {-12345, "-12.345"},
                 {INT64_MAX, "9.223.372.036.854.775.807"},
                 {INT64_MIN, "-9.223.372.036.854.775.808"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        numeral_write_grouped(cases[i].value, text);
        assert_string_equal(text, cases[i].expected);
    }
}

static void shares_have_a_comma_and_round_half_up(void **state)
{
    (void)state;
    static const struct {
        uint64_t part;
        uint64_t whole;
        const char *expected;
    } cases[] = {{0, 0, "0,00%"},     {3, 4, "75,00%"},    {1, 3, "33,33%"},   {2, 3, "66,67%"},
                 {96, 96, "100,00%"}, {1, 20000, "0,01%"}, {1, 20001, "0,00%"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        numeral_write_percent(cases[i].part, cases[i].whole, text);
        assert_string_equal(text, cases[i].expected);
    }
}

static void annexes_are_numbered_in_roman(void **state)
{
    (void)state;
    static const struct {
        uint32_t number;
        const char *expected;
    } cases[] = {{1, "I"},     {4, "IV"},      {9, "IX"},       {14, "XIV"},
                 {49, "XLIX"}, {98, "XCVIII"}, {444, "CDXLIV"}, {3888, "MMMDCCCLXXXVIII"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        numeral_write_roman(cases[i].number, text);
        assert_string_equal(text, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(papers_are_numbered_with_a_zero_below_ten),
        cmocka_unit_test(thousands_are_parted_by_points),
        cmocka_unit_test(shares_have_a_comma_and_round_half_up),
        cmocka_unit_test(annexes_are_numbered_in_roman),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
