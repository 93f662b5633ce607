/* Whatever the bytes: a descriptor that parses is written anew so that it reads the same. */
#include <assert.h>
#include <stdint.h>

#include "sfu/proto/vp8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vp8_descriptor read;
    struct bytes payload = {data, size};
    if (vp8_parse(payload, &read) != ERR_OK)
        return 0;
    assert(read.size < size);
    uint16_t width = 0;
    uint16_t height = 0;
    if (vp8_keyframe_size(&read, payload, &width, &height) == ERR_OK)
        assert(width <= 0x3fff && height <= 0x3fff);

    uint8_t written[VP8_DESCRIPTOR_MAX_BYTES + 1] = {0};
    struct vp8_descriptor again;
    size_t written_size = vp8_write(&read, 0x1234, 0x56, written);
    assert(written_size <= VP8_DESCRIPTOR_MAX_BYTES);
    assert(vp8_parse((struct bytes){written, written_size + 1}, &again) == ERR_OK);
    assert(again.size == written_size && again.picture_id == 0x1234);
    assert(again.has_tl0_index == read.has_tl0_index && again.partition == read.partition);
    assert(again.has_temporal == read.has_temporal && again.has_key_index == read.has_key_index);
    assert(again.starts_partition == read.starts_partition);
    assert(again.temporal_layer == read.temporal_layer && again.key_index == read.key_index);
    return 0;
}
