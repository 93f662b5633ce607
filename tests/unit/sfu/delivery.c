#include "sfu/core/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Feedback on `count` packets from `base` on, of which every `lost_every`-th is missing. */
static void feed(struct delivery *delivery, uint16_t base, uint32_t count, uint32_t lost_every)
{
    static struct transport_cc feedback;
    feedback.base_sequence = base;
    feedback.count = count;
    for (uint32_t i = 0; i < count; i++)
        feedback.arrivals[i].received = lost_every == 0 || i % lost_every != lost_every - 1;
    delivery_on_feedback(delivery, &feedback);
}

static void nothing_told_is_nothing_lost(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    assert_int_equal(delivery_expected(&delivery), 0);
    assert_int_equal(delivery_take_loss_percent(&delivery), 0);
}

static void loss_is_counted_interval_by_interval(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    feed(&delivery, 65500, 101, 10); /* over the wrap */
    assert_int_equal(delivery_expected(&delivery), 101);
    assert_int_equal(delivery_take_loss_percent(&delivery), 9);
    feed(&delivery, (uint16_t)(65500 + 101), 100, 0);
    assert_int_equal(delivery_expected(&delivery), 100);
    assert_int_equal(delivery_take_loss_percent(&delivery), 0);
}

static void what_was_only_overtaken_is_not_lost(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    feed(&delivery, 0, 100, 2);
    feed(&delivery, 0, 100, 0); /* told again, complete */
    assert_int_equal(delivery_expected(&delivery), 100);
    assert_int_equal(delivery_take_loss_percent(&delivery), 0);
}

static void feedback_told_twice_counts_once(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    feed(&delivery, 10, 100, 4);
    feed(&delivery, 10, 100, 4);
    assert_int_equal(delivery_take_loss_percent(&delivery), 24); /* the last one is not told of */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_told_is_nothing_lost),
        cmocka_unit_test(loss_is_counted_interval_by_interval),
        cmocka_unit_test(what_was_only_overtaken_is_not_lost),
        cmocka_unit_test(feedback_told_twice_counts_once),
    };
    return cmocka_run_group_tests_name("sfu delivery", tests, NULL, NULL);
}
