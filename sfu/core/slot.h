/* One stream that an endpoint receives: an SSRC that never changes, showing what is wanted.
 *
 * A slot watches the stream it shows and waits for others' keyframes; the links are lists that
 * start in the streams, so a stream finds its slots without a search:
 *
 *   stream.watchers ──► slot A ──► slot B …      stream.waiters ──► slot C …
 *
 * What every packet touches is its *feed*, two cache lines apart from the rest: thousands of feeds
 * are walked through for each frame. */
#ifndef SFU_CORE_SLOT_H
#define SFU_CORE_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/random.h"
#include "base/units.h"
#include "sfu/core/rate.h"
#include "sfu/core/rewrite.h"
#include "sfu/core/session.h"
#include "sfu/proto/rtp.h"

enum { LINK_WATCH, LINK_WAIT_FIRST, SLOT_LINKS = LINK_WAIT_FIRST + LIMIT_SIMULCAST_LAYERS };

struct link {
    uint32_t stream; /* INDEX_NONE: not linked */
    uint32_t next;   /* link ids of the same list, INDEX_NONE ends it */
    uint32_t previous;
};

struct feed {
    struct rtp_template header; /* of the newest segment */
    uint8_t transport_cc_id;    /* 0: its packets are not numbered */
    bool sound;
    bool fresh; /* the next packet begins a segment */
    struct link watch;
    uint32_t switch_to;    /* a stream whose keyframe is here; taken when the slot is sent next */
    uint64_t cursor;       /* arrival in the watched stream's history */
    uint32_t sent_packets; /* as sender reports count: payload, no headers */
    uint32_t sent_bytes;
    struct rewrite rewrite;
};

struct slot {
    struct feed *feed;
    enum slot_kind kind;
    uint8_t index; /* within its kind */
    uint8_t payload_type;
    uint8_t rtx_payload_type;
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    uint32_t number; /* the source that should be shown, 0: none */
    enum source_kind source_kind;
    uint32_t shown;   /* the source that is, 0: none */
    uint32_t desired; /* the stream it is on the way to */
    usec_t cut_at;    /* what is shown is not wanted any more and ends then; 0: not so */
    uint64_t rtx_next;
    uint32_t reported_packets;
    struct rate keyframe_rate;
    struct rewrite_past past;
    struct link waits[LIMIT_SIMULCAST_LAYERS];
};

/* The slot that was agreed on at `index` of the session, tied to nothing. */
void slot_init(struct slot *slot, struct feed *feed, const struct session *session, uint32_t index,
               struct rng *rng);
/* From here on packets of `stream` in its life `epoch`, beginning with `first`; `source` is what
 * CSRC says. */
void slot_begin(struct slot *slot, uint32_t stream, uint32_t epoch, uint32_t source,
                const struct packet *first);

#endif
