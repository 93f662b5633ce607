#include "signaling/core/histogram.h"

#include "tests/unit/signaling/support.h"

static void a_value_counts_at_every_bound_that_it_is_not_above(void **state)
{
    (void)state;
    struct histogram histogram = {0};
    histogram_add(&histogram, 5000);
    assert_true(histogram.up_to[1] == 0);
    for (uint32_t n = 2; n < HISTOGRAM_BOUNDS; n++)
        assert_true(histogram.up_to[n] == 1);
    histogram_add(&histogram, 5001);
    assert_true(histogram.up_to[2] == 1 && histogram.up_to[3] == 2);
    assert_true(histogram.count == 2 && histogram.sum_us == 10001);
}

static void what_is_above_all_bounds_is_in_the_total_alone(void **state)
{
    (void)state;
    struct histogram histogram = {0};
    histogram_add(&histogram, 3600 * USEC_PER_SEC);
    assert_true(histogram.up_to[HISTOGRAM_BOUNDS - 1] == 0);
    assert_true(histogram.count == 1);
}

static void its_bounds_rise(void **state)
{
    (void)state;
    for (uint32_t n = 1; n < HISTOGRAM_BOUNDS; n++)
        assert_true(histogram_bounds_us[n] > histogram_bounds_us[n - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_counts_at_every_bound_that_it_is_not_above),
        cmocka_unit_test(what_is_above_all_bounds_is_in_the_total_alone),
        cmocka_unit_test(its_bounds_rise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
