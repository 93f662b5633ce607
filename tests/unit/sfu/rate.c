#include "sfu/core/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_burst_passes_and_then_the_rate_holds(void **state)
{
    (void)state;
    struct rate rate = {0};
    usec_t now = 5 * USEC_PER_SEC;
    for (int i = 0; i < 10; i++)
        assert_true(rate_take(&rate, now, 100, 10));
    assert_false(rate_take(&rate, now, 100, 10));
    assert_false(rate_take(&rate, now + 9999, 100, 10));
    assert_true(rate_take(&rate, now + 10000, 100, 10));
    assert_false(rate_take(&rate, now + 10000, 100, 10));
}

static void what_is_not_taken_is_kept_up_to_the_burst(void **state)
{
    (void)state;
    struct rate rate = {0};
    assert_true(rate_take(&rate, 1, 10, 3));
    usec_t now = 1 + 3600 * USEC_PER_SEC;
    for (int i = 0; i < 3; i++)
        assert_true(rate_take(&rate, now, 10, 3));
    assert_false(rate_take(&rate, now, 10, 3));
}

static void many_are_taken_together_or_not_at_all(void **state)
{
    (void)state;
    struct rate rate = {0};
    usec_t now = 5 * USEC_PER_SEC;
    assert_true(rate_take_many(&rate, now, 1000, 1500, 1000));
    assert_false(rate_take_many(&rate, now, 1000, 1500, 501));
    assert_true(rate_take_many(&rate, now, 1000, 1500, 500));
    assert_true(rate_take_many(&rate, now + 100 * USEC_PER_MSEC, 1000, 1500, 100));
    assert_false(rate_take(&rate, now + 100 * USEC_PER_MSEC, 1000, 1500));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_then_the_rate_holds),
        cmocka_unit_test(what_is_not_taken_is_kept_up_to_the_burst),
        cmocka_unit_test(many_are_taken_together_or_not_at_all),
    };
    return cmocka_run_group_tests_name("sfu rate", tests, NULL, NULL);
}
