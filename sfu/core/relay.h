/* What crosses between two workers that share a room. A relay is just another endpoint: the
 * publisher's worker decrypts once and hands plaintext over; nothing of SRTP, NACK, history or
 * estimates crosses. One single-producer ring each way per pair of workers carries these values;
 * a full ring drops with a count, and the gap becomes a local keyframe request. */
#ifndef SFU_CORE_RELAY_H
#define SFU_CORE_RELAY_H

#include <stdint.h>

#include "base/limits.h"
#include "sfu/core/session.h"

enum relay_kind {
    RELAY_PACKET,   /* forward: one plaintext RTP packet of (source, kind, layer) */
    RELAY_LEVEL,    /* forward: loudness of a microphone, so that audio slots agree everywhere */
    RELAY_WANT,     /* back: `layers` that somebody there watches; 0: stop */
    RELAY_KEYFRAME, /* back: a keyframe of this layer, please */
};

struct relay_message {
    enum relay_kind kind;
    uint64_t room;
    uint32_t source;
    enum source_kind source_kind;
    uint8_t layer;
    uint8_t layers; /* bit n: layer n; a wall of tiles and a stage want different ones */
    uint8_t level;  /* RFC 6464: 0 loudest, 127 silence */
    uint16_t size;  /* of `packet` */
    uint8_t packet[LIMIT_RTP_PACKET_BYTES];
};

#endif
