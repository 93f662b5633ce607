/* VP8 in RTP (RFC 7741): the payload descriptor, read and written anew, and what a keyframe says
 * about itself (RFC 6386, section 9.1).
 *
 *   |X|R|N|S|R| PID |  |I|L|T|K| RSV |  |M| PictureID 7 or 15 |  |TL0PICIDX|  |TID|Y| KEYIDX |
 *     always             if X             if I                     if L         if T or K
 *
 * A slot shows one source after another, and one layer after another, as if it were one encoder:
 * PictureID and TL0PICIDX go on without a jump, the former always in its 15-bit form, so that the
 * descriptor's size does not change when the number grows. Pure. */
#ifndef SFU_PROTO_VP8_H
#define SFU_PROTO_VP8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum { VP8_DESCRIPTOR_MAX_BYTES = 6 };

struct vp8_descriptor {
    size_t size;           /* bytes in the payload */
    bool discardable;      /* N: no other frame refers to this one */
    bool starts_partition; /* S */
    uint8_t partition;     /* PID */
    bool has_picture_id;
    bool picture_id_is_long; /* 15 bits */
    uint16_t picture_id;
    bool has_tl0_index;
    uint8_t tl0_index;
    bool has_temporal; /* T: temporal_layer and layer_sync mean something */
    uint8_t temporal_layer;
    bool layer_sync;
    bool has_key_index;
    uint8_t key_index;
};

/* ERR_SHORT when the payload ends within the descriptor or right behind it. */
MUST_USE enum err vp8_parse(struct bytes payload, struct vp8_descriptor *ret_descriptor);

/* Whether this packet holds the first byte of a keyframe. `payload` begins with the descriptor. */
bool vp8_is_keyframe(const struct vp8_descriptor *descriptor, struct bytes payload);

/* Picture size in pixels, from the packet that starts a keyframe. ERR_SHORT, ERR_FORMAT. */
MUST_USE enum err vp8_keyframe_size(const struct vp8_descriptor *descriptor, struct bytes payload,
                                    uint16_t *ret_width, uint16_t *ret_height);

/* The descriptor as a slot sends it: that of the source with other numbers, PictureID always
 * present and 15 bits long, TL0PICIDX only where the source had it. Returns its size. */
size_t vp8_write(const struct vp8_descriptor *descriptor, uint16_t picture_id, uint8_t tl0_index,
                 uint8_t ret_bytes[VP8_DESCRIPTOR_MAX_BYTES]);

#endif
