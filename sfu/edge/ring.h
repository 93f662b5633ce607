/* A bounded ring of relay messages between exactly two workers: one writes, one reads, no lock.
 *
 *        read                    written
 *         ▼                         ▼
 *   ┌────┬────┬────┬────┬────┬────┬────┬────┐
 *   │free│msg │msg │msg │msg │msg │free│free│     both counters only rise; a place is counter
 *   └────┴────┴────┴────┴────┴────┴────┴────┘     modulo capacity (a power of two)
 *
 * The writer fills a place where it lies (ring_place, ring_commit) and wakes the reader once per
 * batch (ring_wake). The reader sleeps on ring_fd(). Full is the writer's to handle. */
#ifndef SFU_EDGE_RING_H
#define SFU_EDGE_RING_H

#include <stdint.h>

#include "base/err.h"
#include "sfu/core/relay.h"

struct ring;

/* Needs: capacity is a power of two. ERR_NO_MEMORY, ERR_IO. */
MUST_USE enum err ring_create(uint32_t capacity, struct ring **ret_ring);
void ring_destroy(struct ring *ring); /* accepts NULL */

/* Writer: the next free place, NULL when the ring is full. It is the reader's after ring_commit().
 */
struct relay_message *ring_place(struct ring *ring);
void ring_commit(struct ring *ring);
/* Writer: after one or more commits. */
void ring_wake(struct ring *ring);

/* Reader: quiets ring_fd(); then ring_front() is to be drained until it is NULL. */
void ring_quiet(struct ring *ring);
/* Reader: the oldest message, NULL when there is none; ring_pop() gives its place back. */
const struct relay_message *ring_front(struct ring *ring);
void ring_pop(struct ring *ring);
int ring_fd(const struct ring *ring);

#endif
