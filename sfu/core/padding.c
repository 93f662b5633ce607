#include "sfu/core/padding.h"

#include <assert.h>
#include <string.h>

/* The end of the stretch of one frame that begins at `first`, and its longest payload. */
static uint64_t frame_end(const struct history *history, const struct packets *packets,
                          uint64_t first, uint16_t *ret_longest)
{
    uint32_t timestamp = history_at(history, packets, first)->timestamp;
    uint64_t end = first;
    *ret_longest = 0;
    for (; end < history->head; end++) {
        const struct packet *packet = history_at(history, packets, end);
        if (packet->timestamp != timestamp)
            break;
        if (packet->size > *ret_longest)
            *ret_longest = packet->size;
    }
    return end;
}

static void pad(struct packet *packet, uint16_t longest)
{
    uint32_t missing = (uint32_t)longest - packet->size;
    if (missing == 0 || missing > longest / PADDING_SHARE)
        return;
    assert(longest <= sizeof packet->payload);
    memset(packet->payload + packet->size, 0, missing - 1);
    packet->payload[longest - 1] = (uint8_t)missing;
    packet->padding = (uint8_t)missing;
}

void padding_even(struct history *history, struct packets *packets, uint64_t first)
{
    while (first < history->head) {
        uint16_t longest;
        uint64_t end = frame_end(history, packets, first, &longest);
        for (; first < end; first++)
            pad(history_edit(history, packets, first), longest);
    }
}
