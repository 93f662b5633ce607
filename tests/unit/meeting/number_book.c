/* Numbers of outgoing papers: from 1, without a gap, none twice, a series a year. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/random.h"
#include "meeting/core/number_book.h"

static void a_series_starts_at_one_and_takes_only_the_next(void **unused)
{
    (void)unused;
    struct number_book book = {0};
    assert_int_equal(number_book_next(&book, 2026, ISSUE_MINUTES, "UBND"), 1);
    assert_int_equal(number_book_take(&book, 2026, ISSUE_MINUTES, "UBND", 2), ERR_CONFLICT);
    assert_int_equal(number_book_take(&book, 2026, ISSUE_MINUTES, "UBND", 1), ERR_OK);
    assert_int_equal(number_book_take(&book, 2026, ISSUE_MINUTES, "UBND", 1), ERR_CONFLICT);
    assert_int_equal(number_book_next(&book, 2026, ISSUE_MINUTES, "UBND"), 2);
    number_book_done(&book);
}

static void year_kind_and_symbol_have_series_of_their_own(void **unused)
{
    (void)unused;
    struct number_book book = {0};
    assert_int_equal(number_book_take(&book, 2026, ISSUE_MINUTES, "UBND", 1), ERR_OK);
    assert_int_equal(number_book_next(&book, 2027, ISSUE_MINUTES, "UBND"), 1);
    assert_int_equal(number_book_next(&book, 2026, ISSUE_NOTICE, "UBND"), 1);
    assert_int_equal(number_book_next(&book, 2026, ISSUE_MINUTES, "HĐND"), 1);
    assert_int_equal(number_book_next(&book, 2026, ISSUE_MINUTES, ""), 1);
    number_book_done(&book);
}

/* Whatever is asked for in whatever order, what was taken is 1, 2, 3 … in every series. */
static void no_order_of_asking_makes_a_gap_or_a_double(void **unused)
{
    (void)unused;
    static const char *const symbols[] = {"UBND", "HĐND", ""};
    enum { YEARS = 3, SYMBOLS = 3, ASKED = 20000 };
    uint32_t last[YEARS][ISSUE_TYPE_COUNT][SYMBOLS] = {0};
    struct number_book book = {0};
    struct rng rng = rng_seed(30);
    for (int i = 0; i < ASKED; i++) {
        uint32_t year = rng_below(&rng, YEARS);
        uint32_t type = rng_below(&rng, ISSUE_TYPE_COUNT);
        uint32_t symbol = rng_below(&rng, SYMBOLS);
        uint32_t number = last[year][type][symbol] + rng_below(&rng, 3);
        enum err err =
            number_book_take(&book, 2026 + year, (enum issue_type)type, symbols[symbol], number);
        assert_int_equal(err, number == last[year][type][symbol] + 1 ? ERR_OK : ERR_CONFLICT);
        last[year][type][symbol] += err == ERR_OK;
    }
    assert_int_equal(book.count, YEARS * ISSUE_TYPE_COUNT * SYMBOLS);
    number_book_done(&book);
}

static void a_symbol_beyond_its_limit_is_refused(void **unused)
{
    (void)unused;
    char symbol[LIMIT_SYMBOL_BYTES + 2];
    memset(symbol, 'A', sizeof symbol - 1);
    symbol[sizeof symbol - 1] = '\0';
    struct number_book book = {0};
    assert_int_equal(number_book_take(&book, 2026, ISSUE_MINUTES, symbol, 1), ERR_LIMIT);
    symbol[LIMIT_SYMBOL_BYTES] = '\0';
    assert_int_equal(number_book_take(&book, 2026, ISSUE_MINUTES, symbol, 1), ERR_OK);
    number_book_done(&book);
}

static void the_year_changes_at_midnight_in_vietnam(void **unused)
{
    (void)unused;
    utc_ms_t new_year = INT64_C(1798736400000); /* 2027-01-01T00:00:00+07:00 */
    assert_int_equal(number_year_of(new_year - 1), 2026);
    assert_int_equal(number_year_of(new_year), 2027);
}

static void a_number_is_written_as_the_decree_wants(void **unused)
{
    (void)unused;
    char text[NUMBER_TEXT_BYTES];
    number_text(5, ISSUE_MINUTES, "UBND", text);
    assert_string_equal(text, "05/BB-UBND");
    number_text(10, ISSUE_NOTICE, "HĐND", text);
    assert_string_equal(text, "10/TB-HĐND");
    number_text(1234, ISSUE_INVITATION, "", text);
    assert_string_equal(text, "1234/GM");
    number_text(UINT32_MAX, ISSUE_RESOLUTION, "ABCDEFGHIJABCDEFGHIJABCDEFGHIJ", text);
    assert_string_equal(text, "4294967295/NQ-ABCDEFGHIJABCDEFGHIJABCDEFGHIJ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_starts_at_one_and_takes_only_the_next),
        cmocka_unit_test(year_kind_and_symbol_have_series_of_their_own),
        cmocka_unit_test(no_order_of_asking_makes_a_gap_or_a_double),
        cmocka_unit_test(a_symbol_beyond_its_limit_is_refused),
        cmocka_unit_test(the_year_changes_at_midnight_in_vietnam),
        cmocka_unit_test(a_number_is_written_as_the_decree_wants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
