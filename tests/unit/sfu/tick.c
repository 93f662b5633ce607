#include "sfu/core/tick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { LONGEST_US = 5000, ROUND_EVERY_US = 1000, SETTLED = 2000 };

static const usec_t start = 100 * USEC_PER_SEC;

/* A round each millisecond that takes so much of it; gives when the last one began. */
static usec_t work(struct tick *tick, usec_t from, uint32_t percent, int rounds)
{
    for (int i = 0; i < rounds; i++, from += ROUND_EVERY_US)
        tick_on_round(tick, from, from + (usec_t)percent * ROUND_EVERY_US / 100);
    return from - ROUND_EVERY_US;
}

static usec_t wait_at(uint32_t percent)
{
    struct tick tick;
    tick_init(&tick, start, LONGEST_US);
    usec_t last = work(&tick, start, percent, SETTLED);
    return tick_next(&tick) - last;
}

static void an_idle_worker_never_waits(void **unused)
{
    (void)unused;
    assert_int_equal(wait_at(0), 0);
    assert_int_equal(wait_at(29), 0);
}

static void a_busy_worker_waits_the_longer_the_busier_it_is(void **unused)
{
    (void)unused;
    assert_in_range(wait_at(45), LONGEST_US / 2 - 100, LONGEST_US / 2 + 100);
    for (uint32_t percent = 30; percent < 100; percent++)
        assert_true(wait_at(percent) <= wait_at(percent + 1));
    assert_int_equal(wait_at(65), LONGEST_US);
    assert_int_equal(wait_at(100), LONGEST_US);
}

static void one_long_round_does_not_make_a_quiet_worker_wait(void **unused)
{
    (void)unused;
    struct tick tick;
    tick_init(&tick, start, LONGEST_US);
    usec_t last = work(&tick, start, 5, SETTLED);
    tick_on_round(&tick, last + ROUND_EVERY_US, last + 11 * ROUND_EVERY_US);
    last = work(&tick, last + 11 * ROUND_EVERY_US, 5, 1);
    assert_int_equal(tick_next(&tick), last);
}

static void a_pause_is_forgotten_at_once(void **unused)
{
    (void)unused;
    struct tick tick;
    tick_init(&tick, start, LONGEST_US);
    usec_t last = work(&tick, start, 90, SETTLED);
    assert_int_equal(tick_next(&tick), last + LONGEST_US);
    usec_t later = last + USEC_PER_SEC;
    tick_on_round(&tick, later, later + 100);
    assert_int_equal(tick_next(&tick), later);
}

static void a_worker_told_to_never_waits(void **unused)
{
    (void)unused;
    struct tick tick;
    tick_init(&tick, start, 0);
    usec_t last = work(&tick, start, 100, SETTLED);
    assert_int_equal(tick_next(&tick), last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_worker_never_waits),
        cmocka_unit_test(a_busy_worker_waits_the_longer_the_busier_it_is),
        cmocka_unit_test(one_long_round_does_not_make_a_quiet_worker_wait),
        cmocka_unit_test(a_pause_is_forgotten_at_once),
        cmocka_unit_test(a_worker_told_to_never_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
