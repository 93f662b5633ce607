#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "meeting/edge/paper/foreign_signature.h"
#include "meeting/edge/paper/foreign_text.h"

static const char object[] =
    "<< /A#20B (a \\) (b) /No 1 0 R) /Array [ 1 -2.5 <ab> [ 7 0 R ] null ] /Nested << /Key true >> "
    "/Ref 12 3 R /Size 12 >>";

static struct foreign_value value_of(const char *text)
{
    return foreign_value_of(bytes_of(text));
}

static void keys_lead_to_their_values_and_not_to_what_stands_in_strings(void **state)
{
    (void)state;
    struct foreign_value value;
    struct foreign_value inner = {.kind = FOREIGN_WORD};
    struct foreign_value whole = value_of(object);
    assert_int_equal(whole.kind, FOREIGN_DICTIONARY);
    assert_int_equal(whole.text.size, sizeof object - 1);
    assert_true(foreign_get(whole, "/A#20B", &value));
    assert_true(foreign_is(value, "(a \\) (b) /No 1 0 R)"));
    assert_false(foreign_get(whole, "/No", &value));
    assert_true(foreign_is_null(value));
    assert_false(foreign_get(whole, "/Key", &value));
    assert_true(foreign_get(whole, "/Nested", &value) && foreign_get(value, "/Key", &inner));
    assert_true(foreign_is(inner, "true"));
    assert_true(foreign_get(whole, "/Ref", &value));
    assert_int_equal(value.kind, FOREIGN_REFERENCE);
    assert_int_equal(value.number, 12);
    assert_int_equal(value.generation, 3);
    uint64_t number = 0;
    assert_true(foreign_get(whole, "/Size", &value) && foreign_integer(value, &number));
    assert_int_equal(number, 12);
    assert_false(foreign_get(value_of("[ /Key 1 ]"), "/Key", &value));
}

static void an_array_gives_whole_values_one_by_one(void **state)
{
    (void)state;
    static const char *const items[] = {"1", "-2.5", "<ab>", "[ 7 0 R ]", "null"};
    struct foreign_value list;
    struct foreign_value item;
    assert_true(foreign_get(value_of(object), "/Array", &list));
    struct foreign_cursor cursor = foreign_inside(list);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        assert_true(foreign_next(&cursor, &item) && foreign_is(item, items[i]));
    assert_false(foreign_next(&cursor, &item));
    assert_false(cursor.failed);
}

static void numbers_are_the_same_by_what_they_are_worth(void **state)
{
    (void)state;
    assert_true(foreign_same(value_of("[ 0 595.0 841.890 ]"), value_of("[ 0.0 595 841.89 ]")));
    assert_false(foreign_same(value_of("[ 0 595 ]"), value_of("[ 0 596 ]")));
    assert_false(foreign_same(value_of("[ 0 595 ]"), value_of("[ 0 595 0 ]")));
    assert_false(foreign_same(value_of("(595)"), value_of("(595.0)")));
    assert_false(foreign_same(value_of("1 0 R"), value_of("2 0 R")));
    assert_false(foreign_same(value_of("/A"), value_of("/B")));
}

/* In memory of exactly that size, so that a sanitizer sees a step too far. */
static void no_truncation_is_read_beyond_or_taken_for_the_whole(void **state)
{
    (void)state;
    for (size_t size = 0; size + 1 < sizeof object; size++) {
        char *part = malloc(size + 1);
        assert_non_null(part);
        memcpy(part, object, size);
        struct foreign_value value = foreign_value_of((struct bytes){(const uint8_t *)part, size});
        assert_true(foreign_is_null(value));
        struct foreign_cursor cursor =
            foreign_cursor_init((struct bytes){(const uint8_t *)part, size});
        while (foreign_token(&cursor, &value))
            assert_true(value.text.size > 0);
        free(part);
    }
}

static void depth_costs_nothing(void **state)
{
    (void)state;
    enum { DEPTH = 100000 };
    char *text = malloc(2 * DEPTH);
    assert_non_null(text);
    memset(text, '[', DEPTH);
    memset(text + DEPTH, ']', DEPTH);
    struct foreign_value value = foreign_value_of((struct bytes){(const uint8_t *)text, 2 * DEPTH});
    assert_int_equal(value.text.size, 2 * DEPTH);
    assert_true(
        foreign_is_null(foreign_value_of((struct bytes){(const uint8_t *)text, 2 * DEPTH - 1})));
    free(text);
}

static void dates_are_read_as_others_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        utc_ms_t at;
    } dates[] = {
        {"D:20261123130000+07'00'", INT64_C(1795413600000)},
        {"D:20261123130000+07'00", INT64_C(1795413600000)},
        {"D:20261123130000+07", INT64_C(1795413600000)},
        {"D:20261123060000Z", INT64_C(1795413600000)},
        {"D:20261123060000Z00'00'", INT64_C(1795413600000)},
        {"D:20261123060000", INT64_C(1795413600000)},
        {"20261123060000", INT64_C(1795413600000)},
        {"D:20261122233000-06'30'", INT64_C(1795413600000)},
        {"D:202611", INT64_C(1793491200000)},
    };
    static const char *const bad[] = {"",
                                      "D:",
                                      "D:2026112",
                                      "D:20261323",
                                      "D:20261123250000",
                                      "D:1969",
                                      "yesterday",
                                      "D:20261123x",
                                      "D:20261123060000Z07'00'",
                                      "D:20261123060000+07'00'x"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        utc_ms_t at = 0;
        assert_int_equal(foreign_date_parse(bytes_of(dates[i].text), &at), ERR_OK);
        assert_true(at == dates[i].at);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        utc_ms_t at = 7;
        assert_int_equal(foreign_date_parse(bytes_of(bad[i]), &at), ERR_FORMAT);
        assert_true(at == 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_lead_to_their_values_and_not_to_what_stands_in_strings),
        cmocka_unit_test(an_array_gives_whole_values_one_by_one),
        cmocka_unit_test(numbers_are_the_same_by_what_they_are_worth),
        cmocka_unit_test(no_truncation_is_read_beyond_or_taken_for_the_whole),
        cmocka_unit_test(depth_costs_nothing),
        cmocka_unit_test(dates_are_read_as_others_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
