/* One participant's microphone and camera: which packet is due when, cut from a film.
 *
 *   film ──► frames, each at its time ──► packets of a stream ──► the caller: header, SRTP, socket
 *                 ▲                             ▲
 *     asked for a keyframe: on to the film's    NACK: the same packet again, as RTX (RFC 4588)
 *     next one; a layer comes back with one
 *
 * A frame leaves in packets of nearly equal size, as libwebrtc cuts them, all at its time. Every
 * packet is noted in the sender's `sent` ring. Payloads are never copied: a packet that is asked
 * for again is cut again. Pure; `now` never goes back. */
#ifndef LOAD_CORE_SENDER_H
#define LOAD_CORE_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/units.h"
#include "load/core/film.h"
#include "load/core/sent.h"
#include "sfu/proto/rtcp.h"

enum {
    SENDER_PAYLOAD_MAX = FILM_BENCH_PACKET_BYTES, /* with the VP8 descriptor */
    SENDER_DESCRIPTOR_BYTES = 4,
    SENDER_HISTORY = 512, /* packets of a stream that may be asked for again */
};

/* One stream of packets: the microphone, or a layer of the camera. */
struct sender_stream {
    bool present;
    bool wanted; /* by the server: layers that nobody watches are not */
    bool on;     /* wanted, and the sender is running */
    bool want_keyframe;
    uint32_t ssrc;
    uint32_t rtx_ssrc;
    uint16_t sequence; /* of the next packet */
    uint16_t rtx_sequence;
    uint16_t picture_id;
    uint32_t timestamp; /* of the next frame */
    uint32_t cursor;    /* into the film's track */
    usec_t due;         /* of the next frame; USEC_NEVER while silent */
    uint32_t fragment;  /* of the frame being cut, 0: none is */
    uint32_t packets;   /* for sender reports; likewise the next two */
    uint32_t bytes;
    uint32_t reported_timestamp;
    const struct film_track *track;
    struct sender_kept {
        bool used;
        bool marker;
        uint16_t sequence;
        uint16_t picture_id;
        uint32_t timestamp;
        uint32_t frame;
        uint32_t fragment;
    } history[SENDER_HISTORY];
};

struct sender {
    bool running;
    struct sender_stream streams[SENT_STREAMS];
    struct sent_source *sent;
};

/* A packet without its header extensions and protection. */
struct sender_packet {
    uint32_t stream; /* which of the sender's */
    bool retransmission;
    bool marker;
    bool key_start;
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    uint8_t head[2 + SENDER_DESCRIPTOR_BYTES]; /* RTX's original number, the VP8 descriptor */
    size_t head_size;
    struct bytes payload; /* behind the head; the film's */
};

/* The film must outlive the sender, which is silent at first, with every layer wanted. `sent` is
 * the caller's. */
void sender_init(struct sender *sender, const struct film *film, uint64_t seed,
                 struct sent_source *sent);
/* All that is wanted begins, pictures at a keyframe, or falls silent. */
void sender_switch(struct sender *sender, usec_t now, bool on);
/* Which layers are wanted, lowest first; those that come back begin with a keyframe. */
void sender_set_layers(struct sender *sender, usec_t now, const bool camera[FILM_VIDEO_TRACKS_MAX]);
/* The stream with this SSRC, RTX or not, is asked for a keyframe; false: it is not ours. */
bool sender_on_keyframe_request(struct sender *sender, uint32_t ssrc);

/* The next packet that is due; false when none is. `at_ns` is noted as its time of sending. */
bool sender_poll(struct sender *sender, usec_t now, uint64_t at_ns,
                 struct sender_packet *ret_packet);
/* A packet that was asked for again; false when it is not known any more. */
bool sender_again(struct sender *sender, uint32_t ssrc, uint16_t sequence,
                  struct sender_packet *ret_packet);
usec_t sender_deadline(const struct sender *sender);

/* What a sender report says of a stream that sent something; false otherwise. `ntp` stays to be
 * filled in. Its timestamp is that of the newest frame. */
bool sender_report(const struct sender *sender, uint32_t stream, struct rtcp_sender_info *ret_info);

#endif
