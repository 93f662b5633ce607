/* RTCP both ways: what peers report and ask for, and what they are told.
 *
 *   in    SR → clocks of what they send    RR, transport-cc → loss and round trip
 *         NACK → retransmissions           PLI, FIR → a keyframe from the source
 *   out   SR per slot, RR, transport-cc, NACK and PLI to those who publish               */
#ifndef SFU_CORE_FEEDBACK_H
#define SFU_CORE_FEEDBACK_H

#include <stddef.h>
#include <stdint.h>

struct worker;
struct endpoint;

/* Needs: the endpoint has keys; demux said RTCP. */
void feedback_on_rtcp(struct worker *worker, struct endpoint *endpoint, uint8_t *datagram,
                      size_t size);
/* Writes what outlet->control asks for as one plain compound; 0 when there is nothing to say. */
size_t feedback_write(struct worker *worker, struct endpoint *endpoint, uint8_t *out,
                      size_t capacity);
/* From time to time: whether the stage is more than this endpoint's line takes. */
void feedback_judge(struct worker *worker, struct endpoint *endpoint);

#endif
