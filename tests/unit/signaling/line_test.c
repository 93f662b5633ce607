#include "signaling/core/line_test.h"

#include "tests/unit/signaling/support.h"

enum { NOW = 1000000 };

static const struct line_test_load FREE = {.capacity = 4000, .meetings = 0};

static struct line_test started(uint32_t receivers, uint32_t senders)
{
    struct line_test test;
    line_test_start(&test, 7, receivers, senders, NOW);
    return test;
}

static uint32_t taken(struct line_test *test, bool sends)
{
    uint32_t source = 99, number;
    assert_int_equal(line_test_take(test, sends, &source, &number), ERR_OK);
    return source;
}

static void it_begins_when_there_is_room(void **state)
{
    (void)state;
    assert_int_equal(line_test_check(&FREE, 3400, 20), DOOR_REFUSAL_COUNT);
    assert_int_equal(line_test_check(&FREE, 3981, 20), DOOR_LINE_TEST_LARGE);
}

static void its_size_is_bounded(void **state)
{
    (void)state;
    const struct line_test_load huge = {.capacity = 65536};
    assert_int_equal(line_test_check(&huge, LIMIT_LINE_TEST_RECEIVERS, 1), DOOR_REFUSAL_COUNT);
    assert_int_equal(line_test_check(&huge, LIMIT_LINE_TEST_RECEIVERS + 1, 1), DOOR_BAD_REQUEST);
    assert_int_equal(line_test_check(&huge, 1, 0), DOOR_BAD_REQUEST);
    assert_int_equal(line_test_check(&huge, 1, LIMIT_LINE_TEST_SENDERS + 1), DOOR_BAD_REQUEST);
}

static void meetings_come_first(void **state)
{
    (void)state;
    struct line_test_load load = {.capacity = 1000, .meetings = 500};
    struct line_test test = started(10, 1);
    assert_int_equal(line_test_check(&load, 10, 1), DOOR_REFUSAL_COUNT);
    assert_false(line_test_is_over(&test, &load, NOW));
    load.meetings = 501;
    assert_int_equal(line_test_check(&load, 10, 1), DOOR_LINE_TEST_MEETINGS);
    assert_true(line_test_is_over(&test, &load, NOW));
}

static void senders_are_numbered_and_their_numbers_come_back(void **state)
{
    (void)state;
    struct line_test test = started(0, 3);
    for (uint32_t want = 1; want <= 3; want++)
        assert_int_equal(taken(&test, true), want);
    uint32_t source = 99, number = 99;
    assert_int_equal(line_test_take(&test, true, &source, &number), ERR_FULL);
    assert_int_equal(source, 99);
    assert_int_equal(number, 99);
    line_test_give(&test, 2, NOW);
    assert_int_equal(taken(&test, true), 2);
}

static void all_senders_fit_in_one_test(void **state)
{
    (void)state;
    struct line_test test = started(0, LIMIT_LINE_TEST_SENDERS);
    for (uint32_t want = 1; want <= LIMIT_LINE_TEST_SENDERS; want++)
        assert_int_equal(taken(&test, true), want);
    assert_int_equal(line_test_open(&test), LIMIT_LINE_TEST_SENDERS);
}

static void no_more_receivers_come_than_were_announced(void **state)
{
    (void)state;
    struct line_test test = started(2, 1);
    uint32_t source, number;
    assert_int_equal(taken(&test, false), 0);
    assert_int_equal(taken(&test, false), 0);
    assert_int_equal(line_test_take(&test, false, &source, &number), ERR_FULL);
    assert_int_equal(line_test_open(&test), 2);
}

static void it_ends_when_nobody_is_left(void **state)
{
    (void)state;
    struct line_test test = started(1, 1);
    assert_false(line_test_is_over(&test, &FREE, NOW + LINE_TEST_EMPTY_MS - 1));
    assert_true(line_test_is_over(&test, &FREE, NOW + LINE_TEST_EMPTY_MS));
    uint32_t source = taken(&test, true);
    assert_false(line_test_is_over(&test, &FREE, NOW + LINE_TEST_EMPTY_MS));
    line_test_give(&test, source, NOW + 500000);
    assert_false(line_test_is_over(&test, &FREE, NOW + 500000));
    assert_true(line_test_is_over(&test, &FREE, NOW + 500000 + LINE_TEST_EMPTY_MS));
}

static void it_ends_after_its_time_whoever_is_there(void **state)
{
    (void)state;
    struct line_test test = started(1, 1);
    (void)taken(&test, true);
    utc_ms_t end = NOW + (utc_ms_t)LIMIT_LINE_TEST_SECONDS * 1000;
    assert_int_equal(test.expires_at, end);
    assert_false(line_test_is_over(&test, &FREE, end - 1));
    assert_true(line_test_is_over(&test, &FREE, end));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_when_there_is_room),
        cmocka_unit_test(its_size_is_bounded),
        cmocka_unit_test(meetings_come_first),
        cmocka_unit_test(senders_are_numbered_and_their_numbers_come_back),
        cmocka_unit_test(all_senders_fit_in_one_test),
        cmocka_unit_test(no_more_receivers_come_than_were_announced),
        cmocka_unit_test(it_ends_when_nobody_is_left),
        cmocka_unit_test(it_ends_after_its_time_whoever_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
