/* One layer of one kind of one source: its packets, who wants them, and its keyframes.
 *
 * A stream is the same whether an endpoint of this worker sends it or another worker relays it. Its
 * place in worker.streams exists from the moment the source is known; packets' memory is taken with
 * the first packet and given back when no more come. */
#ifndef SFU_CORE_STREAM_H
#define SFU_CORE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/units.h"
#include "sfu/core/session.h"
#include "sfu/core/srtp_index.h"

#define INDEX_NONE UINT32_MAX

enum {
    STREAM_KEYFRAME_EVERY_US = 2000000, /* a publisher is asked at most this often … */
    STREAM_KEYFRAME_AGAIN_US = 500000,  /* … or so, while no keyframe came: requests get lost */
    STREAM_CARE_US = 100000,
    /* A viewer starts with the cached keyframe when no more packets than this follow it; beyond, a
     * burst would hurt a weak line more than a new keyframe does. */
    STREAM_START_PACKETS = 160,
    /* Packets of a keyframe that overtook its first one lie this far before it at most. */
    STREAM_OVERTAKEN_PACKETS = 32,
};

struct worker;

struct stream {
    uint32_t source;
    uint8_t place; /* among the source's streams */
    uint8_t layer;
    enum source_kind kind;
    uint32_t clock_hz;
    bool alive;        /* packets come */
    bool hopeless;     /* none come although somebody has wanted it for long */
    bool dirty;        /* has packets nobody was told of */
    bool keyframe_new; /* one came since the watchers were last told */
    bool height_new;
    bool has_keyframe; /* and nothing after it is known to be lost */
    bool keyframe_wanted;
    bool keyframe_came; /* since one was asked for */
    uint8_t tl0_last;
    uint16_t height;
    uint16_t picture_last;
    uint32_t timestamp_last;
    uint32_t ssrc;  /* of a relayed stream; another one is another life */
    uint32_t epoch; /* which life: numbers of different ones don't compare */
    uint32_t history;
    uint64_t settled;          /* arrival: what came before it may be sent */
    uint64_t next_arrival;     /* where a new history begins, so that no cursor goes backwards */
    struct srtp_index numbers; /* of a relayed stream */
    uint64_t highest;          /* sequence number in this life; 0: none yet */
    uint64_t keyframe_arrival;
    uint64_t keyframe_sequence;
    usec_t dirty_since;
    usec_t heard;
    usec_t keyframe_asked; /* 0: never */
    usec_t wanted_since;
    usec_t want_told;
    uint32_t care_place; /* in worker.cared, INDEX_NONE if not */
    uint32_t watchers;   /* first link ids */
    uint32_t waiters;
    uint16_t relay_to;     /* bit per worker that wants it */
    uint16_t relay_queued; /* bit per worker in whose queue it stands */
    uint64_t relay_cursor[LIMIT_WORKERS];
};

static inline bool stream_is_video(const struct stream *stream)
{
    return stream->kind == SOURCE_CAMERA || stream->kind == SOURCE_SCREEN;
}

/* A packet on its way into a stream: decrypted, its place known, rights checked. */
struct incoming {
    uint64_t sequence; /* extended */
    uint32_t timestamp;
    bool marker;
    struct bytes payload;
};

/* A new stream in a place taken from the pool. */
void stream_init(struct worker *worker, uint32_t index, uint32_t source, uint8_t place);
/* Everybody lets go of it; its place goes back to the pool. */
void stream_done(struct worker *worker, uint32_t index);
/* The publisher begins anew: another SSRC, other numbers. Watchers wait for a keyframe. */
void stream_restart(struct worker *worker, uint32_t index);
/* Counts why when the packet is not kept. */
void stream_on_packet(struct worker *worker, uint32_t index, const struct incoming *in);
/* A packet was lost for good: what follows cannot be decoded without a keyframe. */
void stream_on_broken(struct worker *worker, uint32_t index);
/* A request that comes too early after the last one is put off. */
void stream_ask_keyframe(struct worker *worker, uint32_t index);
/* Whether a keyframe asked for now is asked for at once. */
bool stream_may_ask_keyframe(const struct worker *worker, uint32_t index);
/* Whether a viewer could start at once, with the cached keyframe and … */
bool stream_can_start(const struct worker *worker, uint32_t index);
/* … so many packets. Needs: it can start. */
uint64_t stream_start_packets(const struct worker *worker, uint32_t index);
/* The arrival from which all of the cached keyframe is met. Needs: it is still kept. */
uint64_t stream_start(const struct worker *worker, uint32_t index);
/* What may be shown of it changed: whoever watches it chooses anew. */
void stream_choose_anew(struct worker *worker, uint32_t index);
/* Somebody began or ceased to want it. */
void stream_on_wanted(struct worker *worker, uint32_t index);
bool stream_is_wanted(const struct stream *stream);
/* Every STREAM_CARE_US while streams live: notices those that fell silent, asks again. */
void stream_care_all(struct worker *worker);

#endif
