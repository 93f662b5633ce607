/* What a crowd of clients counts and measures (load/load.h): plain values. */
#ifndef LOAD_CORE_STATS_H
#define LOAD_CORE_STATS_H

#include <stdint.h>

#include "base/units.h"
#include "load/core/times.h"

/* A stage switch: from the order to what receivers see of it. */
struct load_switch {
    uint32_t source;
    usec_t ordered_at; /* 0: never yet */
    uint32_t expected; /* receivers connected at the order that did not show it yet */
    uint32_t arrived;
    struct times first_packet_us; /* from the order; its max_us is the last receiver's */
    struct times wait_us;         /* of that: until the source sent this packet, 0 if before … */
    struct times carried_us;      /* … and the rest */
    struct times first_frame_us;  /* to the whole keyframe */
};

/* X(name) for every plain count since the start. */
#define LOAD_COUNTS(X)                                                                             \
    /* Peers. Seen: receivers that got a whole keyframe on their stage. */                         \
    X(answered)                                                                                    \
    X(connected)                                                                                   \
    X(failed)                                                                                      \
    X(heard)                                                                                       \
    X(seen)                                                                                        \
    /* Received. Packets are RTP without retransmissions; trains are reads that brought several    \
       datagrams at once (UDP_GRO); what overflowed was lost here, unread in time. */              \
    X(packets)                                                                                     \
    X(bytes)                                                                                       \
    X(trains)                                                                                      \
    X(padded)                                                                                      \
    X(probes)                                                                                      \
    X(retransmissions)                                                                             \
    X(dropped_on_purpose)                                                                          \
    X(overflowed)                                                                                  \
    X(malformed)                                                                                   \
    X(unknown_ssrc)                                                                                \
    /* Sequence numbers. Missing: gaps open now, the one count that also falls. A gap is filled by \
       a retransmission (repaired) or a late packet (reordered), or given up (lost), after which   \
       its packet is stale. */                                                                     \
    X(missing)                                                                                     \
    X(lost)                                                                                        \
    X(repaired)                                                                                    \
    X(reordered)                                                                                   \
    X(stale)                                                                                       \
    X(duplicates)                                                                                  \
    /* Against what was sent, number by number. Segments: stretches of one source and layer, over  \
       all receivers. Unmatched: not by us, or too long ago. */                                    \
    X(segments)                                                                                    \
    X(matched)                                                                                     \
    X(unmatched)                                                                                   \
    X(wrong_timestamp)                                                                             \
    X(wrong_size)                                                                                  \
    /* Decrypted: by libsrtp2, of the sampled receivers, and their frames; a failure of either     \
       cipher counts. */                                                                           \
    X(decrypted)                                                                                   \
    X(decrypt_failures)                                                                            \
    X(frames)                                                                                      \
    X(broken_frames)                                                                               \
    X(decoded_frames)                                                                              \
    X(decode_failures)                                                                             \
    /* Asked by receivers. Nacks are numbers, feedbacks transport-cc messages; checks are ICE's    \
       and consent's. */                                                                           \
    X(nacks)                                                                                       \
    X(plis)                                                                                        \
    X(feedbacks)                                                                                   \
    X(checks)                                                                                      \
    X(checks_answered)                                                                             \
    /* Sent by senders, and asked of them (PLI, FIR). */                                           \
    X(sent_packets)                                                                                \
    X(sent_bytes)                                                                                  \
    X(sent_keyframes)                                                                              \
    X(resent)                                                                                      \
    X(keyframes_asked)                                                                             \
    /* What the kernel did not take; CPU time of the engine's thread. */                           \
    X(unsent)                                                                                      \
    X(cpu_ns)

struct load_stats {
#define LOAD_COUNT_FIELD(name) uint64_t name;
    LOAD_COUNTS(LOAD_COUNT_FIELD)
#undef LOAD_COUNT_FIELD
    usec_t at;              /* of this snapshot, clock_now_us() */
    usec_t first_answer_at; /* 0: none yet; likewise the next two */
    usec_t last_connected_at;
    usec_t last_seen_at;
    struct times connect_us;      /* answer to keys, a receiver */
    struct times first_packet_us; /* answer to first packet */
    struct times first_frame_us;  /* answer to first whole keyframe */
    struct times delay_us;        /* added delay, a matched packet */
    struct load_switch stage_switch;
};

#endif
