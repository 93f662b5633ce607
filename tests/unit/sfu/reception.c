#include "sfu/core/reception.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_report_says_what_was_lost_since_the_last_one(void **state)
{
    (void)state;
    struct reception reception = {0};
    for (uint64_t i = 0; i < 100; i++)
        if (i % 4)
            reception_on_packet(&reception, i * 20000, 1000 + i, (uint32_t)i * 960, 48000);
    struct rtcp_report report = reception_report(&reception, 2000000, 7);
    assert_int_equal(report.ssrc, 7);
    assert_int_equal(report.highest_sequence, 1099);
    assert_int_equal(report.cumulative_lost, 24); /* the first number seen was 1001 */
    assert_int_equal(report.fraction_lost, 24 * 256 / 99);
    for (uint64_t i = 100; i < 200; i++)
        reception_on_packet(&reception, i * 20000, 1000 + i, (uint32_t)i * 960, 48000);
    report = reception_report(&reception, 4000000, 7);
    assert_int_equal(report.fraction_lost, 0);
    assert_int_equal(report.cumulative_lost, 24);
}

static void duplicates_make_the_loss_negative_but_not_the_fraction(void **state)
{
    (void)state;
    struct reception reception = {0};
    for (int i = 0; i < 10; i++)
        reception_on_packet(&reception, 0, 5, 0, 48000);
    struct rtcp_report report = reception_report(&reception, 0, 7);
    assert_int_equal(report.cumulative_lost, -9);
    assert_int_equal(report.fraction_lost, 0);
}

static void even_spacing_has_no_jitter_and_uneven_has(void **state)
{
    (void)state;
    struct reception even = {0};
    struct reception uneven = {0};
    for (uint64_t i = 0; i < 500; i++) {
        uint32_t timestamp = (uint32_t)i * 960;
        reception_on_packet(&even, i * 20000, i, timestamp, 48000);
        reception_on_packet(&uneven, i * 20000 + (i % 2) * 5000, i, timestamp, 48000);
    }
    assert_int_equal(reception_report(&even, 0, 1).jitter, 0);
    /* |D| is 5 ms each time: 240 units, which the filter reaches from below (A.8). */
    assert_in_range(reception_report(&uneven, 0, 1).jitter, 220, 240);
}

static void the_delay_since_the_senders_report_is_told(void **state)
{
    (void)state;
    struct reception reception = {0};
    reception_on_packet(&reception, 0, 5, 0, 48000);
    assert_int_equal(reception_report(&reception, 0, 1).last_sr, 0);
    reception_on_sender_report(&reception, 1000000, UINT64_C(0x1122334455667788));
    struct rtcp_report report = reception_report(&reception, 1500000, 1);
    assert_int_equal(report.last_sr, 0x33445566);
    assert_int_equal(report.delay_since_last_sr, 32768);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_says_what_was_lost_since_the_last_one),
        cmocka_unit_test(duplicates_make_the_loss_negative_but_not_the_fraction),
        cmocka_unit_test(even_spacing_has_no_jitter_and_uneven_has),
        cmocka_unit_test(the_delay_since_the_senders_report_is_told),
    };
    return cmocka_run_group_tests_name("sfu reception", tests, NULL, NULL);
}
