/* What waits to be told to the door: each output is tied to a batch of the store and leaves once
 * that batch is committed. */
#ifndef MEETING_EDGE_OUTBOX_H
#define MEETING_EDGE_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "meeting/meeting.h"

struct outbox_item {
    struct outbox_item *next;
    uint64_t batch;
    struct meeting_output output; /* its body points into `body` */
    size_t body_size;
    uint8_t body[];
};

struct outbox {
    struct outbox_item *first;
    struct outbox_item *last;
    struct outbox_item *told; /* given out last; its body is still borrowed */
    uint64_t through;         /* batches up to this number are done */
};

void outbox_done(struct outbox *outbox);
/* Copies the output and its body. ERR_NO_MEMORY. */
MUST_USE enum err outbox_put(struct outbox *outbox, uint64_t batch,
                             const struct meeting_output *output);
/* The oldest output whose batch is done. */
bool outbox_take(struct outbox *outbox, struct meeting_output *ret_output);
/* Batches `first` and later were not kept: their events are dropped, their tickets end in ERR_IO.
 */
void outbox_lose(struct outbox *outbox, uint64_t first);

#endif
