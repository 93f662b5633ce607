/* One slot's numbers: source after source and layer after layer leave as if one encoder had made
 * them (RFC 3550, section 5.1; RFC 7741, section 4.2).
 *
 * A *segment* is a stretch of one stream. Within it every number is the stream's own plus a
 * constant, so what is missing upstream stays a gap downstream, and what comes late finds its
 * place. A new segment begins where the highest number sent so far ended:
 *
 *   in    A: 17 18 19 20 ·· ·          B: 904 905 906
 *   out      51 52 53 54                   55  56  57
 *            segment A, +34                segment B, -849
 *
 * The last few segments are kept, so that a retransmission still finds what an old number meant.
 * Timestamps go on by the time that passed between arrivals. Pure. */
#ifndef SFU_CORE_REWRITE_H
#define SFU_CORE_REWRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "sfu/core/history.h"

enum {
    REWRITE_SEGMENTS = 4,
    REWRITE_PAST = REWRITE_SEGMENTS - 1,
    REWRITE_PICTURE_ID_MASK = 0x7fff
};

struct rewrite_segment {
    uint32_t stream; /* which stream, and which life of it */
    uint32_t epoch;
    uint32_t source; /* what CSRC says */
    uint32_t timestamp_offset;
    uint64_t in_first;
    uint64_t out_first;
    uint16_t picture_offset;
    uint8_t tl0_offset;
};

enum rewrite_stage {
    REWRITE_NEW,
    REWRITE_BEGUN, /* there is a segment */
    REWRITE_SENT,  /* and something was sent */
};

/* What every packet needs: one cache line. */
struct rewrite {
    uint64_t out_next; /* one above the highest sent */
    usec_t arrival_last;
    uint32_t timestamp_last; /* of the highest sent, and when that arrived */
    uint16_t picture_last;
    uint8_t tl0_last;
    uint8_t stage; /* of enum rewrite_stage */
    struct rewrite_segment newest;
};

/* What a new segment or a retransmission needs. */
struct rewrite_past {
    uint32_t clock_hz;
    uint32_t timestamp_base; /* what an arrival at time 0 would carry */
    uint8_t count;           /* of segments below; the youngest is at (count - 1) % REWRITE_PAST */
    struct rewrite_segment segments[REWRITE_PAST];
};

struct rewritten {
    uint64_t sequence;
    uint32_t timestamp;
    uint32_t source;
    uint16_t picture_id;
    uint8_t tl0_index;
};

/* `random` chooses the first sequence number and timestamp. */
void rewrite_init(struct rewrite *rewrite, struct rewrite_past *past, uint64_t random,
                  uint32_t clock_hz);
/* From here on packets of `stream`, beginning with `first`. */
void rewrite_begin(struct rewrite *rewrite, struct rewrite_past *past, uint32_t stream,
                   uint32_t epoch, uint32_t source, const struct packet *first);
/* A packet's numbers in a segment: when it is sent, and the same again for a retransmission.
 * Needs: it does not lie before the segment. */
static inline struct rewritten rewrite_again(const struct rewrite_segment *segment,
                                             const struct packet *packet)
{
    return (struct rewritten){
        .sequence = segment->out_first + (packet->sequence - segment->in_first),
        .timestamp = packet->timestamp + segment->timestamp_offset,
        .source = segment->source,
        .picture_id =
            (uint16_t)(packet->picture_id + segment->picture_offset) & REWRITE_PICTURE_ID_MASK,
        .tl0_index = (uint8_t)(packet->tl0_index + segment->tl0_offset),
    };
}
/* Numbers for a packet of the newest segment. Needs: a segment was begun, and the packet does not
 * lie before it (packet->sequence >= newest.in_first). */
static inline struct rewritten rewrite_next(struct rewrite *rewrite, const struct packet *packet)
{
    struct rewritten out = rewrite_again(&rewrite->newest, packet);
    if (out.sequence >= rewrite->out_next) {
        rewrite->out_next = out.sequence + 1;
        rewrite->timestamp_last = out.timestamp;
        rewrite->arrival_last = packet->arrival;
        rewrite->picture_last = out.picture_id;
        rewrite->tl0_last = out.tl0_index;
        rewrite->stage = REWRITE_SENT;
    }
    return out;
}
/* Which segment an outgoing number belonged to, and the stream's own number; NULL when it was never
 * sent or is too long ago. */
const struct rewrite_segment *rewrite_find(const struct rewrite *rewrite,
                                           const struct rewrite_past *past, uint64_t out_sequence,
                                           uint64_t *ret_in_sequence);
/* The full number that a 16-bit one from the receiver means: the nearest not above the highest. */
uint64_t rewrite_extend(const struct rewrite *rewrite, uint16_t sequence);
/* The timestamp that belongs to `now`, for sender reports. Needs: something was sent. */
uint32_t rewrite_timestamp_at(const struct rewrite *rewrite, const struct rewrite_past *past,
                              usec_t now);

#endif
