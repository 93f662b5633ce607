/* People come, go, come back, change address; rooms close; workers fall behind each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/scene.h"

static void leave(struct world *world, uint32_t peer)
{
    world_command(
        world, &(struct sfu_command){.kind = SFU_LEAVE, .room = WORLD_ROOM, .endpoint = peer + 1});
}

static void who_leaves_is_told_so_and_gives_his_keys_back(void **state)
{
    (void)state;
    struct world *world = scene_begin(1, 0);
    world_set_stage(world, 1);
    (void)scene_wait_for_stage(world, 1, 3000000);
    leave(world, 0);
    world_run(world, 100000);
    assert_true(world->peers[0].gone);
    assert_int_equal(world->peers[0].reason, SFU_GONE_LEFT);
    assert_int_equal(world->spent, 1);
    for (uint32_t i = 1; i < world->peer_count; i++)
        assert_int_equal(world->peers[i].slots.stage, 0);
    world_set_stage(world, 2);
    (void)scene_wait_for_stage(world, 2, 3000000);
    (void)scene_end(world);
}

static void silence_of_30_s_ends_an_endpoint(void **state)
{
    (void)state;
    struct world *world = scene_begin(2, 0);
    world_run(world, 2600000); /* it checked 100 ms ago */
    world->peers[4].unreachable = true;
    world_run(world, 29000000);
    assert_false(world->peers[4].gone);
    world_run(world, 4000000);
    assert_true(world->peers[4].gone);
    assert_int_equal(world->peers[4].reason, SFU_GONE_CONSENT_EXPIRED);
    for (uint32_t i = 0; i < world->peer_count; i++)
        assert_int_equal(world->peers[i].gone, i == 4);
    (void)scene_end(world);
}

static void a_closed_room_lets_everybody_go_and_leaves_nothing(void **state)
{
    (void)state;
    struct world *world = scene_begin(3, 10);
    world_set_stage(world, 2);
    world_set_floor(world, 3);
    world_run(world, 3000000);
    world_command(world, &(struct sfu_command){.kind = SFU_CLOSE_ROOM, .room = WORLD_ROOM});
    world_run(world, 1000000);
    for (uint32_t i = 0; i < world->peer_count; i++) {
        assert_true(world->peers[i].gone);
        assert_int_equal(world->peers[i].reason, SFU_GONE_LEFT);
    }
    assert_int_equal(world->spent, world->peer_count);
    for (uint32_t i = 0; i < WORLD_WORKERS; i++)
        assert_true(worker_deadline(world->workers[i]) == USEC_NEVER);
    (void)scene_end(world);
}

/* The room's pool has four places: a fifth meeting would find none if one were left behind. */
static void a_meeting_after_the_other_finds_the_same_room_to_spare(void **state)
{
    (void)state;
    for (uint64_t seed = 10; seed < 13; seed++) {
        struct world *world = scene_begin(seed, 0);
        for (uint32_t round = 0; round < 10; round++) {
            world_command(world, &(struct sfu_command){
                                     .kind = SFU_SET_STAGE, .room = 1000 + round, .source = 9});
            world_command(world, &(struct sfu_command){.kind = SFU_SET_RIGHTS,
                                                       .room = 1000 + round,
                                                       .source = 9,
                                                       .rights = SCENE_ALL_RIGHTS});
            world_command(world,
                          &(struct sfu_command){.kind = SFU_CLOSE_ROOM, .room = 1000 + round});
        }
        world_set_stage(world, 1);
        (void)scene_wait_for_stage(world, 1, 3000000);
        (void)scene_end(world);
    }
}

/* The encoder was made anew: another SSRC, other numbers, under the same MID and RID. */
static void a_publisher_may_change_its_ssrcs(void **state)
{
    (void)state;
    for (uint64_t seed = 20; seed < 30; seed++) {
        struct world *world = scene_begin(seed, 10);
        world_set_stage(world, 1);
        (void)scene_wait_for_stage(world, 1, 4500000);
        uint32_t epoch = world->peers[0].publisher.source;
        publisher_init(&world->peers[0].publisher, &world->rng, epoch);
        world_run(world, 200000);
        (void)scene_wait_for_stage(world, 1, 4500000);
        usec_t then = world->now;
        world_run(world, 2000000);
        for (uint32_t i = 0; i < world->peer_count; i++)
            assert_true(world_slot(world, i, SLOT_STAGE, 0)->last_decoded[1] > then);
        (void)scene_end(world);
    }
}

