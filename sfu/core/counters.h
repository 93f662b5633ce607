/* What a media worker counts: plain values, for the door and its metrics too. */
#ifndef SFU_CORE_COUNTERS_H
#define SFU_CORE_COUNTERS_H

#include <stdint.h>

/* X(name) for every counter; the drop reasons start with `drop_`. The edge counts those from
 * sent_trains on, and adds what it refuses itself to drop_malformed, drop_auth and
 * drop_too_large. */
#define WORKER_COUNTERS(X)                                                                         \
    X(received_packets)                                                                            \
    X(received_bytes)                                                                              \
    X(sent_packets)                                                                                \
    X(sent_bytes)                                                                                  \
    X(sent_padding_bytes)                                                                          \
    X(sent_retransmissions)                                                                        \
    X(sent_keyframe_requests)                                                                      \
    X(relayed_packets)                                                                             \
    X(drop_malformed)                                                                              \
    X(drop_auth)                                                                                   \
    X(drop_replay)                                                                                 \
    X(drop_duplicate)                                                                              \
    X(drop_unknown_ssrc)                                                                           \
    X(drop_no_keys)                                                                                \
    X(drop_no_right)                                                                               \
    X(drop_too_large)                                                                              \
    X(drop_no_buffer)                                                                              \
    X(drop_relay_full)                                                                             \
    X(drop_rate_limited)                                                                           \
    X(drop_forged_feedback)                                                                        \
    X(unreachable_paths)                                                                           \
    X(sent_trains)                                                                                 \
    X(split_trains)                                                                                \
    X(slow_paths)                                                                                  \
    X(sent_fragmented)                                                                             \
    X(drop_unknown_address)                                                                        \
    X(drop_handshake)                                                                              \
    X(drop_unsent)                                                                                 \
    X(drop_congested)

struct worker_counters {
#define WORKER_COUNTER_FIELD(name) uint64_t name;
    WORKER_COUNTERS(WORKER_COUNTER_FIELD)
#undef WORKER_COUNTER_FIELD
};

#endif
