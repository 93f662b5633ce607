#include "tests/sim/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SCENE_PACKETS = 8192 };

static struct wire_profile line(struct rng *rng, uint32_t loss_permille)
{
    return (struct wire_profile){.loss_permille = loss_permille,
                                 .delay_us = 2000 + rng_below(rng, 60000),
                                 .jitter_us = rng_below(rng, 15000)};
}

void scene_publish(struct peer *peer)
{
    peer->publisher.camera_on = true;
    peer->publisher.microphone_on = true;
}

struct world *scene_begin(uint64_t seed, uint32_t loss_permille)
{
    return scene_begin_with(seed, loss_permille, SCENE_PACKETS);
}

struct world *scene_begin_with(uint64_t seed, uint32_t loss_permille, uint32_t packets)
{
    struct world *world = world_create(seed, packets);
    for (uint32_t i = 0; i < SCENE_PUBLISHERS; i++)
        world_join(world, i % WORLD_WORKERS, SCENE_ALL_RIGHTS, 2);
    for (uint32_t i = 0; i < SCENE_WATCHERS; i++)
        world_watch(world, i % WORLD_WORKERS, 2);
    for (uint32_t i = 0; i < world->peer_count; i++) {
        world->peers[i].up = line(&world->rng, loss_permille);
        world->peers[i].down = line(&world->rng, loss_permille);
        if (world->peers[i].source)
            scene_publish(&world->peers[i]);
    }
    return world;
}

void scene_check(const struct world *world)
{
    for (uint32_t i = 0; i < world->peer_count; i++) {
        const struct viewer_faults *faults = &world->peers[i].viewer.faults;
#define SCENE_CHECK(name)                                                                          \
    if (faults->name)                                                                              \
        fail_msg("seed %llu peer %u: %u times " #name, (unsigned long long)world->seed, i,         \
                 faults->name);
        VIEWER_FAULTS(SCENE_CHECK)
#undef SCENE_CHECK
        assert_int_equal(world->peers[i].from_server.reused, 0);
    }
    assert_int_equal(world->sent_without_right, 0);
}

uint64_t scene_end(struct world *world)
{
    scene_check(world);
    uint64_t hash = world->hash;
    world_destroy(world);
    return hash;
}

usec_t scene_wait_for_stage(struct world *world, uint32_t source, usec_t bound)
{
    usec_t start = world->now;
    for (uint32_t i = 0; i < world->peer_count; i++)
        world_slot(world, i, SLOT_STAGE, 0)->first_decoded[source] = 0;
    for (bool all = false; !all;) {
        if (world->now - start > bound)
            fail_msg("seed %llu: source %u not on all stages after %llu us",
                     (unsigned long long)world->seed, source,
                     (unsigned long long)(world->now - start));
        world_run(world, 20000);
        all = true;
        for (uint32_t i = 0; i < world->peer_count; i++)
            if (world->peers[i].here && !world_slot(world, i, SLOT_STAGE, 0)->first_decoded[source])
                all = false;
    }
    return world->now - start;
}

void scene_view(struct world *world, uint32_t peer, uint16_t stage, uint16_t tile)
{
    world_command(world, &(struct sfu_command){.kind = SFU_SET_VIEW,
                                               .room = WORLD_ROOM,
                                               .endpoint = peer + 1,
                                               .view = {.stage_height = stage,
                                                        .screen_height = stage,
                                                        .tile_height = tile,
                                                        .tile_count = 2,
                                                        .tiles = {1, 2}}});
}
