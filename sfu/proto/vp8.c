#include "sfu/proto/vp8.h"

enum { KEYFRAME_HEADER_BYTES = 10, DIMENSION_MASK = 0x3fff };

/* The extension byte's fields, each present when its bit is set. */
static void parse_extension(struct rd *rd, uint8_t flags, struct vp8_descriptor *descriptor)
{
    if (flags & 0x80) {
        uint8_t first = rd_u8(rd);
        descriptor->has_picture_id = true;
        descriptor->picture_id_is_long = first & 0x80;
        descriptor->picture_id = first & 0x7f;
        if (descriptor->picture_id_is_long)
            descriptor->picture_id = (uint16_t)(descriptor->picture_id << 8 | rd_u8(rd));
    }
    if (flags & 0x40) {
        descriptor->has_tl0_index = true;
        descriptor->tl0_index = rd_u8(rd);
    }
    if (flags & 0x30) {
        uint8_t byte = rd_u8(rd);
        descriptor->has_temporal = flags & 0x20;
        descriptor->temporal_layer = byte >> 6;
        descriptor->layer_sync = byte & 0x20;
        descriptor->has_key_index = flags & 0x10;
        descriptor->key_index = byte & 0x1f;
    }
}

enum err vp8_parse(struct bytes payload, struct vp8_descriptor *ret_descriptor)
{
    struct vp8_descriptor descriptor = {0};
    struct rd rd = rd_init(payload);
    uint8_t first = rd_u8(&rd);

    descriptor.discardable = first & 0x20;
    descriptor.starts_partition = first & 0x10;
    descriptor.partition = first & 0x07;
    if (first & 0x80)
        parse_extension(&rd, rd_u8(&rd), &descriptor);
    if (rd.failed || rd_left(&rd) == 0)
        return ERR_SHORT;
    descriptor.size = payload.size - rd_left(&rd);
    *ret_descriptor = descriptor;
    return ERR_OK;
}

bool vp8_is_keyframe(const struct vp8_descriptor *descriptor, struct bytes payload)
{
    /* P, the lowest bit of the frame header, is 0 on a keyframe (RFC 7741, section 4.3). */
    return descriptor->starts_partition && descriptor->partition == 0 &&
           descriptor->size < payload.size && (payload.data[descriptor->size] & 1) == 0;
}

enum err vp8_keyframe_size(const struct vp8_descriptor *descriptor, struct bytes payload,
                           uint16_t *ret_width, uint16_t *ret_height)
{
    if (!vp8_is_keyframe(descriptor, payload))
        return ERR_FORMAT;
    const uint8_t *frame = payload.data + descriptor->size;
    if (payload.size - descriptor->size < KEYFRAME_HEADER_BYTES)
        return ERR_SHORT;
    if (frame[3] != 0x9d || frame[4] != 0x01 || frame[5] != 0x2a)
        return ERR_FORMAT;
    /* Little-endian, the upper two bits are a scaling hint. */
    *ret_width = (uint16_t)((frame[6] | frame[7] << 8) & DIMENSION_MASK);
    *ret_height = (uint16_t)((frame[8] | frame[9] << 8) & DIMENSION_MASK);
    return ERR_OK;
}

size_t vp8_write(const struct vp8_descriptor *descriptor, uint16_t picture_id, uint8_t tl0_index,
                 uint8_t ret_bytes[VP8_DESCRIPTOR_MAX_BYTES])
{
    bool shares_byte = descriptor->has_temporal || descriptor->has_key_index;
    struct wr wr = wr_init(ret_bytes, VP8_DESCRIPTOR_MAX_BYTES);

    wr_u8(&wr, (uint8_t)(0x80 | descriptor->discardable << 5 | descriptor->starts_partition << 4 |
                         descriptor->partition));
    wr_u8(&wr, (uint8_t)(0x80 | descriptor->has_tl0_index << 6 | descriptor->has_temporal << 5 |
                         descriptor->has_key_index << 4));
    wr_u16(&wr, (uint16_t)(0x8000 | picture_id));
    if (descriptor->has_tl0_index)
        wr_u8(&wr, tl0_index);
    if (shares_byte)
        wr_u8(&wr, (uint8_t)(descriptor->temporal_layer << 6 | descriptor->layer_sync << 5 |
                             descriptor->key_index));
    return wr_size(&wr);
}
