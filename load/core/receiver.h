/* One receiver's slots: what it counts, checks and asks for (load.h, "What is checked").
 *
 * Headers are readable under SRTP, so most packets are judged without a key. In a *segment*, a
 * stretch of one source and layer, the server's numbers are the sender's plus constants:
 *
 *   sent (sent.h)     904 905 906 907        step: sequence -849, timestamp +1234567
 *   received           55  56  57  58        57 must be 906, at its timestamp, in its size
 *
 * Whenever numbers fall out of step, or a keyframe is waited for, the receiver wants the packet in
 * plain: its payload's end says which one it is, and a new segment begins. Pure. */
#ifndef LOAD_CORE_RECEIVER_H
#define LOAD_CORE_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/units.h"
#include "load/core/receipts.h"
#include "load/core/sent.h"
#include "load/core/sequence.h"
#include "load/core/stats.h"
#include "sfu/core/srtp_index.h"
#include "sfu/proto/rtp.h"

/* A keyframe that is waited for: whole when all numbers from its first packet to its marker came.
 */
struct receiver_frame {
    bool wanted;
    bool begun;
    bool ended;
    uint32_t timestamp;
    uint64_t first;
    uint64_t last;
    uint32_t came;
};

struct receiver_slot {
    uint32_t ssrc;
    uint32_t rtx_ssrc; /* 0: none */
    bool video;
    bool stage;
    uint32_t source; /* CSRC of the newest packet */
    struct sequence sequence;
    struct srtp_index rtx_index;
    /* The segment. */
    const struct sent_source *sent;   /* who sends what the slot shows; NULL: nobody of ours */
    const struct sent_stream *stream; /* of that; NULL: none was found yet */
    bool in_step;
    uint64_t since_ns;      /* when the segment began; what was sent before came out of a cache */
    uint16_t sequence_step; /* ours = theirs + step, both */
    uint32_t timestamp_step;
    uint32_t timestamp; /* of the newest packet, and when that came */
    usec_t timestamp_at;
    struct receiver_frame frame;
    usec_t pli_due; /* USEC_NEVER: nothing to ask for */
    /* For reports (RFC 3550, sections 6.4.1 and A.8). */
    uint64_t received;
    uint64_t received_before;
    uint64_t expected_before;
    uint32_t transit;
    uint32_t jitter_16;
    uint32_t last_sr;
    usec_t last_sr_at;
};

struct receiver {
    struct load_stats *stats; /* of the whole crowd */
    const struct sent_list *sent;
    struct receiver_slot *slots; /* owned by the caller */
    uint32_t slot_count;
    bool sampled; /* wants every packet in plain */
    uint8_t transport_cc_id;
    struct receipts receipts;
    usec_t answered_at;
    usec_t first_packet_at; /* 0: not yet; likewise the next */
    usec_t first_frame_at;
    uint64_t packets;
    uint64_t lost;
    bool awaits_switch; /* to stats->stage_switch.source: its first packet, its first keyframe */
    bool awaits_switch_sent;
    bool awaits_switch_frame;
};

/* What a receiver is handed with a packet. */
struct receiver_arrival {
    usec_t now;
    uint64_t at_ns; /* civil clock, by the kernel; 0: not told */
};

enum receiver_verdict {
    RECEIVER_DONE,
    RECEIVER_WANTS_PLAIN, /* decrypt it, then receiver_on_plain() */
};

/* How a packet stands in its slot; kept by the caller between the two calls. */
struct receiver_place {
    struct receiver_slot *slot;
    uint64_t extended; /* of the original, for a retransmission */
    bool newest;
    bool fresh; /* neither duplicate nor stale */
};

void receiver_slot_init(struct receiver_slot *slot);
struct receiver_slot *receiver_find(struct receiver *receiver, uint32_t ssrc, bool *ret_rtx);
/* A packet of a slot's own SSRC, by its header. `size` is the whole datagram's. */
enum receiver_verdict receiver_on_header(struct receiver *receiver,
                                         const struct receiver_arrival *arrival,
                                         const struct rtp_header *header, size_t size,
                                         struct receiver_place *place);
/* The same, decrypted; or the packet that a retransmission repeated. */
void receiver_on_plain(struct receiver *receiver, const struct receiver_arrival *arrival,
                       const struct rtp_header *header, struct bytes payload,
                       const struct receiver_place *place);
/* A decrypted retransmission. False: a probe, or nothing new; else *ret_payload is the original's
 * and `place` says where it belongs; receiver_on_plain() has been called. */
bool receiver_on_retransmission(struct receiver *receiver, const struct receiver_arrival *arrival,
                                const struct rtp_header *header, struct bytes payload,
                                struct receiver_place *place, struct bytes *ret_payload);
void receiver_on_sender_report(struct receiver *receiver, usec_t now, uint32_t ssrc, uint64_t ntp);

/* Begins to wait for stats->stage_switch.source on the stage; false when it is shown already. */
bool receiver_expect_stage(struct receiver *receiver);
/* ---- Feedback -------------------------------------------------------------------------------- */

enum receiver_feedback {
    RECEIVER_TRANSPORT_CC = 1,
    RECEIVER_REPORT = 2, /* reception reports; gaps and keyframes are asked for by themselves */
};

/* Appends what is due to a compound, which begins with a report: 0 when nothing is, else its size.
 */
size_t receiver_write_feedback(struct receiver *receiver, usec_t now, uint32_t kinds, uint8_t *out,
                               size_t capacity);
/* When gaps or keyframes are to be asked for, or given up. */
usec_t receiver_deadline(const struct receiver *receiver);

#endif
