#include "sfu/core/placement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ENDPOINTS = 3000, ROOMS = 4, NATION = 3400 };

static const usec_t start = 100 * USEC_PER_SEC;

static struct placement *make(uint32_t workers, uint32_t spread_percent)
{
    struct placement_config config = {.workers = workers,
                                      .endpoints = ENDPOINTS,
                                      .rooms = ROOMS,
                                      .spread_percent = spread_percent,
                                      .seed = 1};
    struct placement *placement;
    assert_int_equal(placement_create(&config, &placement), ERR_OK);
    return placement;
}

static uint32_t join(struct placement *placement, uint64_t room)
{
    uint32_t worker;
    assert_int_equal(placement_choose(placement, room, &worker), ERR_OK);
    (void)placement_on_join(placement, room, worker);
    return worker;
}

/* A second in which the worker used so much of a core and sent so many packets. */
static void work(struct placement *placement, uint32_t worker, uint32_t percent, uint32_t packets)
{
    struct placement_sample sample = {.now = start};
    placement_on_sample(placement, worker, &sample);
    for (int i = 1; i <= 10; i++) {
        sample.now += USEC_PER_SEC;
        sample.cpu_ns += percent * UINT64_C(10000000);
        sample.packets += packets;
        placement_on_sample(placement, worker, &sample);
    }
}

static void a_room_stays_on_one_worker_and_another_room_gets_the_next(void **state)
{
    (void)state;
    struct placement *placement = make(2, 70);
    uint32_t first = join(placement, 7);
    for (int i = 0; i < 200; i++)
        assert_int_equal(join(placement, 7), first);
    assert_int_equal(join(placement, 8), 1 - first);
    assert_int_equal(join(placement, 8), 1 - first);
    placement_destroy(placement);
}

static void a_national_meeting_spills_over_before_any_of_it_is_felt(void **state)
{
    (void)state;
    struct placement *placement = make(2, 70);
    for (uint32_t i = 0; i < NATION; i++)
        (void)join(placement, 7);
    assert_in_range(placement_load(placement, 0).endpoints, NATION * 3 / 10, NATION * 7 / 10);
    placement_destroy(placement);
}

static void a_room_leaves_a_worker_that_is_busy(void **state)
{
    (void)state;
    struct placement *placement = make(2, 70);
    uint32_t home = join(placement, 7);
    work(placement, home, 69, 1000);
    assert_int_equal(join(placement, 7), home);
    work(placement, home, 71, 1000);
    assert_int_equal(join(placement, 7), 1 - home);
    placement_destroy(placement);
}

static void the_measured_load_counts_and_not_only_endpoints(void **state)
{
    (void)state;
    struct placement *placement = make(2, 0);
    for (int i = 0; i < 10; i++)
        (void)placement_on_join(placement, 1, 0);
    (void)placement_on_join(placement, 2, 1);
    work(placement, 0, 3, 500);
    work(placement, 1, 40, 9000); /* one endpoint that costs much */
    assert_int_equal(join(placement, 3), 0);
    placement_destroy(placement);
}

static void of_two_equally_busy_the_one_that_sends_less_is_taken(void **state)
{
    (void)state;
    struct placement *placement = make(2, 0);
    work(placement, 0, 20, 9000);
    work(placement, 1, 20, 500);
    assert_int_equal(join(placement, 3), 1);
    placement_destroy(placement);
}

static void a_quiet_worker_is_quiet_again_after_a_few_seconds(void **state)
{
    (void)state;
    struct placement *placement = make(1, 70);
    work(placement, 0, 90, 1000);
    assert_in_range(placement_load(placement, 0).cpu_ppm, 850000, 900000);
    struct placement_sample idle = {
        .now = start + 20 * USEC_PER_SEC, .cpu_ns = 9 * UINT64_C(1000000000), .packets = 10000};
    placement_on_sample(placement, 0, &idle);
    assert_int_equal(placement_load(placement, 0).cpu_ppm, 0);
    placement_destroy(placement);
}

static void without_keeping_together_members_are_spread_evenly(void **state)
{
    (void)state;
    struct placement *placement = make(4, 0);
    for (uint32_t i = 0; i < 400; i++)
        (void)join(placement, 7);
    for (uint32_t worker = 0; worker < 4; worker++)
        assert_int_equal(placement_load(placement, worker).endpoints, 100);
    placement_destroy(placement);
}

static void full_workers_are_passed_over_and_all_full_is_an_error(void **state)
{
    (void)state;
    struct placement *placement = make(2, 100);
    uint32_t worker;
    for (uint32_t i = 0; i < 2 * ENDPOINTS; i++)
        (void)join(placement, 7);
    assert_int_equal(placement_load(placement, 0).endpoints, ENDPOINTS);
    assert_int_equal(placement_choose(placement, 7, &worker), ERR_FULL);
    placement_on_gone(placement, 7, 1);
    assert_int_equal(placement_choose(placement, 7, &worker), ERR_OK);
    assert_int_equal(worker, 1);
    placement_destroy(placement);
}

static void more_rooms_than_it_can_know_are_placed_all_the_same(void **state)
{
    (void)state;
    struct placement *placement = make(2, 70);
    uint32_t of_first = join(placement, 1);
    for (uint64_t room = 2; room <= ROOMS; room++)
        (void)join(placement, room);
    assert_int_equal(placement_on_join(placement, 99, 0), ERR_FULL);
    placement_on_gone(placement, 99, 0);
    for (uint32_t worker = 0; worker < 2; worker++)
        assert_int_equal(placement_load(placement, worker).endpoints, ROOMS / 2);
    /* A room that all have left makes place for another. */
    placement_on_gone(placement, 1, of_first);
    assert_int_equal(placement_on_join(placement, 99, 0), ERR_OK);
    placement_destroy(placement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_room_stays_on_one_worker_and_another_room_gets_the_next),
        cmocka_unit_test(a_national_meeting_spills_over_before_any_of_it_is_felt),
        cmocka_unit_test(a_room_leaves_a_worker_that_is_busy),
        cmocka_unit_test(the_measured_load_counts_and_not_only_endpoints),
        cmocka_unit_test(of_two_equally_busy_the_one_that_sends_less_is_taken),
        cmocka_unit_test(a_quiet_worker_is_quiet_again_after_a_few_seconds),
        cmocka_unit_test(without_keeping_together_members_are_spread_evenly),
        cmocka_unit_test(full_workers_are_passed_over_and_all_full_is_an_error),
        cmocka_unit_test(more_rooms_than_it_can_know_are_placed_all_the_same),
    };
    return cmocka_run_group_tests_name("sfu placement", tests, NULL, NULL);
}
