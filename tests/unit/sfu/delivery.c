#include "sfu/core/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Feedback on `count` packets from `base` on, of which every `lost_every`-th is missing; nothing
 * behind them was sent yet. */
static void feed(struct delivery *delivery, uint64_t base, uint32_t count, uint32_t lost_every)
{
    struct transport_cc_received feedback = {.base_sequence = (uint16_t)base, .count = count};
    for (uint32_t i = 0; i < count; i++)
        if (lost_every == 0 || i % lost_every != lost_every - 1)
            feedback.received[i / 64] |= UINT64_C(1) << (i % 64);
    assert_int_equal(delivery_on_feedback(delivery, base + count, &feedback), ERR_OK);
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
    feed(&delivery, 65500 + 101, 100, 0);
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

static void what_was_never_sent_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    feed(&delivery, 0, 100, 0);
    struct delivery before = delivery;
    struct transport_cc_received feedback = {.base_sequence = 90, .count = 11, .received = {0x7ff}};
    assert_int_equal(delivery_on_feedback(&delivery, 100, &feedback), ERR_UNKNOWN);
    feedback.base_sequence = 100;
    assert_int_equal(delivery_on_feedback(&delivery, 100, &feedback), ERR_UNKNOWN);
    feedback.base_sequence = 40000;
    assert_int_equal(delivery_on_feedback(&delivery, 100, &feedback), ERR_UNKNOWN);
    assert_memory_equal(&delivery, &before, sizeof before);
    feedback.base_sequence = 0;
    assert_int_equal(delivery_on_feedback(&delivery, 0, &feedback), ERR_UNKNOWN);
}

static void words_told_out_of_order_and_long_ago_are_counted_as_they_should(void **state)
{
    (void)state;
    struct delivery delivery = {0};
    feed(&delivery, 70, 1, 0);
    struct transport_cc_received late = {
        .base_sequence = 3, .count = 100, .received = {UINT64_MAX, UINT64_MAX >> 28}};
    /* 3 … 69 lie before the first one told of. */
    assert_int_equal(delivery_on_feedback(&delivery, 200, &late), ERR_OK);
    assert_int_equal(delivery_expected(&delivery), 33);
    assert_int_equal(delivery_take_loss_percent(&delivery), 0);
    feed(&delivery, 70 + 64 * DELIVERY_WORDS, 100, 0);
    assert_int_equal(delivery_on_feedback(&delivery, 70 + 64 * DELIVERY_WORDS + 100, &late),
                     ERR_OK); /* its words are out of the window */
    assert_int_equal(delivery_expected(&delivery), 64 * DELIVERY_WORDS + 100 - 33);
    assert_int_equal(delivery_take_loss_percent(&delivery), 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_told_is_nothing_lost),
        cmocka_unit_test(loss_is_counted_interval_by_interval),
        cmocka_unit_test(what_was_only_overtaken_is_not_lost),
        cmocka_unit_test(feedback_told_twice_counts_once),
        cmocka_unit_test(what_was_never_sent_is_refused_and_changes_nothing),
        cmocka_unit_test(words_told_out_of_order_and_long_ago_are_counted_as_they_should),
    };
    return cmocka_run_group_tests_name("sfu delivery", tests, NULL, NULL);
}
