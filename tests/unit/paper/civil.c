#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/civil.h"

#define AT INT64_C(1795413909000) /* 2026-11-23T06:05:09Z */

static void the_day_is_that_of_viet_nam(void **state)
{
    (void)state;
    char text[CIVIL_TEXT_BYTES];
    civil_write_moment(AT, text);
    assert_string_equal(text, "13 giờ 05 phút, ngày 23 tháng 11 năm 2026");
    civil_write_date(INT64_C(1798736399999), text); /* 23:59:59.999 on 31 December */
    assert_string_equal(text, "ngày 31 tháng 12 năm 2026");
    civil_write_date(INT64_C(1798736400000), text); /* UTC is still in the old year */
    assert_string_equal(text, "ngày 01 tháng 01 năm 2027");
}

/* Days below 10 and January and February get a zero, June does not. */
static void zeros_stand_where_the_decree_wants_them(void **state)
{
    (void)state;
    char text[CIVIL_TEXT_BYTES];
    civil_write_date(INT64_C(1801846800000), text);
    assert_string_equal(text, "ngày 06 tháng 02 năm 2027");
    civil_write_date(INT64_C(1812214800000), text);
    assert_string_equal(text, "ngày 06 tháng 6 năm 2027");
}

static void the_pdf_date_is_read_back(void **state)
{
    (void)state;
    char text[CIVIL_TEXT_BYTES];
    utc_ms_t at = 0;
    civil_write_pdf(AT, text);
    assert_string_equal(text, "D:20261123130509+07'00'");
    assert_int_equal(civil_parse_pdf(text, &at), ERR_OK);
    assert_true(at == AT);
    civil_write_stamp(AT, text);
    assert_string_equal(text, "23/11/2026 13:05:09 +07:00");
    civil_write_iso(AT, text);
    assert_string_equal(text, "2026-11-23T13:05:09+07:00");
}

static void other_spellings_and_impossible_dates_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "D:",
        "20261123130509+07'00'",
        "D:20261123130509Z",
        "D:20261123130509+00'00'",
        "D:20261123130509+07'00",
        "D:20261123130509+07'00'x",
        "D:20260231130509+07'00'", /* 31 February */
        "D:20261323130509+07'00'",
        "D:20261123250509+07'00'",
        "D:2026112313050 +07'00'",
        "D:-0261123130509+07'00'",
    };
    utc_ms_t at = 42;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(civil_parse_pdf(bad[i], &at), ERR_FORMAT);
    assert_true(at == 42);
}

static void times_out_of_range_stay_inside_their_text(void **state)
{
    (void)state;
    char text[CIVIL_TEXT_BYTES];
    civil_write_moment(INT64_MIN / 2, text);
    assert_string_equal(text, "00 giờ 00 phút, ngày 01 tháng 01 năm 1970");
    civil_write_moment(INT64_MAX / 2, text);
    assert_string_equal(text, "23 giờ 59 phút, ngày 31 tháng 12 năm 9999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_day_is_that_of_viet_nam),
        cmocka_unit_test(zeros_stand_where_the_decree_wants_them),
        cmocka_unit_test(the_pdf_date_is_read_back),
        cmocka_unit_test(other_spellings_and_impossible_dates_are_refused),
        cmocka_unit_test(times_out_of_range_stay_inside_their_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
