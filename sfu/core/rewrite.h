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

enum { REWRITE_SEGMENTS = 4 };

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

struct rewrite {
    uint64_t out_next; /* one above the highest sent */
    uint32_t clock_hz;
    uint32_t timestamp_base; /* what an arrival at time 0 would carry */
    uint32_t timestamp_last; /* of the highest sent, and when that arrived */
    usec_t arrival_last;
    uint16_t picture_last;
    uint8_t tl0_last;
    uint8_t count; /* of segments; the newest is at (count - 1) % REWRITE_SEGMENTS */
    bool sent_any;
    struct rewrite_segment segments[REWRITE_SEGMENTS];
};

struct rewritten {
    uint64_t sequence;
    uint32_t timestamp;
    uint32_t source;
    uint16_t picture_id;
    uint8_t tl0_index;
};

/* `random` chooses the first sequence number and timestamp. */
void rewrite_init(struct rewrite *rewrite, uint64_t random, uint32_t clock_hz);
/* From here on packets of `stream`, beginning with `first`. */
void rewrite_begin(struct rewrite *rewrite, uint32_t stream, uint32_t epoch, uint32_t source,
                   const struct packet *first);
/* The newest segment; NULL before the first rewrite_begin(). */
const struct rewrite_segment *rewrite_newest(const struct rewrite *rewrite);
/* Numbers for a packet of the newest segment; false when it lies before its beginning. */
bool rewrite_next(struct rewrite *rewrite, const struct packet *packet, struct rewritten *ret_out);
/* The same numbers again, for a retransmission. Needs: the packet lies in the segment. */
struct rewritten rewrite_again(const struct rewrite_segment *segment, const struct packet *packet);
/* Which segment an outgoing number belonged to, and the stream's own number; NULL when it was never
 * sent or is too long ago. */
const struct rewrite_segment *rewrite_find(const struct rewrite *rewrite, uint64_t out_sequence,
                                           uint64_t *ret_in_sequence);
/* The full number that a 16-bit one from the receiver means: the nearest not above the highest. */
uint64_t rewrite_extend(const struct rewrite *rewrite, uint16_t sequence);
/* The timestamp that belongs to `now`, for sender reports. Needs: something was sent. */
uint32_t rewrite_timestamp_at(const struct rewrite *rewrite, usec_t now);

#endif
