#include "load/core/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void an_empty_histogram_has_no_percentile(void **state)
{
    (void)state;
    struct times times = {0};
    assert_true(times_at(&times, 500) == 0);
}

static void small_values_are_told_exactly(void **state)
{
    (void)state;
    for (usec_t value = 0; value < 2 * TIMES_STEPS; value++) {
        struct times times = {0};
        times_add(&times, value);
        times_add(&times, 1000000);
        assert_true(times_at(&times, 500) == value);
    }
}

static void every_value_is_told_to_within_three_percent(void **state)
{
    (void)state;
    for (usec_t value = 1; value < UINT64_C(1) << 33; value += value / 7 + 1) {
        struct times times = {0};
        times_add(&times, value);
        times_add(&times, UINT64_C(1) << 34);
        usec_t told = times_at(&times, 500);
        assert_true(told >= value && told - value <= value / 32);
    }
}

static void a_percentile_is_never_above_the_greatest_value(void **state)
{
    (void)state;
    struct times times = {0};
    times_add(&times, 1000);
    assert_true(times_at(&times, 999) == 1000);
    times_add(&times, UINT64_MAX / 4);
    assert_true(times_at(&times, 1000) == UINT64_MAX / 4);
}

static void percentiles_count_values_from_below(void **state)
{
    (void)state;
    struct times times = {0};
    for (usec_t value = 1; value <= 50; value++)
        times_add(&times, value);
    assert_true(times_at(&times, 500) == 25);
    assert_true(times_at(&times, 980) == 49);
    assert_true(times_at(&times, 1000) == 50);
    assert_true(times.sum_us == 1275);
}

static void a_window_is_the_later_without_the_earlier(void **state)
{
    (void)state;
    struct times times = {0};
    times_add(&times, 10);
    struct times before = times;
    times_add(&times, 20);
    times_add(&times, 20);
    struct times window = times_since(&times, &before);
    assert_true(window.count == 2 && window.sum_us == 40);
    assert_true(times_at(&window, 1) == 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_histogram_has_no_percentile),
        cmocka_unit_test(small_values_are_told_exactly),
        cmocka_unit_test(every_value_is_told_to_within_three_percent),
        cmocka_unit_test(a_percentile_is_never_above_the_greatest_value),
        cmocka_unit_test(percentiles_count_values_from_below),
        cmocka_unit_test(a_window_is_the_later_without_the_earlier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
