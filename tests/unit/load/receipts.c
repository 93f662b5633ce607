#include "load/core/receipts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sfu/proto/rtcp_write.h"

/* Written by ours, read back by the server's parser. */
static struct transport_cc report(struct receipts *receipts)
{
    static struct transport_cc made;
    static struct transport_cc read;
    uint8_t space[1200];
    struct wr wr = wr_init(space, sizeof space);
    struct rtcp_walk walk;
    struct rtcp_packet packet;
    assert_true(receipts_report(receipts, &made));
    made.sender_ssrc = 1;
    made.media_ssrc = 77;
    assert_int_equal(rtcp_write_transport_cc(&wr, &made), ERR_OK);
    assert_int_equal(rtcp_walk_init(&walk, wr_written(&wr)), ERR_OK);
    assert_true(rtcp_walk_next(&walk, &packet));
    assert_int_equal(packet.count, RTCP_RTPFB_TRANSPORT_CC);
    assert_int_equal(rtcp_parse_transport_cc(&packet, &read), ERR_OK);
    return read;
}

/* The clock's time of an arrival, as the sender would reckon it. */
static uint64_t arrived_us(const struct transport_cc *read, uint32_t place)
{
    return (uint64_t)((int64_t)read->reference * TRANSPORT_CC_REFERENCE_US +
                      (int64_t)read->arrivals[place].ticks * TRANSPORT_CC_TICK_US);
}

static void nothing_came_nothing_is_told(void **state)
{
    (void)state;
    struct receipts receipts = {0};
    struct transport_cc feedback;
    assert_false(receipts_report(&receipts, &feedback));
}

static void arrivals_are_told_to_a_quarter_of_a_millisecond(void **state)
{
    (void)state;
    struct receipts receipts = {0};
    receipts_on_packet(&receipts, 1000000, 65534);
    receipts_on_packet(&receipts, 1005250, 65535);
    receipts_on_packet(&receipts, 1010750, 1);
    struct transport_cc read = report(&receipts);
    assert_int_equal(read.base_sequence, 65534);
    assert_int_equal(read.count, 4);
    assert_false(read.arrivals[2].received);
    assert_true(arrived_us(&read, 0) == 1000000);
    assert_true(arrived_us(&read, 1) == 1005250);
    assert_true(arrived_us(&read, 3) == 1010750);
}

static void what_was_lost_between_two_feedbacks_is_told(void **state)
{
    (void)state;
    struct receipts receipts = {0};
    receipts_on_packet(&receipts, 1000000, 10);
    assert_int_equal(report(&receipts).feedback_number, 0);
    receipts_on_packet(&receipts, 1100000, 13);
    struct transport_cc read = report(&receipts);
    assert_int_equal(read.feedback_number, 1);
    assert_int_equal(read.base_sequence, 11);
    assert_int_equal(read.count, 3);
    assert_false(read.arrivals[0].received || read.arrivals[1].received);
    assert_true(read.arrivals[2].received);
}

static void packets_that_overtake_each_other_are_told_in_order(void **state)
{
    (void)state;
    struct receipts receipts = {0};
    receipts_on_packet(&receipts, 1002000, 6);
    receipts_on_packet(&receipts, 1003000, 5);
    struct transport_cc read = report(&receipts);
    assert_int_equal(read.base_sequence, 5);
    assert_true(arrived_us(&read, 0) == 1003000);
    assert_true(arrived_us(&read, 1) == 1002000);
}

static void a_full_place_asks_for_a_feedback(void **state)
{
    (void)state;
    struct receipts receipts = {0};
    for (uint16_t i = 0; i + 1 < RECEIPTS_MAX; i++)
        assert_false(receipts_on_packet(&receipts, 1000000 + i * 500u, i));
    assert_true(receipts_on_packet(&receipts, 1100000, RECEIPTS_MAX - 1));
    assert_true(receipts_on_packet(&receipts, 1100000, RECEIPTS_MAX));
    assert_int_equal(report(&receipts).count, RECEIPTS_MAX);
}

static void a_stream_that_began_anew_is_not_told_as_lost(void **state)
{
    (void)state;
    struct receipts receipts = {0};
    receipts_on_packet(&receipts, 1000000, 10);
    (void)report(&receipts);
    receipts_on_packet(&receipts, 2000000, 30000);
    struct transport_cc read = report(&receipts);
    assert_int_equal(read.base_sequence, 30000);
    assert_int_equal(read.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_came_nothing_is_told),
        cmocka_unit_test(arrivals_are_told_to_a_quarter_of_a_millisecond),
        cmocka_unit_test(what_was_lost_between_two_feedbacks_is_told),
        cmocka_unit_test(packets_that_overtake_each_other_are_told_in_order),
        cmocka_unit_test(a_full_place_asks_for_a_feedback),
        cmocka_unit_test(a_stream_that_began_anew_is_not_told_as_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
