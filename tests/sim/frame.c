#include "tests/sim/frame.h"

#include <string.h>

#include "sfu/proto/vp8.h"

void frame_write(const struct frame_part *part, uint8_t *out, size_t size)
{
    struct wr wr = wr_init(out, size);
    bool start = part->part == 0;
    wr_u8(&wr, (uint8_t)(0x80 | (start ? 0x10 : 0)));
    wr_u8(&wr, 0xc0); /* I and L */
    wr_u16(&wr, (uint16_t)(0x8000 | part->picture_id));
    wr_u8(&wr, part->tl0_index);
    if (start && part->keyframe) {
        wr_u24(&wr, 0x100000); /* frame tag: keyframe, shown */
        wr_u24(&wr, 0x9d012a);
        uint16_t width = (uint16_t)(part->height * 16 / 9);
        wr_u8(&wr, (uint8_t)width);
        wr_u8(&wr, (uint8_t)(width >> 8));
        wr_u8(&wr, (uint8_t)part->height);
        wr_u8(&wr, (uint8_t)(part->height >> 8));
    } else {
        wr_u8(&wr, 0x01); /* not a keyframe, or not its beginning */
    }
    wr_u8(&wr, part->keyframe);
    wr_u32(&wr, part->source);
    wr_u8(&wr, part->layer);
    wr_u32(&wr, part->frame);
    wr_u8(&wr, part->part);
    wr_u8(&wr, part->parts);
    wr_fill(&wr, 0x5a, wr_room(&wr));
}

bool frame_read(struct bytes payload, struct frame_part *ret_part)
{
    struct vp8_descriptor descriptor;
    if (vp8_parse(payload, &descriptor) != ERR_OK)
        return false;
    struct rd rd = rd_init(payload);
    rd_skip(&rd, descriptor.size);
    rd_skip(&rd, vp8_is_keyframe(&descriptor, payload) ? 10 : 1);
    struct frame_part part = {.picture_id = descriptor.picture_id,
                              .tl0_index = descriptor.tl0_index};
    part.keyframe = rd_u8(&rd);
    part.source = rd_u32(&rd);
    part.layer = rd_u8(&rd);
    part.frame = rd_u32(&rd);
    part.part = rd_u8(&rd);
    part.parts = rd_u8(&rd);
    if (rd.failed || descriptor.starts_partition != (part.part == 0))
        return false;
    *ret_part = part;
    return true;
}
