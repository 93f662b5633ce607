#include "sfu/core/arrivals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void nothing_is_reported_before_anything_came(void **state)
{
    (void)state;
    static struct arrivals arrivals;
    static struct transport_cc feedback;
    assert_false(arrivals_report(&arrivals, &feedback));
}

static void a_report_tells_what_came_when_and_what_did_not(void **state)
{
    (void)state;
    static struct arrivals arrivals;
    static struct transport_cc feedback;
    arrivals_on_packet(&arrivals, 640000, 65535);
    arrivals_on_packet(&arrivals, 641000, 1);
    assert_true(arrivals_report(&arrivals, &feedback));
    assert_int_equal(feedback.base_sequence, 65535);
    assert_int_equal(feedback.count, 3);
    assert_int_equal(feedback.reference, 10);
    assert_true(feedback.arrivals[0].received);
    assert_int_equal(feedback.arrivals[0].ticks, 0);
    assert_false(feedback.arrivals[1].received);
    assert_true(feedback.arrivals[2].received);
    assert_int_equal(feedback.arrivals[2].ticks, 4);
    assert_false(arrivals_report(&arrivals, &feedback));
}

static void the_next_report_goes_on_behind_the_last(void **state)
{
    (void)state;
    static struct arrivals arrivals;
    static struct transport_cc feedback;
    arrivals_on_packet(&arrivals, 0, 5);
    assert_true(arrivals_report(&arrivals, &feedback));
    uint8_t number = feedback.feedback_number;
    arrivals_on_packet(&arrivals, 1000, 7);
    assert_true(arrivals_report(&arrivals, &feedback));
    assert_int_equal(feedback.base_sequence, 7);
    assert_int_equal(feedback.feedback_number, (uint8_t)(number + 1));
}

static void what_was_told_missing_and_came_late_is_told_again(void **state)
{
    (void)state;
    static struct arrivals arrivals;
    static struct transport_cc feedback;
    arrivals_on_packet(&arrivals, 0, 5);
    arrivals_on_packet(&arrivals, 0, 7);
    assert_true(arrivals_report(&arrivals, &feedback));
    arrivals_on_packet(&arrivals, 1000, 6);
    assert_true(arrivals_report(&arrivals, &feedback));
    assert_int_equal(feedback.base_sequence, 6);
    assert_int_equal(feedback.count, 2);
    assert_true(feedback.arrivals[1].received);
}

static void a_jump_beyond_the_window_is_reported_from_its_far_end(void **state)
{
    (void)state;
    static struct arrivals arrivals;
    static struct transport_cc feedback;
    arrivals_on_packet(&arrivals, 0, 5);
    arrivals_on_packet(&arrivals, 1000, 20000);
    assert_true(arrivals_urgent(&arrivals));
    assert_true(arrivals_report(&arrivals, &feedback));
    assert_int_equal(feedback.base_sequence, 20000);
    assert_int_equal(feedback.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_reported_before_anything_came),
        cmocka_unit_test(a_report_tells_what_came_when_and_what_did_not),
        cmocka_unit_test(the_next_report_goes_on_behind_the_last),
        cmocka_unit_test(what_was_told_missing_and_came_late_is_told_again),
        cmocka_unit_test(a_jump_beyond_the_window_is_reported_from_its_far_end),
    };
    return cmocka_run_group_tests_name("sfu arrivals", tests, NULL, NULL);
}
