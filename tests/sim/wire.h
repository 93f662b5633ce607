/* The simulated network: every datagram has a fate decided by the seed. Loss, delay and reordering
 * per direction; delivery in virtual time, in the order of arrival. */
#ifndef TESTS_SIM_WIRE_H
#define TESTS_SIM_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "base/units.h"

struct wire_profile {
    uint32_t loss_permille;
    uint32_t delay_us;
    uint32_t jitter_us; /* uniform on top; reorders when larger than the distance of packets */
};

/* What arrives: a datagram, or whatever else the world has put off until now. */
struct wire_item {
    usec_t due;
    uint64_t order; /* of equal times, the earlier put comes first */
    uint32_t kind;  /* the world's */
    uint32_t from;
    uint32_t to;
    size_t size;
    uint8_t *data; /* owned; the taker frees */
};

struct wire {
    struct wire_item *heap;
    size_t count;
    size_t capacity;
    uint64_t orders;
    uint64_t lost;
};

void wire_done(struct wire *wire);
/* Copies `data`. */
void wire_put(struct wire *wire, usec_t due, const struct wire_item *item);
/* As wire_put(), unless the profile loses it. */
void wire_send(struct wire *wire, struct rng *rng, const struct wire_profile *profile, usec_t now,
               const struct wire_item *item);
usec_t wire_next(const struct wire *wire); /* USEC_NEVER when empty */
/* Needs: wire_next() is not USEC_NEVER. */
struct wire_item wire_take(struct wire *wire);

#endif
