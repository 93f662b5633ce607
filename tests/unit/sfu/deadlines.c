#include "sfu/core/deadlines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_earliest_is_popped_first(void **state)
{
    (void)state;
    struct deadlines deadlines;
    uint32_t owner;
    assert_int_equal(deadlines_init(&deadlines, 64), ERR_OK);
    assert_true(deadlines_earliest(&deadlines) == USEC_NEVER);
    for (uint32_t i = 0; i < 64; i++)
        deadlines_set(&deadlines, i, (i * 37) % 64);
    for (uint32_t i = 0; i < 64; i++) {
        assert_int_equal(deadlines_earliest(&deadlines), i);
        assert_true(deadlines_pop(&deadlines, i, &owner));
        assert_int_equal((owner * 37) % 64, i);
    }
    assert_false(deadlines_pop(&deadlines, 1000, &owner));
    deadlines_done(&deadlines);
}

static void nobody_is_popped_before_his_time(void **state)
{
    (void)state;
    struct deadlines deadlines;
    uint32_t owner;
    assert_int_equal(deadlines_init(&deadlines, 4), ERR_OK);
    deadlines_set(&deadlines, 2, 100);
    assert_false(deadlines_pop(&deadlines, 99, &owner));
    assert_true(deadlines_pop(&deadlines, 100, &owner));
    deadlines_done(&deadlines);
}

static void a_deadline_can_be_moved_hastened_and_cleared(void **state)
{
    (void)state;
    struct deadlines deadlines;
    assert_int_equal(deadlines_init(&deadlines, 8), ERR_OK);
    for (uint32_t i = 0; i < 8; i++)
        deadlines_set(&deadlines, i, 100 + i);
    deadlines_set(&deadlines, 0, 200);
    assert_int_equal(deadlines_earliest(&deadlines), 101);
    deadlines_hasten(&deadlines, 7, 50);
    assert_int_equal(deadlines_earliest(&deadlines), 50);
    deadlines_hasten(&deadlines, 7, 300);
    assert_int_equal(deadlines_earliest(&deadlines), 50);
    deadlines_set(&deadlines, 7, USEC_NEVER);
    assert_int_equal(deadlines_earliest(&deadlines), 101);
    deadlines_done(&deadlines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_is_popped_first),
        cmocka_unit_test(nobody_is_popped_before_his_time),
        cmocka_unit_test(a_deadline_can_be_moved_hastened_and_cleared),
    };
    return cmocka_run_group_tests_name("sfu deadlines", tests, NULL, NULL);
}
