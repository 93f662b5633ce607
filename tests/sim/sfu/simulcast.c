/* Layers: what is wanted is asked for, what nobody watches is paused, what dies is replaced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/scene.h"

static void everybody_views(struct world *world, uint16_t stage, uint16_t tile)
{
    for (uint32_t i = 0; i < world->peer_count; i++)
        scene_view(world, i, stage, tile);
}

static void each_height_brings_its_layer(void **state)
{
    (void)state;
    static const uint16_t heights[] = {720, 180, 360, 720, 360};
    static const uint8_t layers[] = {2, 0, 1, 2, 1};
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct world *world = scene_begin(seed, 0);
        world_set_stage(world, 3);
        for (size_t i = 0; i < sizeof heights / sizeof heights[0]; i++) {
            everybody_views(world, heights[i], 180);
            world_run(world, 3000000);
            for (uint32_t peer = 0; peer < world->peer_count; peer++)
                assert_int_equal(world_slot(world, peer, SLOT_STAGE, 0)->decoded_layer, layers[i]);
        }
        (void)scene_end(world);
    }
}

static void layers_that_nobody_watches_are_paused(void **state)
{
    (void)state;
    struct world *world = scene_begin(10, 0);
    world_run(world, 2000000);
    const struct sfu_layers *told = &world->peers[0].layers;
    assert_false(told->camera[0] || told->camera[1] || told->camera[2]);
    world_set_stage(world, 1);
    everybody_views(world, 720, 0);
    world_run(world, 4000000);
    assert_true(told->camera[2]);
    assert_false(told->camera[0] || told->camera[1]);
    everybody_views(world, 720, 180); /* and it is a tile as well */
    world_run(world, 4000000);
    assert_true(told->camera[2] && told->camera[0]);
    assert_false(told->camera[1]);
    world_set_stage(world, 0);
    everybody_views(world, 0, 0);
    world_run(world, 4000000);
    assert_false(told->camera[0] || told->camera[1] || told->camera[2]);
    (void)scene_end(world);
}

static void tiles_show_their_sources_on_both_workers(void **state)
{
    (void)state;
    for (uint64_t seed = 20; seed < 26; seed++) {
        struct world *world = scene_begin(seed, 15);
        everybody_views(world, 720, 180);
        world_run(world, 4000000);
        for (uint32_t peer = 0; peer < world->peer_count; peer++)
            for (uint32_t tile = 0; tile < 2; tile++) {
                const struct viewer_slot *slot = world_slot(world, peer, SLOT_TILE, tile);
                assert_true(slot->decoded > 15);
                assert_int_equal(slot->decoded_layer, 0);
                assert_int_equal(slot->last.source, tile + 1);
                assert_int_equal(world->peers[peer].slots.tiles[tile], tile + 1);
            }
        (void)scene_end(world);
    }
}

/* An encoder under pressure drops its top layer without a word. */
static void a_layer_that_dies_gives_way_to_the_next_one_alive(void **state)
{
    (void)state;
    for (uint64_t seed = 30; seed < 36; seed++) {
        struct world *world = scene_begin(seed, 0);
        world_set_stage(world, 1);
        everybody_views(world, 720, 180);
        world_run(world, 3000000);
        world->peers[0].publisher.broken_layers = 1u << 2;
        world_run(world, 4000000);
        usec_t then = world->now;
        world_run(world, 1000000);
        for (uint32_t peer = 0; peer < world->peer_count; peer++) {
            const struct viewer_slot *slot = world_slot(world, peer, SLOT_STAGE, 0);
            assert_true(slot->last_decoded[1] > then);
            assert_in_range(slot->decoded_layer, 0, 1);
        }
        world->peers[0].publisher.broken_layers = 0;
        world_run(world, 4000000);
        for (uint32_t peer = 0; peer < world->peer_count; peer++)
            assert_int_equal(world_slot(world, peer, SLOT_STAGE, 0)->decoded_layer, 2);
        (void)scene_end(world);
    }
}

static void a_lossy_line_gets_a_lower_layer_and_others_do_not(void **state)
{
    (void)state;
    struct world *world = scene_begin(40, 0);
    world->peers[5].down.loss_permille = 250;
    world_set_stage(world, 1);
    world_run(world, 12000000);
    assert_in_range(world_slot(world, 5, SLOT_STAGE, 0)->decoded_layer, 0, 1);
    assert_int_equal(world_slot(world, 4, SLOT_STAGE, 0)->decoded_layer, 2);
    world->peers[5].down.loss_permille = 0;
    world_run(world, 40000000);
    assert_int_equal(world_slot(world, 5, SLOT_STAGE, 0)->decoded_layer, 2);
    (void)scene_end(world);
}

static void a_paused_view_gets_nothing(void **state)
{
    (void)state;
    struct world *world = scene_begin(50, 0);
    world_set_stage(world, 1);
    (void)scene_wait_for_stage(world, 1, 3000000);
    scene_view(world, 3, 0, 0);
    world_run(world, 200000);
    uint32_t decoded = world_slot(world, 3, SLOT_STAGE, 0)->decoded;
    world_run(world, 1000000);
    assert_int_equal(world_slot(world, 3, SLOT_STAGE, 0)->decoded, decoded);
    assert_int_equal(world->peers[3].slots.stage, 0);
    scene_view(world, 3, 720, 0);
    world_run(world, 1500000);
    assert_true(world_slot(world, 3, SLOT_STAGE, 0)->decoded > decoded);
    (void)scene_end(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_height_brings_its_layer),
        cmocka_unit_test(layers_that_nobody_watches_are_paused),
        cmocka_unit_test(tiles_show_their_sources_on_both_workers),
        cmocka_unit_test(a_layer_that_dies_gives_way_to_the_next_one_alive),
        cmocka_unit_test(a_lossy_line_gets_a_lower_layer_and_others_do_not),
        cmocka_unit_test(a_paused_view_gets_nothing),
    };
    return cmocka_run_group_tests_name("sim sfu simulcast", tests, NULL, NULL);
}
