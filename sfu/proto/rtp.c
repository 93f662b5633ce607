#include "sfu/proto/rtp.h"

#include <assert.h>

enum {
    RTP_VERSION = 2,
    EXTENSION_ID_PADDING = 0,
    EXTENSION_ID_STOP = 15, /* RFC 8285, section 4.2 */
    EXTENSION_VALUE_MAX_BYTES = 16,
};

enum err rtp_parse(struct bytes packet, struct rtp_header *ret_header)
{
    struct rtp_header header = {0};
    struct rd rd = rd_init(packet);
    uint8_t first = rd_u8(&rd);
    uint8_t second = rd_u8(&rd);
    if (!rd.failed && first >> 6 != RTP_VERSION)
        return ERR_FORMAT;

    header.padded = first & 0x20;
    header.csrc_count = first & 0x0f;
    header.marker = second & 0x80;
    header.payload_type = second & 0x7f;
    header.sequence = rd_u16(&rd);
    header.timestamp = rd_u32(&rd);
    header.ssrc = rd_u32(&rd);
    for (uint32_t i = 0; i < header.csrc_count; i++)
        header.csrc[i] = rd_u32(&rd);
    if (first & 0x10) {
        header.extension_profile = rd_u16(&rd);
        uint16_t words = rd_u16(&rd);
        header.extensions = rd_bytes(&rd, (size_t)words * 4);
    }
    if (rd.failed)
        return ERR_SHORT;
    header.size = packet.size - rd_left(&rd);
    *ret_header = header;
    return ERR_OK;
}

enum err rtp_payload(const struct rtp_header *header, struct bytes packet,
                     struct bytes *ret_payload)
{
    assert(header->size <= packet.size);
    size_t size = packet.size - header->size;
    size_t padding = 0;
    if (header->padded) {
        padding = size > 0 ? packet.data[packet.size - 1] : 0;
        if (padding == 0 || padding > size)
            return ERR_FORMAT;
    }
    *ret_payload = (struct bytes){packet.data + header->size, size - padding};
    return ERR_OK;
}

