/* A small meeting over bad lines, seed by seed: two workers, a room that spans both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/scene.h"

enum { SEEDS = 40 };

static uint64_t live_through(uint64_t seed, uint32_t loss_permille, usec_t *ret_slowest)
{
    struct world *world = scene_begin(seed, loss_permille);
    world_run(world, 500000);
    for (uint32_t turn = 0; turn < 4; turn++) {
        uint32_t source = 1 + turn % SCENE_PUBLISHERS;
        world_set_stage(world, source);
        usec_t took = scene_wait_for_stage(world, source, 4500000);
        if (took > *ret_slowest)
            *ret_slowest = took;
        world_run(world, 1500000);
    }
    uint32_t frozen = 0;
    uint32_t recovered = 0;
    for (uint32_t i = 0; i < world->peer_count; i++) {
        const struct viewer_slot *stage = world_slot(world, i, SLOT_STAGE, 0);
        frozen += stage->frozen;
        recovered += stage->recovered;
        assert_true(stage->decoded > 60);
    }
    if (frozen)
        fail_msg("seed %llu: %u losses did not come back in time", (unsigned long long)seed,
                 frozen);
    if (loss_permille)
        assert_true(recovered > 0);
    return scene_end(world);
}

static void every_stage_stays_decodable_over_lossless_lines(void **state)
{
    (void)state;
    usec_t slowest = 0;
    for (uint64_t seed = 1; seed <= SEEDS / 4; seed++)
        (void)live_through(seed, 0, &slowest);
    print_message("slowest stage switch without loss: %llu ms\n",
                  (unsigned long long)slowest / 1000);
}

static void losses_are_recovered_and_every_stage_stays_decodable(void **state)
{
    (void)state;
    usec_t slowest = 0;
    for (uint64_t seed = 100; seed < 100 + SEEDS; seed++)
        (void)live_through(seed, 5 + (uint32_t)seed % 8 * 8, &slowest);
    print_message("slowest stage switch with up to 6 %% of loss each way: %llu ms\n",
                  (unsigned long long)slowest / 1000);
}

static void one_seed_has_one_outcome(void **state)
{
    (void)state;
    usec_t slowest = 0;
    for (uint64_t seed = 500; seed < 503; seed++) {
        uint64_t first = live_through(seed, 20, &slowest);
        uint64_t second = live_through(seed, 20, &slowest);
        if (first != second)
            fail_msg("seed %llu: %016llx and then %016llx", (unsigned long long)seed,
                     (unsigned long long)first, (unsigned long long)second);
    }
}

static void different_seeds_have_different_outcomes(void **state)
{
    (void)state;
    usec_t slowest = 0;
    assert_int_not_equal(live_through(600, 20, &slowest), live_through(601, 20, &slowest));
}

/* A newcomer starts from the cached keyframe: no new one is asked of the publisher. */
static void a_newcomer_sees_the_stage_at_once(void **state)
{
    (void)state;
    for (uint64_t seed = 700; seed < 710; seed++) {
        struct world *world = scene_begin(seed, 0);
        world_set_stage(world, 1);
        (void)scene_wait_for_stage(world, 1, 3000000);
        uint32_t asked = world->peers[0].publisher.asked_keyframes;
        uint32_t late = world_watch(world, 0, 2);
        world->peers[late].down.delay_us = 10000;
        world->peers[late].up.delay_us = 10000;
        assert_in_range(scene_wait_for_stage(world, 1, 1000000), 0, 200000);
        assert_int_equal(world->peers[0].publisher.asked_keyframes, asked);
        (void)scene_end(world);
    }
}

/* However many ask, a publisher makes a keyframe at most every two seconds. */
static void a_storm_of_joins_costs_the_publisher_few_keyframes(void **state)
{
    (void)state;
    struct world *world = scene_begin(800, 0);
    world_set_stage(world, 1);
    world_run(world, 3000000);
    uint32_t asked = world->peers[0].publisher.asked_keyframes;
    for (uint32_t i = 0; i < 5; i++) {
        (void)world_watch(world, i % WORLD_WORKERS, 2);
        world_run(world, 400000);
    }
    assert_in_range(world->peers[0].publisher.asked_keyframes - asked, 0, 4);
    (void)scene_wait_for_stage(world, 1, 3000000);
    (void)scene_end(world);
}

static void a_shared_screen_and_its_sound_reach_everybody(void **state)
{
    (void)state;
    for (uint64_t seed = 850; seed < 860; seed++) {
        struct world *world = scene_begin(seed, 20);
        world_set_rights(world, 2, SCENE_ALL_RIGHTS | SFU_RIGHT_SCREEN);
        world->peers[1].publisher.screen_on = true;
        world->peers[1].publisher.sound_on = true;
        world_set_stage(world, 1);
        world_run(world, 2000000);
        assert_false(world->peers[1].layers.screen); /* nobody watches it yet */
        world_set_screen(world, 2);
        world_run(world, 3000000);
        for (uint32_t i = 0; i < world->peer_count; i++) {
            const struct viewer_slot *sound =
                world_slot(world, i, SLOT_AUDIO, LIMIT_AUDIO_SLOTS - 1);
            assert_true(world_slot(world, i, SLOT_SCREEN, 0)->decoded > 20);
            assert_int_equal(world->peers[i].slots.screen, 2);
            assert_int_equal(sound->last_decoded[2] != 0, i != 1); /* never one's own */
        }
        world_set_screen(world, 0);
        world_run(world, 2000000);
        assert_false(world->peers[1].layers.screen);
        assert_int_equal(world->peers[4].slots.screen, 0);
        (void)scene_end(world);
    }
}

static void frames_leave_as_trains_of_equal_packets(void **state)
{
    (void)state;
    struct world *world = scene_begin(900, 0);
    for (uint32_t i = 0; i < world->peer_count; i++)
        world->peers[i].up.jitter_us = 0;
    world_set_stage(world, 1);
    world_run(world, 3000000);
    assert_true(world->trains > 50);
    (void)scene_end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_stays_decodable_over_lossless_lines),
        cmocka_unit_test(losses_are_recovered_and_every_stage_stays_decodable),
        cmocka_unit_test(one_seed_has_one_outcome),
        cmocka_unit_test(different_seeds_have_different_outcomes),
        cmocka_unit_test(a_newcomer_sees_the_stage_at_once),
        cmocka_unit_test(a_storm_of_joins_costs_the_publisher_few_keyframes),
        cmocka_unit_test(a_shared_screen_and_its_sound_reach_everybody),
        cmocka_unit_test(frames_leave_as_trains_of_equal_packets),
    };
    return cmocka_run_group_tests_name("sim sfu meeting", tests, NULL, NULL);
}
