/* Which worker a new endpoint is placed on.
 *
 * A room stays together while it can: what its members send then crosses no ring. It spills over to
 * the least loaded worker when its own is `spread_percent` busy. How busy a worker is, is measured
 * (its thread's CPU time over the last seconds); but whoever has just joined is not felt yet, and
 * 3,400 who come within a minute would all be put where it is still quiet. So each endpoint counts
 * for at least PLACEMENT_ENDPOINT_PPM of a core, what a receiver of one picture was measured to
 * cost. Equals are told apart by packets a second, then by endpoints.
 * Owner: the control thread's part of the media server. No clock: samples are inputs. */
#ifndef SFU_CORE_PLACEMENT_H
#define SFU_CORE_PLACEMENT_H

#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"

enum {
    PLACEMENT_ENDPOINT_PPM = 300, /* of a core: 3,400 receivers fill one */
    PLACEMENT_MEMORY_US = 3 * 1000 * 1000,
};

struct placement;

struct placement_config {
    uint32_t workers;
    uint32_t endpoints;      /* per worker */
    uint32_t rooms;          /* that may be known at once */
    uint32_t spread_percent; /* 0: endpoints of a room are spread at once */
    uint64_t seed;
};

/* What a worker has used and sent, ever, as of `now`. */
struct placement_sample {
    usec_t now;
    uint64_t cpu_ns;
    uint64_t packets;
};

struct placement_load {
    uint32_t cpu_ppm; /* of a core, over the last seconds */
    uint32_t packets_per_second;
    uint32_t endpoints;
};

MUST_USE enum err placement_create(const struct placement_config *config,
                                   struct placement **ret_placement);
void placement_destroy(struct placement *placement); /* accepts NULL */

/* Samples of a worker come in order; two of the same moment are one. */
void placement_on_sample(struct placement *placement, uint32_t worker,
                         const struct placement_sample *sample);
/* ERR_FULL when every worker is. */
MUST_USE enum err placement_choose(const struct placement *placement, uint64_t room,
                                   uint32_t *ret_worker);
/* ERR_FULL: so many rooms cannot be known; the endpoint counts all the same. */
enum err placement_on_join(struct placement *placement, uint64_t room, uint32_t worker);
void placement_on_gone(struct placement *placement, uint64_t room, uint32_t worker);

struct placement_load placement_load(const struct placement *placement, uint32_t worker);

#endif
