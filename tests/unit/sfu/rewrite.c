#include "sfu/core/rewrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct packet packet(uint64_t sequence, usec_t arrival, uint32_t timestamp, uint16_t picture,
                            uint8_t tl0)
{
    return (struct packet){.sequence = sequence,
                           .arrival = arrival,
                           .timestamp = timestamp,
                           .picture_id = picture,
                           .tl0_index = tl0};
}

static void within_a_segment_every_number_moves_by_a_constant(void **state)
{
    (void)state;
    struct rewrite rewrite;
    struct rewrite_past past;
    struct rewritten a;
    struct rewritten b;
    rewrite_init(&rewrite, &past, 12345, 90000);
    struct packet first = packet(904, 0, 5000, 77, 9);
    struct packet later = packet(910, 100000, 14000, 79, 11);
    rewrite_begin(&rewrite, &past, 3, 1, 42, &first);
    a = rewrite_next(&rewrite, &first);
    b = rewrite_next(&rewrite, &later);
    assert_int_equal(b.sequence - a.sequence, 6);
    assert_int_equal(b.timestamp - a.timestamp, 9000);
    assert_int_equal(b.picture_id - a.picture_id, 2);
    assert_int_equal((uint8_t)(b.tl0_index - a.tl0_index), 2);
    assert_int_equal(a.source, 42);
}

static void a_new_segment_goes_on_behind_the_highest_number_sent(void **state)
{
    (void)state;
    struct rewrite rewrite;
    struct rewrite_past past;
    struct rewritten last;
    struct rewritten next;
    rewrite_init(&rewrite, &past, 99, 90000);
    struct packet a = packet(17, 0, 1000, 5, 5);
    struct packet a_last = packet(20, 1000, 1000, 5, 5);
    struct packet a_late = packet(19, 2000, 1000, 5, 5);
    struct packet b = packet(60000, 50000, 777777, 30000, 200);
    rewrite_begin(&rewrite, &past, 1, 1, 1, &a);
    last = rewrite_next(&rewrite, &a);
    last = rewrite_next(&rewrite, &a_last);
    next = rewrite_next(&rewrite, &a_late);
    assert_int_equal(next.sequence, last.sequence - 1);
    rewrite_begin(&rewrite, &past, 2, 2, 2, &b);
    next = rewrite_next(&rewrite, &b);
    assert_int_equal(next.sequence, last.sequence + 1);
    assert_int_equal(next.picture_id, (last.picture_id + 1) & 0x7fff);
    assert_int_equal(next.tl0_index, (uint8_t)(last.tl0_index + 1));
}

static void timestamps_go_on_by_the_time_between_arrivals_and_never_back(void **state)
{
    (void)state;
    struct rewrite rewrite;
    struct rewrite_past past;
    struct rewritten a;
    struct rewritten b;
    struct rewritten c;
    rewrite_init(&rewrite, &past, 99, 90000);
    struct packet first = packet(1, 1000000, 123, 0, 0);
    struct packet second = packet(1, 3000000, 99999999, 0, 0);
    struct packet cached = packet(1, 2500000, 55, 0, 0); /* older than what was sent */
    rewrite_begin(&rewrite, &past, 1, 1, 1, &first);
    a = rewrite_next(&rewrite, &first);
    rewrite_begin(&rewrite, &past, 2, 2, 2, &second);
    b = rewrite_next(&rewrite, &second);
    assert_int_equal(b.timestamp - a.timestamp, 180000);
    rewrite_begin(&rewrite, &past, 3, 3, 3, &cached);
    c = rewrite_next(&rewrite, &cached);
    assert_true((int32_t)(c.timestamp - b.timestamp) > 0);
}

static void a_number_once_sent_is_found_in_its_segment_until_that_is_too_long_ago(void **state)
{
    (void)state;
    struct rewrite rewrite;
    struct rewrite_past past;
    struct rewritten out;
    uint64_t sent[3 * REWRITE_SEGMENTS];
    rewrite_init(&rewrite, &past, 99, 90000);
    for (uint32_t i = 0; i < 3 * REWRITE_SEGMENTS; i++) {
        struct packet first = packet(1000 * (i + 1), i, i, 0, 0);
        rewrite_begin(&rewrite, &past, i, i + 1, i + 1, &first);
        out = rewrite_next(&rewrite, &first);
        sent[i] = out.sequence;
        uint64_t original;
        for (uint32_t back = 0; back <= i; back++) {
            const struct rewrite_segment *segment =
                rewrite_find(&rewrite, &past, sent[i - back], &original);
            if (back >= REWRITE_SEGMENTS) {
                assert_null(segment);
                continue;
            }
            assert_non_null(segment);
            assert_int_equal(segment->stream, i - back);
            assert_int_equal(original, 1000 * (i - back + 1));
        }
        assert_null(rewrite_find(&rewrite, &past, sent[i] + 1, &original));
    }
}

static void a_short_number_means_the_nearest_not_above_the_highest(void **state)
{
    (void)state;
    struct rewrite rewrite;
    struct rewrite_past past;
    struct rewritten out;
    rewrite_init(&rewrite, &past, 0, 90000); /* begins at 1 */
    struct packet first = packet(0, 0, 0, 0, 0);
    struct packet far = packet(70000, 0, 0, 0, 0);
    rewrite_begin(&rewrite, &past, 1, 1, 1, &first);
    out = rewrite_next(&rewrite, &far);
    assert_int_equal(out.sequence, 70001);
    assert_int_equal(rewrite_extend(&rewrite, (uint16_t)70001), 70001);
    assert_int_equal(rewrite_extend(&rewrite, (uint16_t)69999), 69999);
    assert_int_equal(rewrite_extend(&rewrite, (uint16_t)65000), 65000);
    assert_int_equal(rewrite_extend(&rewrite, (uint16_t)70002), 70002 - 65536);
}

static void sender_reports_extrapolate_from_the_last_packet(void **state)
{
    (void)state;
    struct rewrite rewrite;
    struct rewrite_past past;
    struct rewritten out;
    rewrite_init(&rewrite, &past, 7, 48000);
    struct packet first = packet(0, USEC_PER_SEC, 0, 0, 0);
    rewrite_begin(&rewrite, &past, 1, 1, 1, &first);
    out = rewrite_next(&rewrite, &first);
    assert_int_equal(rewrite_timestamp_at(&rewrite, &past, USEC_PER_SEC + 250000) - out.timestamp,
                     12000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_a_segment_every_number_moves_by_a_constant),
        cmocka_unit_test(a_new_segment_goes_on_behind_the_highest_number_sent),
        cmocka_unit_test(timestamps_go_on_by_the_time_between_arrivals_and_never_back),
        cmocka_unit_test(a_number_once_sent_is_found_in_its_segment_until_that_is_too_long_ago),
        cmocka_unit_test(a_short_number_means_the_nearest_not_above_the_highest),
        cmocka_unit_test(sender_reports_extrapolate_from_the_last_packet),
    };
    return cmocka_run_group_tests_name("sfu rewrite", tests, NULL, NULL);
}
