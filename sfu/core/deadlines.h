/* Who is due next: an indexed binary heap of (time, owner), one deadline an owner.
 *
 * The owner is a small number (an endpoint's or room's index). Setting, moving and clearing cost
 * O(log n), asking for the earliest costs nothing. Memory is taken once. Not thread-safe. */
#ifndef SFU_CORE_DEADLINES_H
#define SFU_CORE_DEADLINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/units.h"

struct deadlines {
    usec_t *due;     /* by owner; meaningless unless placed */
    uint32_t *heap;  /* owners, earliest first */
    uint32_t *place; /* by owner: where in the heap, UINT32_MAX if not */
    uint32_t count;
    uint32_t capacity;
};

MUST_USE enum err deadlines_init(struct deadlines *deadlines, uint32_t owners);
void deadlines_done(struct deadlines *deadlines);

/* Replaces the owner's deadline; USEC_NEVER clears it. */
void deadlines_set(struct deadlines *deadlines, uint32_t owner, usec_t due);
/* Keeps the earlier of the present one and `due`. */
void deadlines_hasten(struct deadlines *deadlines, uint32_t owner, usec_t due);
/* USEC_NEVER when nobody waits. */
usec_t deadlines_earliest(const struct deadlines *deadlines);
/* Takes out an owner that is due at `now`; false when nobody is. */
bool deadlines_pop(struct deadlines *deadlines, usec_t now, uint32_t *ret_owner);

#endif
