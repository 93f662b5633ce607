#include "sfu/core/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct history history;

static void put(struct packets *packets, uint64_t sequence, usec_t arrival)
{
    struct packet *packet = history_take(&history, packets);
    assert_non_null(packet);
    packet->sequence = sequence;
    packet->arrival = arrival;
    packet->size = 1;
    packet->payload[0] = (uint8_t)sequence;
    history_put(&history, packets, packet);
}

static void packets_are_met_in_the_order_of_arrival_and_found_by_number(void **state)
{
    (void)state;
    struct packets packets;
    assert_int_equal(packets_init(&packets, 16), ERR_OK);
    history_init(&history, 100);
    static const uint64_t order[] = {7, 9, 8};
    for (size_t i = 0; i < 3; i++)
        put(&packets, order[i], i);
    assert_int_equal(history.head, 103);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(history_at(&history, &packets, 100 + i)->sequence, order[i]);
    assert_int_equal(history_find(&history, &packets, 8)->payload[0], 8);
    assert_null(history_find(&history, &packets, 10));
    assert_null(history_find(&history, &packets, 8 + HISTORY_PACKETS));
    packets_done(&packets);
}

static void an_empty_pool_costs_the_stream_its_own_oldest(void **state)
{
    (void)state;
    struct packets packets;
    assert_int_equal(packets_init(&packets, 4), ERR_OK);
    history_init(&history, 0);
    for (uint64_t i = 0; i < 10; i++)
        put(&packets, i, i);
    assert_null(history_find(&history, &packets, 5));
    for (uint64_t i = 6; i < 10; i++)
        assert_non_null(history_find(&history, &packets, i));
    static struct history other;
    history_init(&other, 0);
    assert_null(history_take(&other, &packets)); /* which has nothing to give up */
    packets_done(&packets);
}

static void a_full_history_gives_up_its_oldest(void **state)
{
    (void)state;
    struct packets packets;
    assert_int_equal(packets_init(&packets, HISTORY_PACKETS * 2), ERR_OK);
    history_init(&history, 0);
    for (uint64_t i = 0; i < HISTORY_PACKETS + 5; i++)
        put(&packets, i, i);
    assert_int_equal(history.head - history.tail, HISTORY_PACKETS);
    assert_null(history_find(&history, &packets, 4));
    assert_non_null(history_find(&history, &packets, 5));
    packets_done(&packets);
}

static void what_is_too_old_expires_and_its_memory_serves_again(void **state)
{
    (void)state;
    struct packets packets;
    assert_int_equal(packets_init(&packets, 8), ERR_OK);
    history_init(&history, 0);
    for (uint64_t i = 0; i < 8; i++)
        put(&packets, i, i * 100);
    history_expire(&history, &packets, 500);
    assert_int_equal(history.tail, 5);
    for (uint64_t i = 8; i < 13; i++)
        put(&packets, i, i * 100);
    assert_int_equal(history.tail, 5);
    history_clear(&history, &packets);
    assert_int_equal(history.tail, history.head);
    assert_null(history_find(&history, &packets, 12));
    packets_done(&packets);
}

static void a_leftover_of_an_older_history_is_not_mistaken_for_a_packet(void **state)
{
    (void)state;
    struct packets packets;
    assert_int_equal(packets_init(&packets, 64), ERR_OK);
    history_init(&history, 0);
    for (uint64_t i = 0; i < 32; i++)
        put(&packets, i, i);
    history_clear(&history, &packets);
    history_init(&history, 5);
    put(&packets, 1000, 0);
    for (uint64_t i = 0; i < 32; i++)
        assert_null(history_find(&history, &packets, i));
    packets_done(&packets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_are_met_in_the_order_of_arrival_and_found_by_number),
        cmocka_unit_test(an_empty_pool_costs_the_stream_its_own_oldest),
        cmocka_unit_test(a_full_history_gives_up_its_oldest),
        cmocka_unit_test(what_is_too_old_expires_and_its_memory_serves_again),
        cmocka_unit_test(a_leftover_of_an_older_history_is_not_mistaken_for_a_packet),
    };
    return cmocka_run_group_tests_name("sfu history", tests, NULL, NULL);
}
