/* The ties between slots and streams (slot.h draws them). A tie's id says whose it is:
 *
 *   endpoint index × 64 + slot index, times 4, plus which of the slot's links */
#ifndef SFU_CORE_LINK_H
#define SFU_CORE_LINK_H

#include <stdint.h>

struct worker;
struct endpoint;

struct link_owner {
    struct endpoint *endpoint;
    uint32_t slot;
    uint32_t which;
};

/* Needs: that link is free. */
void link_tie(struct worker *worker, struct endpoint *endpoint, uint32_t slot, uint32_t which,
              uint32_t stream);
/* Nothing happens when it is free. */
void link_untie(struct worker *worker, struct endpoint *endpoint, uint32_t slot, uint32_t which);
struct link_owner link_owner(struct worker *worker, uint32_t id);
/* Its slot has something to send. */
void link_pend(struct worker *worker, uint32_t id);
/* This id may be asked for soon; any number does no harm. */
void link_fetch(const struct worker *worker, uint32_t id);
/* The id behind it in its list; INDEX_NONE at the end. */
uint32_t link_next(struct worker *worker, uint32_t id);

#endif
