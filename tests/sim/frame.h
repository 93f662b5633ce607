/* What a model camera films: a payload that says which frame it is, so that a viewer can tell
 * whether it could decode it. Behind a VP8 descriptor (RFC 7741):
 *
 *   keyframe's first packet: 10 bytes of VP8 header │ source │ layer │ life │ frame │ part │ parts
 *   any other:               1 byte of VP8 header   │ …                                        */
#ifndef TESTS_SIM_FRAME_H
#define TESTS_SIM_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct frame_part {
    bool keyframe;
    uint16_t picture_id;
    uint8_t tl0_index;
    uint16_t height;
    uint32_t source;
    uint8_t layer;
    uint32_t frame; /* rises by one a frame, over all pauses */
    uint8_t part;
    uint8_t parts;
};

/* Writes a payload of exactly `size` bytes (at least 40). */
void frame_write(const struct frame_part *part, uint8_t *out, size_t size);
bool frame_read(struct bytes payload, struct frame_part *ret_part);

#endif
