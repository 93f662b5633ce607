#include "meeting/core/chain.h"

#include <string.h>

enum { CHAIN_TAG_BYTES = 8, CHAIN_HEAD_BYTES = CHAIN_TAG_BYTES + 5 * 8 + 4 };

static const uint8_t chain_tag[CHAIN_TAG_BYTES] = "DHlog1\0";

static enum err put_counted(struct buffer *buffer, struct bytes bytes)
{
    uint8_t size[4];
    struct wr wr = wr_init(size, sizeof size);
    wr_u32(&wr, (uint32_t)bytes.size);
    enum err err = buffer_put(buffer, wr_written(&wr));
    return err == ERR_OK ? buffer_put(buffer, bytes) : err;
}

enum err chain_write(const struct chain_row *row, struct buffer *buffer)
{
    uint8_t head[CHAIN_HEAD_BYTES];
    struct wr wr = wr_init(head, sizeof head);
    wr_bytes(&wr, (struct bytes){chain_tag, sizeof chain_tag});
    wr_u64(&wr, row->meeting);
    wr_u64(&wr, row->seq);
    wr_u64(&wr, row->epoch);
    wr_u64(&wr, (uint64_t)row->at);
    wr_u64(&wr, row->actor);
    wr_u32(&wr, row->version);
    enum err err = buffer_put(buffer, wr_written(&wr));
    if (err == ERR_OK)
        err = put_counted(buffer, row->kind);
    if (err == ERR_OK)
        err = put_counted(buffer, row->body);
    if (err == ERR_OK)
        err = buffer_put(buffer, (struct bytes){row->previous, sizeof row->previous});
    return err;
}
