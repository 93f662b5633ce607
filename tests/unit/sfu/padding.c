#include "sfu/core/padding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct packets packets;
static struct history history;

static void begin(void)
{
    assert_int_equal(packets_init(&packets, 16), ERR_OK);
    history_init(&history, 50);
}

static void put(uint64_t sequence, uint32_t timestamp, uint16_t size)
{
    struct packet *packet = history_take(&history, &packets);
    assert_non_null(packet);
    *packet = (struct packet){.sequence = sequence, .timestamp = timestamp, .size = size};
    memset(packet->payload, 0xaa, sizeof packet->payload);
    history_put(&history, &packets, packet);
}

static void check(uint64_t sequence, uint8_t padding)
{
    const struct packet *packet = history_find(&history, &packets, sequence);
    assert_non_null(packet);
    assert_int_equal(packet->padding, padding);
    /* RFC 3550, section 5.1: the last byte counts itself; what lies between is of no matter. */
    if (padding)
        assert_int_equal(packet->payload[packet->size + padding - 1], padding);
    for (size_t i = 0; i < packet->size; i++)
        assert_int_equal(packet->payload[i], 0xaa);
    assert_int_equal(packet->payload[packet->size + padding], 0xaa);
}

static void the_packets_of_a_frame_become_equally_long(void **state)
{
    (void)state;
    begin();
    put(1, 3000, 1088);
    put(2, 3000, 1087);
    put(3, 3000, 1054);
    padding_even(&history, &packets, history.tail);
    check(1, 0);
    check(2, 1);
    check(3, 34);
    packets_done(&packets);
}

static void what_would_cost_more_than_its_share_is_left(void **state)
{
    (void)state;
    begin();
    put(1, 3000, 1088);
    put(2, 3000, 1053); /* 35 of 1088 */
    put(3, 3000, 0);
    put(4, 6000, 31);
    put(5, 6000, 30);
    padding_even(&history, &packets, history.tail);
    for (uint64_t sequence = 1; sequence <= 5; sequence++)
        check(sequence, 0);
    packets_done(&packets);
}

static void frames_are_no_measure_for_each_other(void **state)
{
    (void)state;
    begin();
    put(1, 3000, 1000);
    put(2, 6000, 1010);
    put(3, 6000, 1009);
    padding_even(&history, &packets, history.tail);
    check(1, 0);
    check(2, 0);
    check(3, 1);
    packets_done(&packets);
}

static void what_was_sent_is_not_touched_by_what_comes_later(void **state)
{
    (void)state;
    begin();
    put(1, 3000, 1000);
    padding_even(&history, &packets, history.tail);
    uint64_t sent = history.head;
    put(2, 3000, 1010);
    put(3, 3000, 1008);
    padding_even(&history, &packets, sent);
    check(1, 0);
    check(2, 0);
    check(3, 2);
    packets_done(&packets);
}

static void the_longest_packet_there_is_needs_no_room_beyond(void **state)
{
    (void)state;
    begin();
    put(1, 3000, LIMIT_RTP_PACKET_BYTES);
    put(2, 3000, LIMIT_RTP_PACKET_BYTES - 46);
    padding_even(&history, &packets, history.tail);
    const struct packet *packet = history_find(&history, &packets, 2);
    assert_int_equal(packet->size + packet->padding, LIMIT_RTP_PACKET_BYTES);
    assert_int_equal(packet->payload[LIMIT_RTP_PACKET_BYTES - 1], 46);
    packets_done(&packets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_packets_of_a_frame_become_equally_long),
        cmocka_unit_test(what_would_cost_more_than_its_share_is_left),
        cmocka_unit_test(frames_are_no_measure_for_each_other),
        cmocka_unit_test(what_was_sent_is_not_touched_by_what_comes_later),
        cmocka_unit_test(the_longest_packet_there_is_needs_no_room_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
