/* A small meeting over bad lines, seed by seed: two workers, a room that spans both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/sim/world.h"

enum { SEEDS = 40, PUBLISHERS = 3, WATCHERS = 3, PACKETS = 8192 };

static const uint32_t all_rights = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE;

static struct wire_profile line(struct rng *rng, uint32_t loss_permille)
{
    return (struct wire_profile){.loss_permille = loss_permille,
                                 .delay_us = 2000 + rng_below(rng, 60000),
                                 .jitter_us = rng_below(rng, 15000)};
}

static struct world *begin(uint64_t seed, uint32_t loss_permille)
{
    struct world *world = world_create(seed, PACKETS);
    for (uint32_t i = 0; i < PUBLISHERS; i++)
        world_join(world, i % WORLD_WORKERS, all_rights, 2);
    for (uint32_t i = 0; i < WATCHERS; i++)
        world_watch(world, i % WORLD_WORKERS, 2);
    for (uint32_t i = 0; i < world->peer_count; i++) {
        world->peers[i].up = line(&world->rng, loss_permille);
        world->peers[i].down = line(&world->rng, loss_permille);
        world->peers[i].publisher.camera_on = world->peers[i].source != 0;
        world->peers[i].publisher.microphone_on = world->peers[i].source != 0;
    }
    return world;
}

static void check_faults(const struct world *world)
{
    for (uint32_t i = 0; i < world->peer_count; i++) {
        const struct viewer_faults *faults = &world->peers[i].viewer.faults;
#define CHECK_FAULT(name)                                                                          \
    if (faults->name)                                                                              \
        fail_msg("seed %llu peer %u: %u times " #name, (unsigned long long)world->seed, i,         \
                 faults->name);
        VIEWER_FAULTS(CHECK_FAULT)
#undef CHECK_FAULT
        assert_int_equal(world->peers[i].from_server.reused, 0);
    }
    assert_int_equal(world->sent_without_right, 0);
}

/* How long until every peer decodes `source` on its stage; fails after a bound. */
static usec_t wait_for_stage(struct world *world, uint32_t source, usec_t bound)
{
    usec_t start = world->now;
    for (uint32_t i = 0; i < world->peer_count; i++)
        world_slot(world, i, SLOT_STAGE, 0)->first_decoded[source] = 0;
    for (uint32_t seen = 0; seen < world->peer_count;) {
        if (world->now - start > bound)
            fail_msg("seed %llu: source %u not on all stages after %llu us",
                     (unsigned long long)world->seed, source,
                     (unsigned long long)(world->now - start));
        world_run(world, 20000);
        seen = 0;
        for (uint32_t i = 0; i < world->peer_count; i++)
            seen += world_slot(world, i, SLOT_STAGE, 0)->first_decoded[source] != 0;
    }
    return world->now - start;
}

static uint64_t live_through(uint64_t seed, uint32_t loss_permille, usec_t *ret_slowest)
{
    struct world *world = begin(seed, loss_permille);
    world_run(world, 500000);
    for (uint32_t turn = 0; turn < 4; turn++) {
        uint32_t source = 1 + turn % PUBLISHERS;
        world_set_stage(world, source);
        usec_t took = wait_for_stage(world, source, 4500000);
        if (took > *ret_slowest)
            *ret_slowest = took;
        world_run(world, 1500000);
    }
    check_faults(world);
    uint32_t frozen = 0;
    uint32_t recovered = 0;
    for (uint32_t i = 0; i < world->peer_count; i++) {
        const struct viewer_slot *stage = world_slot(world, i, SLOT_STAGE, 0);
        frozen += stage->frozen;
        recovered += stage->recovered;
        assert_true(stage->decoded > 60);
    }
    assert_int_equal(frozen, 0); /* all that was lost came back in time */
    if (loss_permille)
        assert_true(recovered > 0);
    uint64_t hash = world->hash;
    world_destroy(world);
    return hash;
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
    print_message("slowest stage switch with loss: %llu ms\n", (unsigned long long)slowest / 1000);
}

static void one_seed_has_one_outcome(void **state)
{
    (void)state;
    usec_t slowest = 0;
    for (uint64_t seed = 500; seed < 503; seed++)
        assert_int_equal(live_through(seed, 20, &slowest), live_through(seed, 20, &slowest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stage_stays_decodable_over_lossless_lines),
        cmocka_unit_test(losses_are_recovered_and_every_stage_stays_decodable),
        cmocka_unit_test(one_seed_has_one_outcome),
    };
    return cmocka_run_group_tests_name("sim sfu meeting", tests, NULL, NULL);
}
