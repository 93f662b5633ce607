/* Whatever the bytes: header, extensions, payload, RTX and RED stay inside them. */
#include <assert.h>
#include <stdint.h>

#include "sfu/proto/rtp.h"

static void check_inside(struct bytes part, struct bytes whole)
{
    assert(part.size == 0 ||
           (part.data >= whole.data && part.data + part.size <= whole.data + whole.size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes packet = {data, size};
    struct rtp_header header;
    struct bytes payload;
    if (rtp_parse(packet, &header) != ERR_OK)
        return 0;
    assert(header.size <= size);
    for (uint32_t id = 0; id <= UINT8_MAX; id++) {
        struct bytes value;
        if (rtp_find_extension(&header, (uint8_t)id, &value))
            check_inside(value, header.extensions);
    }
    if (rtp_payload(&header, packet, &payload) != ERR_OK)
        return 0;
    check_inside(payload, packet);

    uint16_t original;
    struct bytes rest;
    if (rtp_rtx_split(payload, &original, &rest) == ERR_OK)
        check_inside(rest, payload);
    struct rtp_red_block blocks[RTP_RED_BLOCKS_MAX];
    uint32_t count = 0;
    if (rtp_red_split(payload, blocks, &count) == ERR_OK)
        for (uint32_t i = 0; i < count; i++)
            check_inside(blocks[i].data, payload);
    return 0;
}
