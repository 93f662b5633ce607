/* What leaves: per endpoint and tick, not per packet.
 *
 * Each endpoint with something to send is taken once; its RTCP, retransmissions and slots are
 * written one behind the other into the arena, and neighbours of equal size become one train
 * (UDP_SEGMENT), the last of which may be shorter:
 *
 *   arena  │ 1100 │ 1100 │ 1100 │ 640 │   │ 96 │   next endpoint …
 *          └──────── one send ────────┘   └ one ┘                      */
#ifndef SFU_CORE_EGRESS_H
#define SFU_CORE_EGRESS_H

#include <stddef.h>
#include <stdint.h>

#include "sfu/core/worker.h"

/* worker_build() of worker.h. */
uint32_t egress_build(struct worker *worker, struct worker_send *ret_sends, uint32_t sends_max,
                      uint8_t *arena, size_t arena_size);

#endif
