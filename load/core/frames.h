/* Frames put together from the packets of one video slot, in the order of their numbers
 * (RFC 7741, section 4): for the sampled receivers, whose every packet is decrypted.
 *
 * A gap is waited for until FRAMES_WINDOW packets came behind it; then what it belonged to is
 * broken, and so is all that follows up to a keyframe. One slot's; pure. */
#ifndef LOAD_CORE_FRAMES_H
#define LOAD_CORE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/limits.h"

enum {
    FRAMES_WINDOW = 512, /* packets that wait for one before them; a power of two */
    FRAMES_FRAME_BYTES = 512 * 1024,
};

struct frames {
    bool any;
    uint64_t next; /* the number to be taken */
    uint64_t highest;
    bool in_frame; /* the first packet of a frame was taken, its marker was not */
    bool broken;   /* until the next keyframe */
    size_t size;
    uint8_t frame[FRAMES_FRAME_BYTES];
    struct frames_packet {
        bool used;
        bool marker;
        uint64_t number;
        uint16_t size;
        uint8_t payload[LIMIT_RTP_PACKET_BYTES];
    } window[FRAMES_WINDOW];
};

enum frames_result {
    FRAMES_NONE,   /* nothing more for now */
    FRAMES_WHOLE,  /* *ret_frame, until the next call */
    FRAMES_BROKEN, /* a frame that has lost a packet, or refers to one */
};

void frames_init(struct frames *frames);
/* A packet's payload with its descriptor; the number is extended. Twice the same is taken once. */
void frames_on_packet(struct frames *frames, uint64_t number, bool marker, struct bytes payload);
enum frames_result frames_next(struct frames *frames, struct bytes *ret_frame);

#endif
