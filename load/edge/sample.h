/* What a sampled receiver's pictures come to: put together, and decoded by libvpx if asked for. */
#ifndef LOAD_EDGE_SAMPLE_H
#define LOAD_EDGE_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "load/core/stats.h"

struct sample;

MUST_USE enum err sample_create(bool decodes, struct sample **ret_sample);
void sample_destroy(struct sample *sample); /* accepts NULL */

/* A packet of the stage; counts the frames that it completes. The number is extended. */
void sample_on_packet(struct sample *sample, uint64_t number, bool marker, struct bytes payload,
                      struct load_stats *stats);

#endif
