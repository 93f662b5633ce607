/* What a live connection says, from JSON (docs/protocol.md, Live, client → server). */
#ifndef SIGNALING_EDGE_LIVE_MESSAGE_H
#define SIGNALING_EDGE_LIVE_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "sfu/core/command.h"

enum live_message_type {
    LIVE_MESSAGE_JOIN,
    LIVE_MESSAGE_RESTART,
    LIVE_MESSAGE_WATCH,
    LIVE_MESSAGE_MEDIA,
    LIVE_MESSAGE_PING,
    LIVE_MESSAGE_STAGE,
    LIVE_MESSAGE_LAST = LIVE_MESSAGE_STAGE
};

/* What somebody sends now, for the others' icons. */
struct live_sending {
    bool microphone;
    bool camera;
    bool screen;
};

struct live_message {
    enum live_message_type type;
    json_t *json;       /* owns the texts */
    const char *sdp;    /* join, restart */
    const char *resume; /* join; NULL without */
    struct sfu_view view;
    struct live_sending sending;
    uint64_t number; /* ping; of stage: the source */
};

/* ERR_LIMIT, ERR_FORMAT, ERR_UNKNOWN (a type or member that does not exist). */
MUST_USE enum err live_message_parse(struct bytes text, struct live_message *ret_message);
void live_message_done(struct live_message *message);

#endif