/* One-byte elements: |ID 4|L 4| value of L + 1 bytes |. */
static bool find_one_byte(struct bytes extensions, uint8_t id, struct bytes *ret_value)
{
    struct rd rd = rd_init(extensions);
    while (rd_left(&rd) > 0) {
        uint8_t head = rd_u8(&rd);
        if (head >> 4 == EXTENSION_ID_STOP)
            return false;
        /* The whole byte 0 is padding; with a length it would be an element without a name. */
        if (head == EXTENSION_ID_PADDING)
            continue;
        struct bytes value = rd_bytes(&rd, (size_t)(head & 0x0f) + 1);
        if (rd.failed)
            return false;
        if (head >> 4 == id) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

/* Two-byte elements: |ID 8|L 8| value of L bytes |. */
static bool find_two_byte(struct bytes extensions, uint8_t id, struct bytes *ret_value)
{
    struct rd rd = rd_init(extensions);
    while (rd_left(&rd) > 0) {
        uint8_t found = rd_u8(&rd);
        if (found == EXTENSION_ID_PADDING)
            continue;
        uint8_t size = rd_u8(&rd);
        struct bytes value = rd_bytes(&rd, size);
        if (rd.failed)
            return false;
        if (found == id) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

bool rtp_find_extension(const struct rtp_header *header, uint8_t id, struct bytes *ret_value)
{
    if (id == 0)
        return false;
    if (header->extension_profile == RTP_EXTENSION_ONE_BYTE)
        return id <= RTP_EXTENSION_ID_MAX && find_one_byte(header->extensions, id, ret_value);
    if ((header->extension_profile & 0xfff0) == RTP_EXTENSION_TWO_BYTE)
        return find_two_byte(header->extensions, id, ret_value);
    return false;
}

bool rtp_audio_level(const struct rtp_header *header, uint8_t id, uint8_t *ret_level,
                     bool *ret_voice)
{
    struct bytes value;
    if (!rtp_find_extension(header, id, &value) || value.size < 1)
        return false;
    *ret_level = value.data[0] & 0x7f;
    *ret_voice = value.data[0] & 0x80;
    return true;
}

bool rtp_transport_cc(const struct rtp_header *header, uint8_t id, uint16_t *ret_sequence)
{
    struct bytes value;
    if (!rtp_find_extension(header, id, &value) || value.size < 2)
        return false;
    *ret_sequence = (uint16_t)(value.data[0] << 8 | value.data[1]);
    return true;
}

static void write_element(struct wr *wr, uint8_t id, struct bytes value)
{
    assert(id > 0 && id <= RTP_EXTENSION_ID_MAX);
    assert(value.size > 0 && value.size <= EXTENSION_VALUE_MAX_BYTES);
    wr_u8(wr, (uint8_t)((size_t)id << 4 | (value.size - 1)));
    wr_bytes(wr, value);
}

/* Returns where the transport-wide number stands, 0 if it is not sent. */
static size_t write_extensions(struct wr *wr, const struct rtp_outgoing *header)
{
    size_t transport_cc_offset = 0;
    if (header->transport_cc_id) {
        const uint8_t number[2] = {(uint8_t)(header->transport_cc >> 8),
                                   (uint8_t)header->transport_cc};
        transport_cc_offset = wr_size(wr) + 1;
        write_element(wr, header->transport_cc_id, (struct bytes){number, sizeof number});
    }
    if (header->audio_level_id) {
        const uint8_t level = (uint8_t)((header->audio_voice ? 0x80 : 0) | header->audio_level);
        write_element(wr, header->audio_level_id, (struct bytes){&level, 1});
    }
    for (uint32_t i = 0; i < header->more_count; i++)
        write_element(wr, header->more[i].id, header->more[i].value);
    return transport_cc_offset;
}

enum err rtp_write_header(const struct rtp_outgoing *header, uint8_t *out, size_t capacity,
                          size_t *ret_size, size_t *ret_transport_cc_offset)
{
    bool extended = header->transport_cc_id || header->audio_level_id || header->more_count;
    size_t transport_cc_offset = 0;
    struct wr wr = wr_init(out, capacity);

    assert(header->audio_level <= 127 && header->payload_type <= 127);
    wr_u8(&wr, (uint8_t)(RTP_VERSION << 6 | header->padded << 5 | extended << 4 |
                         (header->csrc ? 1 : 0)));
    wr_u8(&wr, (uint8_t)(header->marker << 7 | header->payload_type));
    wr_u16(&wr, header->sequence);
    wr_u32(&wr, header->timestamp);
    wr_u32(&wr, header->ssrc);
    if (header->csrc)
        wr_u32(&wr, header->csrc);
    if (extended) {
        wr_u16(&wr, RTP_EXTENSION_ONE_BYTE);
        size_t length_at = wr_size(&wr);
        wr_u16(&wr, 0);
        transport_cc_offset = write_extensions(&wr, header);
        size_t size = wr_size(&wr) - length_at - 2;
        wr_fill(&wr, EXTENSION_ID_PADDING, (4 - size % 4) % 4);
        if (!wr.failed)
            out[length_at + 1] = (uint8_t)((wr_size(&wr) - length_at - 2) / 4);
    }
    if (wr.failed)
        return ERR_LIMIT;
    *ret_size = wr_size(&wr);
    *ret_transport_cc_offset = transport_cc_offset;
    return ERR_OK;
}

void rtp_patch_transport_cc(uint8_t *packet, size_t offset, uint16_t sequence)
{
    packet[offset] = (uint8_t)(sequence >> 8);
    packet[offset + 1] = (uint8_t)sequence;
}

enum err rtp_template_init(const struct rtp_outgoing *header, struct rtp_template *ret_template)
{
    struct rtp_template made = {0};
    size_t size;
    size_t transport_cc_offset;
    enum err err =
        rtp_write_header(header, made.bytes, sizeof made.bytes, &size, &transport_cc_offset);
    if (err != ERR_OK)
        return err;
    made.size = (uint8_t)size;
    made.transport_cc_offset = (uint8_t)transport_cc_offset;
    *ret_template = made;
    return ERR_OK;
}

enum err rtp_rtx_split(struct bytes payload, uint16_t *ret_original_sequence,
                       struct bytes *ret_original_payload)
{
    struct rd rd = rd_init(payload);
    uint16_t sequence = rd_u16(&rd);
    if (rd.failed)
        return ERR_SHORT;
    *ret_original_sequence = sequence;
    *ret_original_payload = rd_bytes(&rd, rd_left(&rd));
    return ERR_OK;
}

/* |1| PT 7 | timestamp offset 14 | length 10 | for each redundant block, then |0| PT 7 | for the
 * primary, then the blocks' data in the same order (RFC 2198, section 3). */
enum err rtp_red_split(struct bytes payload, struct rtp_red_block ret_blocks[RTP_RED_BLOCKS_MAX],
                       uint32_t *ret_count)
{
    struct rtp_red_block blocks[RTP_RED_BLOCKS_MAX] = {0};
    size_t sizes[RTP_RED_BLOCKS_MAX] = {0};
    uint32_t count = 0;
    struct rd rd = rd_init(payload);

    for (bool more = true; more; count++) {
        if (count == RTP_RED_BLOCKS_MAX)
            return ERR_LIMIT;
        uint8_t head = rd_u8(&rd);
        more = head & 0x80;
        blocks[count].payload_type = head & 0x7f;
        if (more) {
            uint32_t rest = rd_u24(&rd);
            blocks[count].timestamp_offset = (uint16_t)(rest >> 10);
            sizes[count] = rest & 0x3ff;
        }
    }
    for (uint32_t i = 0; i + 1 < count; i++)
        blocks[i].data = rd_bytes(&rd, sizes[i]);
    if (rd.failed)
        return ERR_SHORT;
    blocks[count - 1].data = rd_bytes(&rd, rd_left(&rd));
    for (uint32_t i = 0; i < count; i++)
        ret_blocks[i] = blocks[i];
    *ret_count = count;
    return ERR_OK;
}
