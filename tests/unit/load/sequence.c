#include "load/core/sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

static struct sequence stream;
static uint64_t extended;
static uint64_t lost;

static int begin(void **state)
{
    (void)state;
    sequence_init(&stream);
    extended = 0;
    lost = 0;
    return 0;
}

static enum sequence_verdict take(usec_t now, uint16_t number)
{
    return sequence_on_packet(&stream, now, number, &extended, &lost);
}

static void an_unbroken_stream_counts_up_over_the_wrap(void **state)
{
    (void)state;
    for (uint32_t i = 65000; i < 65000 + 100000; i++) {
        assert_int_equal(take(i, (uint16_t)i), SEQUENCE_NEW);
        assert_true(extended == i);
    }
    assert_int_equal(stream.missing, 0);
    assert_true(sequence_deadline(&stream) == USEC_NEVER);
}

static void a_late_packet_fills_its_gap(void **state)
{
    (void)state;
    take(0, 65535);
    take(0, 2);
    assert_int_equal(stream.missing, 2);
    assert_int_equal(take(0, 1), SEQUENCE_FILLED);
    assert_true(extended == 65537);
    assert_int_equal(take(0, 0), SEQUENCE_FILLED);
    assert_int_equal(stream.missing, 0);
    assert_true(sequence_deadline(&stream) == USEC_NEVER);
}

static void what_came_twice_is_a_duplicate(void **state)
{
    (void)state;
    take(0, 10);
    take(0, 12);
    assert_int_equal(take(0, 10), SEQUENCE_DUPLICATE);
    assert_int_equal(take(0, 12), SEQUENCE_DUPLICATE);
    assert_int_equal(take(0, 11), SEQUENCE_FILLED);
    assert_int_equal(take(0, 11), SEQUENCE_DUPLICATE);
}

static void what_was_before_the_first_packet_is_stale(void **state)
{
    (void)state;
    take(0, 10);
    assert_int_equal(take(0, 9), SEQUENCE_STALE);
    assert_int_equal(take(0, 65530), SEQUENCE_STALE);
    assert_int_equal(stream.missing, 0);
}

static void a_gap_is_asked_for_after_a_moment_and_again(void **state)
{
    (void)state;
    uint16_t numbers[SEQUENCE_NACKS_MAX];
    take(0, 1);
    take(1000, 4);
    assert_int_equal(sequence_poll_nack(&stream, 1000, numbers), 0);
    assert_true(sequence_deadline(&stream) == 1000 + SEQUENCE_PATIENCE_US);
    usec_t asked = 1000 + SEQUENCE_PATIENCE_US;
    assert_int_equal(sequence_poll_nack(&stream, asked, numbers), 2);
    assert_int_equal(numbers[0], 2);
    assert_int_equal(numbers[1], 3);
    assert_int_equal(sequence_poll_nack(&stream, asked + 1, numbers), 0);
    assert_int_equal(sequence_poll_nack(&stream, asked + SEQUENCE_AGAIN_US, numbers), 2);
}

static void a_second_gap_does_not_ask_for_the_first_again(void **state)
{
    (void)state;
    uint16_t numbers[SEQUENCE_NACKS_MAX];
    take(0, 1);
    take(0, 3);
    assert_int_equal(sequence_poll_nack(&stream, SEQUENCE_PATIENCE_US, numbers), 1);
    take(SEQUENCE_PATIENCE_US, 5);
    assert_int_equal(sequence_poll_nack(&stream, 2 * SEQUENCE_PATIENCE_US, numbers), 1);
    assert_int_equal(numbers[0], 4);
}

static void a_gap_is_lost_after_one_to_two_terms(void **state)
{
    (void)state;
    take(0, 1);
    take(0, 3);
    assert_int_equal(sequence_give_up(&stream, SEQUENCE_GIVE_UP_US - 1), 0);
    uint32_t given = sequence_give_up(&stream, SEQUENCE_GIVE_UP_US);
    given += sequence_give_up(&stream, 2 * SEQUENCE_GIVE_UP_US);
    assert_int_equal(given, 1);
    assert_int_equal(stream.missing, 0);
    assert_int_equal(take(2 * SEQUENCE_GIVE_UP_US, 2), SEQUENCE_STALE);
    assert_true(sequence_deadline(&stream) == USEC_NEVER);
}

static void a_gap_too_wide_is_given_up_at_once(void **state)
{
    (void)state;
    take(0, 1);
    take(0, SEQUENCE_MISSING_MAX + 3);
    assert_int_equal(lost, SEQUENCE_MISSING_MAX + 1);
    assert_int_equal(stream.missing, 0);
    assert_int_equal(take(0, 5), SEQUENCE_STALE);
}

/* Every packet of a long stream is, at the end, taken once, or lost, however they came. */
static void nothing_is_counted_twice_whatever_the_line_does(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct rng rng = rng_seed(seed);
        uint64_t taken = 0;
        usec_t now = 0;
        begin(NULL);
        take(0, 0);
        for (uint32_t next = 1; next < 20000;) {
            uint32_t chance = rng_below(&rng, 100);
            uint32_t back = rng_below(&rng, next < 200 ? next : 200);
            now += rng_below(&rng, 20000);
            next += chance < 3 ? 1 + rng_below(&rng, 20) : 0;
            uint16_t number = (uint16_t)(chance < 10 ? next - back : next++);
            enum sequence_verdict verdict = take(now, number);
            taken += verdict == SEQUENCE_NEW || verdict == SEQUENCE_FILLED;
            lost += sequence_give_up(&stream, now);
        }
        assert_true(taken + 1 + lost + stream.missing == stream.highest - stream.first + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_unbroken_stream_counts_up_over_the_wrap, begin),
        cmocka_unit_test_setup(a_late_packet_fills_its_gap, begin),
        cmocka_unit_test_setup(what_came_twice_is_a_duplicate, begin),
        cmocka_unit_test_setup(what_was_before_the_first_packet_is_stale, begin),
        cmocka_unit_test_setup(a_gap_is_asked_for_after_a_moment_and_again, begin),
        cmocka_unit_test_setup(a_second_gap_does_not_ask_for_the_first_again, begin),
        cmocka_unit_test_setup(a_gap_is_lost_after_one_to_two_terms, begin),
        cmocka_unit_test_setup(a_gap_too_wide_is_given_up_at_once, begin),
        cmocka_unit_test_setup(nothing_is_counted_twice_whatever_the_line_does, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
