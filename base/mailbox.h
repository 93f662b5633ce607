/* A bounded queue of equal-sized values between threads: many senders, one receiver.
 *
 * Full is an error that the sender handles. The receiver sleeps on mailbox_fd(), which is readable
 * whenever something waits. All functions but create and destroy may be called from any thread. */
#ifndef BASE_MAILBOX_H
#define BASE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct mailbox;

MUST_USE enum err mailbox_create(size_t item_size, uint32_t capacity, struct mailbox **ret_box);
/* Accepts NULL. Values still inside are dropped; what they own is the caller's to drain before. */
void mailbox_destroy(struct mailbox *box);

/* Copies `item` in. ERR_FULL leaves the box as it was. */
MUST_USE enum err mailbox_send(struct mailbox *box, const void *item);
/* Copies the oldest item out; false when the box is empty, and then its descriptor is quiet. */
bool mailbox_receive(struct mailbox *box, void *ret_item);
int mailbox_fd(const struct mailbox *box);

#endif
