#include "sfu/core/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_first_packet_is_new_whatever_its_index(void **state)
{
    (void)state;
    struct replay window = {0};
    assert_int_equal(replay_check(&window, 0), ERR_OK);
    assert_int_equal(replay_check(&window, UINT64_C(1) << 40), ERR_OK);
}

static void a_packet_is_accepted_once(void **state)
{
    (void)state;
    struct replay window = {0};
    replay_commit(&window, 700);
    assert_int_equal(replay_check(&window, 700), ERR_REPLAY);
    replay_commit(&window, 701);
    assert_int_equal(replay_check(&window, 700), ERR_REPLAY);
    assert_int_equal(replay_check(&window, 701), ERR_REPLAY);
}

static void checking_alone_changes_nothing(void **state)
{
    (void)state;
    struct replay window = {0};
    replay_commit(&window, 700);
    struct replay before = window;
    assert_int_equal(replay_check(&window, 100000), ERR_OK);
    assert_memory_equal(&before, &window, sizeof window);
}

static void late_packets_within_the_window_are_accepted_in_any_order(void **state)
{
    (void)state;
    struct replay window = {0};
    replay_commit(&window, 10000);
    for (uint64_t age = REPLAY_WINDOW_PACKETS - 1; age > 0; age--) {
        assert_int_equal(replay_check(&window, 10000 - age), ERR_OK);
        replay_commit(&window, 10000 - age);
        assert_int_equal(replay_check(&window, 10000 - age), ERR_REPLAY);
    }
    assert_int_equal(replay_check(&window, 10000 - REPLAY_WINDOW_PACKETS), ERR_STALE);
}

static void a_step_forgets_only_what_left_the_window(void **state)
{
    (void)state;
    struct replay window = {0};
    for (uint64_t index = 0; index < 2000; index += 3) {
        replay_commit(&window, index);
        for (uint64_t age = 0; age < REPLAY_WINDOW_PACKETS && age <= index; age++) {
            enum err expected = (index - age) % 3 == 0 ? ERR_REPLAY : ERR_OK;
            assert_int_equal(replay_check(&window, index - age), expected);
        }
    }
}

static void a_long_jump_clears_the_window(void **state)
{
    (void)state;
    struct replay window = {0};
    replay_commit(&window, 5);
    replay_commit(&window, 5 + REPLAY_WINDOW_PACKETS);
    assert_int_equal(replay_check(&window, 5), ERR_STALE);
    for (uint64_t index = 6; index < 5 + REPLAY_WINDOW_PACKETS; index++)
        assert_int_equal(replay_check(&window, index), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_packet_is_new_whatever_its_index),
        cmocka_unit_test(a_packet_is_accepted_once),
        cmocka_unit_test(checking_alone_changes_nothing),
        cmocka_unit_test(late_packets_within_the_window_are_accepted_in_any_order),
        cmocka_unit_test(a_step_forgets_only_what_left_the_window),
        cmocka_unit_test(a_long_jump_clears_the_window),
    };
    return cmocka_run_group_tests_name("sfu replay", tests, NULL, NULL);
}
