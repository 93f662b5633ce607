#include "signaling/core/crowd.h"

#include "tests/unit/signaling/support.h"

static void a_run_of_events_becomes_one(void **state)
{
    (void)state;
    struct crowd crowd = {0};
    crowd_on_presence(&crowd, 41, 7);
    crowd_on_ballot(&crowd, 42);
    crowd_on_presence(&crowd, 43, 8);
    assert_true(crowd.from == 41 && crowd.to == 43);
    assert_int_equal(crowd.named_count, 2);
    assert_false(crowd.is_many);
    crowd_clear(&crowd);
    assert_true(crowd.from == 0);
    crowd_on_presence(&crowd, 45, 9);
    assert_true(crowd.from == 45 && crowd.to == 45);
    assert_int_equal(crowd.named_count, 1);
}

static void who_comes_and_goes_is_named_once(void **state)
{
    (void)state;
    struct crowd crowd = {0};
    for (uint64_t seq = 1; seq <= 20; seq++)
        crowd_on_presence(&crowd, seq, 7 + seq % 2);
    assert_int_equal(crowd.named_count, 2);
    assert_false(crowd.is_many);
}

static void a_storm_is_counted_and_not_named(void **state)
{
    (void)state;
    struct crowd crowd = {0};
    for (uint64_t n = 1; n <= CROWD_NAMED_MAX; n++)
        crowd_on_presence(&crowd, n, 100 + n);
    assert_false(crowd.is_many);
    crowd_on_presence(&crowd, CROWD_NAMED_MAX + 1, 999);
    assert_true(crowd.is_many);
    assert_int_equal(crowd.named_count, CROWD_NAMED_MAX);
}

static void a_ballot_names_nobody(void **state)
{
    (void)state;
    struct crowd crowd = {0};
    crowd_on_ballot(&crowd, 3);
    assert_int_equal(crowd.named_count, 0);
}

static void what_everybody_is_told_costs_the_same_in_any_room(void **state)
{
    (void)state;
    assert_true(crowd_pace_us(4) == CROWD_PACE_LEAST_MS * USEC_PER_MSEC);
    usec_t pace = crowd_pace_us(3400);
    assert_true(3400 * USEC_PER_SEC / pace == USEC_PER_SEC / CROWD_PACE_US_PER_CONNECTION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_of_events_becomes_one),
        cmocka_unit_test(who_comes_and_goes_is_named_once),
        cmocka_unit_test(a_storm_is_counted_and_not_named),
        cmocka_unit_test(a_ballot_names_nobody),
        cmocka_unit_test(what_everybody_is_told_costs_the_same_in_any_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
