/* A model browser that watches: puts each slot's packets in order, asks again for what is missing,
 * and decodes as libwebrtc would: a keyframe first, then frame after frame without a gap. What
 * breaks a promise of the server is counted by kind; what the network did is not. */
#ifndef TESTS_SIM_VIEWER_H
#define TESTS_SIM_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "sfu/core/arrivals.h"
#include "sfu/core/session.h"
#include "sfu/core/srtp_index.h"
#include "sfu/proto/rtp.h"
#include "tests/sim/frame.h"
#include "tests/sim/publisher.h"

enum { VIEWER_BUFFER = 1024, VIEWER_SOURCES = 64, VIEWER_TICK_US = 10000 };

struct buffered {
    bool here;
    uint64_t sequence;
    uint32_t timestamp;
    uint32_t source;
    bool marker;
    usec_t asked; /* when it was last asked for again; while it is not here */
    usec_t missed;
    uint8_t tries;
    size_t size;
    uint8_t payload[64]; /* enough to tell what it is */
};

/* Promises. */
#define VIEWER_FAULTS(X)                                                                           \
    X(bad_tag)                                                                                     \
    X(unknown_ssrc)                                                                                \
    X(timestamp_went_back)                                                                         \
    X(picture_id_jumped)                                                                           \
    X(tl0_index_jumped)                                                                            \
    X(frame_without_reference)                                                                     \
    X(frame_torn)                                                                                  \
    X(source_not_named)                                                                            \
    X(own_voice)

struct viewer_faults {
#define VIEWER_FAULT_FIELD(name) uint32_t name;
    VIEWER_FAULTS(VIEWER_FAULT_FIELD)
#undef VIEWER_FAULT_FIELD
};

struct viewer_slot {
    struct srtp_index index;
    struct srtp_index rtx_index;
    bool any;
    uint64_t next; /* to be decoded */
    uint64_t highest;
    struct buffered buffer[VIEWER_BUFFER];
    bool resync;  /* something was given up: numbers may jump, a keyframe must come */
    bool started; /* a frame was begun */
    bool complete;
    struct frame_part last;
    uint32_t last_timestamp;
    usec_t asked_keyframe;
    uint32_t decoded; /* frames */
    uint32_t frozen;  /* times that something was given up */
    uint32_t recovered;
    usec_t first_decoded[VIEWER_SOURCES]; /* by source: since the last reset */
    usec_t last_decoded[VIEWER_SOURCES];
    uint8_t decoded_layer;
};

struct viewer {
    struct outbox outbox;
    const struct session *session;
    struct seal *seal; /* for what it sends */
    uint64_t server_key;
    uint32_t source; /* its own */
    uint32_t rtcp_index;
    struct arrivals arrivals;
    struct viewer_faults faults;
    struct viewer_slot slots[SESSION_SLOTS];
};

void viewer_on_rtp(struct viewer *viewer, usec_t now, uint8_t *packet, size_t size);
/* Every VIEWER_TICK_US: NACK, PLI, feedback. */
void viewer_on_tick(struct viewer *viewer, usec_t now);

#endif
