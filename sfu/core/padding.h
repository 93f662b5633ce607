/* Equal lengths for the packets of a frame (RFC 3550, section 5.1).
 *
 * The kernel cuts one long send into datagrams of equal size, so a frame whose packets are equally
 * long leaves in one send. Encoders' packets of a frame differ by a byte or so; the shorter ones
 * are padded, once, where all subscribers share them:
 *
 *   before  |payload 1088|   |payload 1087|    |payload 1087|
 *   after   |payload 1088|   |payload 1087|1|  |payload 1087|1|
 *
 * Packets that differ by more stay as they are: padding never takes more than one byte in
 * PADDING_SHARE. Retransmissions and relays carry payload only. Pure. */
#ifndef SFU_CORE_PADDING_H
#define SFU_CORE_PADDING_H

#include "sfu/core/history.h"

enum { PADDING_SHARE = 32 };

/* Pads the packets from arrival `first` to the head, frame by frame. Needs: nobody was sent them;
 * first >= history->tail. */
void padding_even(struct history *history, struct packets *packets, uint64_t first);

#endif
