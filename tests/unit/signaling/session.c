#include "signaling/core/session.h"

#include "tests/unit/signaling/support.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static const struct session_policy POLICY = {30 * MINUTE, 12 * HOUR};

static void it_ends_half_an_hour_after_its_last_use(void **state)
{
    (void)state;
    assert_true(session_expiry(&POLICY, 0, HOUR) == HOUR + 30 * MINUTE);
}

static void it_ends_twelve_hours_after_its_start_however_busy(void **state)
{
    (void)state;
    assert_true(session_expiry(&POLICY, 0, 12 * HOUR - MINUTE) == 12 * HOUR);
}

static void a_little_use_is_not_worth_a_write(void **state)
{
    (void)state;
    utc_ms_t expires = session_expiry(&POLICY, 0, HOUR);
    assert_false(session_is_worth_renewing(&POLICY, 0, expires, HOUR + MINUTE));
    assert_true(session_is_worth_renewing(&POLICY, 0, expires, HOUR + 3 * MINUTE));
}

static void at_its_absolute_end_there_is_nothing_to_renew(void **state)
{
    (void)state;
    assert_false(session_is_worth_renewing(&POLICY, 0, 12 * HOUR, 12 * HOUR - 1));
}

static void a_clock_set_back_does_not_shorten_it(void **state)
{
    (void)state;
    utc_ms_t expires = session_expiry(&POLICY, 0, 5 * HOUR);
    assert_false(session_is_worth_renewing(&POLICY, 0, expires, 4 * HOUR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_half_an_hour_after_its_last_use),
        cmocka_unit_test(it_ends_twelve_hours_after_its_start_however_busy),
        cmocka_unit_test(a_little_use_is_not_worth_a_write),
        cmocka_unit_test(at_its_absolute_end_there_is_nothing_to_renew),
        cmocka_unit_test(a_clock_set_back_does_not_shorten_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
