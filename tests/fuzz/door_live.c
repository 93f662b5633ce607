/* Text frames as a live connection receives them. */
#include <stdint.h>
#include <stdlib.h>

#include "signaling/edge/live_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct live_message message;
    if (live_message_parse((struct bytes){data, size}, &message) != ERR_OK)
        return 0;
    if (message.type > LIVE_MESSAGE_LAST || message.view.tile_count > LIMIT_TILES_PER_ENDPOINT)
        abort();
    if (message.type == LIVE_MESSAGE_JOIN && !message.sdp)
        abort();
    live_message_done(&message);
    return 0;
}
