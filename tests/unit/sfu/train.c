#include "sfu/core/train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SENDS = 4, OVERHEAD = 16 };

static uint8_t arena[256 * 1024];
static struct worker_send sends[SENDS];
static const struct outlet outlet = {.endpoint = {1, 1}, .to = {.port = 9}};

static struct trains begin(void)
{
    return trains_init(sends, SENDS, arena, sizeof arena);
}

static void add(struct trains *trains, size_t plain)
{
    assert_non_null(trains_room(trains, plain));
    trains_add(trains, &outlet, plain, plain + OVERHEAD);
}

static void equal_datagrams_are_one_send_and_a_shorter_one_ends_it(void **state)
{
    (void)state;
    struct trains trains = begin();
    for (int i = 0; i < 5; i++)
        add(&trains, 1084);
    assert_true(trains_joins(&trains, 84));
    assert_false(trains_joins(&trains, 1085));
    add(&trains, 84);
    assert_false(trains_joins(&trains, 84));
    add(&trains, 84);
    assert_int_equal(trains.count, 2);
    assert_int_equal(sends[0].segment_size, 1100);
    assert_int_equal(sends[0].size, 5 * 1100 + 100);
    assert_int_equal(sends[0].to.port, 9);
    assert_int_equal(sends[1].segment_size, 0);
    assert_ptr_equal(sends[1].data, sends[0].data + sends[0].size);
}

static void a_longer_datagram_begins_another_send(void **state)
{
    (void)state;
    struct trains trains = begin();
    add(&trains, 100);
    add(&trains, 101);
    assert_int_equal(trains.count, 2);
}

static void a_train_is_never_longer_than_the_kernel_takes(void **state)
{
    (void)state;
    struct trains trains = begin();
    for (int i = 0; i < LIMIT_GSO_SEGMENTS + 1; i++)
        add(&trains, 200);
    assert_int_equal(trains.count, 2);
    assert_int_equal(sends[0].size, LIMIT_GSO_SEGMENTS * 216);

    trains = begin();
    for (int i = 0; i < 60; i++)
        add(&trains, 1400);
    assert_int_equal(trains.count, 2);
    assert_true(sends[0].size <= LIMIT_GSO_BYTES);
    assert_int_equal(sends[0].size, LIMIT_GSO_BYTES / 1416 * 1416);
}

static void another_subscriber_has_a_send_of_its_own(void **state)
{
    (void)state;
    struct trains trains = begin();
    add(&trains, 500);
    trains_end(&trains);
    add(&trains, 500);
    assert_int_equal(trains.count, 2);
}

static void there_is_no_room_without_a_send_or_bytes(void **state)
{
    (void)state;
    struct trains trains = begin();
    for (size_t i = 0; i < SENDS; i++)
        add(&trains, 100 + i);
    assert_null(trains_room(&trains, 200));
    assert_non_null(trains_room(&trains, 100)); /* the last train takes it */
    assert_false(trains_worth_starting(&trains));
    trains = trains_init(sends, SENDS, arena, TRAIN_DATAGRAM_ROOM - 1);
    assert_null(trains_room(&trains, 200));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_datagrams_are_one_send_and_a_shorter_one_ends_it),
        cmocka_unit_test(a_longer_datagram_begins_another_send),
        cmocka_unit_test(a_train_is_never_longer_than_the_kernel_takes),
        cmocka_unit_test(another_subscriber_has_a_send_of_its_own),
        cmocka_unit_test(there_is_no_room_without_a_send_or_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
