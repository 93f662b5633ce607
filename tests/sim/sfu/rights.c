/* What has no right is not forwarded, whatever its sender does; voices and floor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/scene.h"

static uint64_t drops_without_right(const struct world *world)
{
    uint64_t drops = 0;
    for (uint32_t i = 0; i < WORLD_WORKERS; i++)
        drops += worker_counters(world->workers[i])->drop_no_right;
    return drops;
}

/* Whether anybody got something of this source in a slot of this kind since then. */
static bool was_seen(struct world *world, enum slot_kind kind, uint32_t slots, uint32_t source,
                     usec_t since)
{
    for (uint32_t i = 0; i < world->peer_count; i++)
        for (uint32_t slot = 0; slot < slots; slot++)
            if (world_slot(world, i, kind, slot)->last_decoded[source] > since)
                return true;
    return false;
}

static void a_source_that_loses_the_stage_right_is_cut_at_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct world *world = scene_begin(seed, 10);
        world_set_stage(world, 1);
        (void)scene_wait_for_stage(world, 1, 4500000);
        world_set_rights(world, 1, SFU_RIGHT_TILE); /* judged at each send from here on */
        /* A viewer may still wait for a lost packet, which it will not get any more, before it
         * decodes what lies behind it. */
        world_run(world, 1600000);
        usec_t then = world->now;
        world_run(world, 2000000);
        assert_false(was_seen(world, SLOT_STAGE, 1, 1, then));
        for (uint32_t i = 0; i < world->peer_count; i++)
            assert_int_equal(world->peers[i].slots.stage, 0);
        world_set_rights(world, 1, SCENE_ALL_RIGHTS);
        (void)scene_wait_for_stage(world, 1, 4500000);
        (void)scene_end(world);
    }
}

static void a_microphone_without_right_is_dropped_and_counted(void **state)
{
    (void)state;
    struct world *world = scene_begin(20, 0);
    world_set_rights(world, 2, SFU_RIGHT_TILE);
    world_set_floor(world, 2);
    world->peers[1].publisher.level = 20;
    world_run(world, 2000000);
    assert_false(was_seen(world, SLOT_AUDIO, LIMIT_AUDIO_SLOTS, 2, 0));
    assert_true(drops_without_right(world) >= 90); /* 50 packets a second */
    assert_int_equal(world->speakers_count, 0);
    world_set_rights(world, 2, SFU_RIGHT_TILE | SFU_RIGHT_MICROPHONE);
    world_run(world, 1000000);
    for (uint32_t i = 0; i < world->peer_count; i++)
        assert_int_equal(world_slot(world, i, SLOT_AUDIO, 0)->last_decoded[2] != 0, i != 1);
    (void)scene_end(world);
}

static void a_camera_without_any_right_reaches_nobody(void **state)
{
    (void)state;
    struct world *world = scene_begin(21, 0);
    world_set_rights(world, 3, SFU_RIGHT_MICROPHONE);
    world_set_stage(world, 3);
    for (uint32_t i = 0; i < world->peer_count; i++)
        scene_view(world, i, 720, 180);
    world_run(world, 3000000);
    assert_false(was_seen(world, SLOT_STAGE, 1, 3, 0));
    (void)scene_end(world);
}

static void whoever_speaks_is_heard_by_all_but_himself(void **state)
{
    (void)state;
    for (uint64_t seed = 30; seed < 40; seed++) {
        struct world *world = scene_begin(seed, 20);
        for (uint32_t turn = 0; turn < 4; turn++) {
            uint32_t who = turn % SCENE_PUBLISHERS;
            for (uint32_t i = 0; i < SCENE_PUBLISHERS; i++)
                world->peers[i].publisher.level = i == who ? 25 : 110;
            usec_t start = world->now;
            world_run(world, 1000000);
            for (uint32_t i = 0; i < world->peer_count; i++) {
                usec_t heard = 0;
                for (uint32_t slot = 0; slot < LIMIT_AUDIO_SLOTS; slot++) {
                    usec_t last = world_slot(world, i, SLOT_AUDIO, slot)->last_decoded[who + 1];
                    heard = last > heard ? last : heard;
                }
                if (i != who && heard <= start + 800000)
                    fail_msg("seed %llu: peer %u does not hear source %u", (unsigned long long)seed,
                             i, who + 1);
            }
            assert_true(world->speakers_count >= 1);
            assert_int_equal(world->speakers[0], who + 1);
        }
        (void)scene_end(world);
    }
}

static void speakers_are_told_at_most_four_times_a_second_by_each_worker(void **state)
{
    (void)state;
    struct world *world = scene_begin(41, 0);
    for (uint32_t turn = 0; turn < 20; turn++) {
        world->peers[0].publisher.level = turn % 2 ? 15 : 100;
        world->peers[1].publisher.level = turn % 2 ? 100 : 15;
        world_run(world, 250000);
    }
    assert_in_range(world->speaker_events, 2, 4 * 5 * WORLD_WORKERS);
    (void)scene_end(world);
}

static void the_floors_holder_has_the_first_audio_slot_everywhere(void **state)
{
    (void)state;
    struct world *world = scene_begin(42, 0);
    world_run(world, 300000);
    for (uint32_t holder = 1; holder <= SCENE_PUBLISHERS; holder++) {
        world_set_floor(world, holder);
        usec_t start = world->now;
        world_run(world, 400000);
        for (uint32_t i = 0; i < world->peer_count; i++) {
            bool own = world->peers[i].source == holder;
            usec_t last = world_slot(world, i, SLOT_AUDIO, 0)->last_decoded[holder];
            assert_int_equal(last > start, !own);
        }
    }
    (void)scene_end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_that_loses_the_stage_right_is_cut_at_once),
        cmocka_unit_test(a_microphone_without_right_is_dropped_and_counted),
        cmocka_unit_test(a_camera_without_any_right_reaches_nobody),
        cmocka_unit_test(whoever_speaks_is_heard_by_all_but_himself),
        cmocka_unit_test(speakers_are_told_at_most_four_times_a_second_by_each_worker),
        cmocka_unit_test(the_floors_holder_has_the_first_audio_slot_everywhere),
    };
    return cmocka_run_group_tests_name("sim sfu rights", tests, NULL, NULL);
}