/* Leap after leap: what the subscribers get must not lose count of its roll-overs. */
static void a_publisher_whose_numbers_leap_confuses_nobody(void **state)
{
    (void)state;
    for (uint64_t seed = 70; seed < 74; seed++) {
        struct world *world = scene_begin(seed, 10);
        world_set_stage(world, 1);
        (void)scene_wait_for_stage(world, 1, 4500000);
        for (int leap = 0; leap < 5; leap++) {
            for (int i = 0; i < PUBLISHER_PICTURES; i++)
                world->peers[0].publisher.pictures[i].sequence += 30000;
            world->peers[0].publisher.microphone_sequence += 30000;
            world_run(world, 3000000);
        }
        (void)scene_wait_for_stage(world, 1, 4500000);
        (void)scene_end(world);
    }
}

static void an_endpoint_is_followed_to_its_new_address_at_once(void **state)
{
    (void)state;
    struct world *world = scene_begin(30, 0);
    world_set_stage(world, 1);
    (void)scene_wait_for_stage(world, 1, 3000000);
    world_move(world, 4);
    usec_t then = world->now;
    world_run(world, 500000);
    assert_true(world_slot(world, 4, SLOT_STAGE, 0)->last_decoded[1] > then + 200000);
    (void)scene_end(world);
}

/* A ring of a few messages overflows at every keyframe; the gap is a keyframe request. */
static void an_overflowing_relay_recovers_by_keyframes(void **state)
{
    (void)state;
    struct world *world = scene_begin(40, 0);
    world->ring_messages = 6;
    world_set_stage(world, 1);
    world_run(world, 10000000);
    world->ring_messages = LIMIT_RELAY_RING_MESSAGES;
    world_run(world, 4000000);
    uint64_t overflows = 0;
    for (uint32_t i = 0; i < WORLD_WORKERS; i++)
        overflows += worker_counters(world->workers[i])->drop_relay_full;
    assert_true(overflows > 0);
    usec_t then = world->now;
    world_run(world, 1000000);
    for (uint32_t i = 0; i < world->peer_count; i++)
        assert_true(world_slot(world, i, SLOT_STAGE, 0)->last_decoded[1] > then);
    scene_check(world);
    world_destroy(world);
}

/* Fewer buffers than the streams would like: what is kept gets shorter, nothing breaks. */
static void a_small_packet_pool_is_shared(void **state)
{
    (void)state;
    struct world *world = scene_begin_with(50, 0, 120);
    world_set_stage(world, 1);
    for (uint32_t i = 0; i < world->peer_count; i++)
        scene_view(world, i, 720, 180);
    (void)scene_wait_for_stage(world, 1, 6000000);
    world_run(world, 5000000);
    (void)scene_end(world);
}

/* The same person on a second connection: the newer one is the source. */
static void the_newest_connection_is_the_source(void **state)
{
    (void)state;
    for (uint32_t worker = 0; worker < WORLD_WORKERS; worker++) {
        struct world *world = scene_begin(60 + worker, 0);
        world_set_stage(world, 1);
        (void)scene_wait_for_stage(world, 1, 3000000);
        uint32_t again = world_rejoin(world, worker, 0);
        scene_publish(&world->peers[again]);
        world_run(world, 200000);
        (void)scene_wait_for_stage(world, 1, 4500000);
        leave(world, 0); /* the old one goes: nothing happens to the source */
        world_run(world, 1000000);
        usec_t then = world->now;
        world_run(world, 1000000);
        for (uint32_t i = 1; i < world->peer_count; i++)
            assert_true(world_slot(world, i, SLOT_STAGE, 0)->last_decoded[1] > then);
        (void)scene_end(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_leaves_is_told_so_and_gives_his_keys_back),
        cmocka_unit_test(silence_of_30_s_ends_an_endpoint),
        cmocka_unit_test(a_closed_room_lets_everybody_go_and_leaves_nothing),
        cmocka_unit_test(a_meeting_after_the_other_finds_the_same_room_to_spare),
        cmocka_unit_test(a_publisher_may_change_its_ssrcs),
        cmocka_unit_test(a_publisher_whose_numbers_leap_confuses_nobody),
        cmocka_unit_test(an_endpoint_is_followed_to_its_new_address_at_once),
        cmocka_unit_test(an_overflowing_relay_recovers_by_keyframes),
        cmocka_unit_test(a_small_packet_pool_is_shared),
        cmocka_unit_test(the_newest_connection_is_the_source),
    };
    return cmocka_run_group_tests_name("sim sfu churn", tests, NULL, NULL);
}
