/* What every simulated meeting begins and ends with. */
#ifndef TESTS_SIM_SCENE_H
#define TESTS_SIM_SCENE_H

#include <stdint.h>

#include "tests/sim/world.h"

enum {
    SCENE_PUBLISHERS = 3, /* sources 1 … 3 */
    SCENE_WATCHERS = 3,
    SCENE_ALL_RIGHTS = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
};

/* Three that send and three that watch, over two workers, each behind a line of its own. */
struct world *scene_begin(uint64_t seed, uint32_t loss_permille);
/* The same with so many packet buffers in each worker. */
struct world *scene_begin_with(uint64_t seed, uint32_t loss_permille, uint32_t packets);
/* Turns a peer's camera and microphone on. */
void scene_publish(struct peer *peer);
/* Fails unless every promise was kept. */
void scene_check(const struct world *world);
/* The same, and gives everything back. Returns the world's hash. */
uint64_t scene_end(struct world *world);
/* How long until every peer that is here decodes `source` on its stage; fails after `bound`. */
usec_t scene_wait_for_stage(struct world *world, uint32_t source, usec_t bound);
/* Each peer asks for these heights and the first two sources as tiles. */
void scene_view(struct world *world, uint32_t peer, uint16_t stage, uint16_t tile);

#endif
