/* The administrator's port, on 127.0.0.1 only, without TLS or login: /livez (the loop turns),
 * /readyz (everything is open and not stopping), /health (JSON), /metrics (metrics_page.h). */
#ifndef SIGNALING_EDGE_METRICS_H
#define SIGNALING_EDGE_METRICS_H

#include <libwebsockets.h>

#include "base/buffer.h"
#include "signaling/edge/door.h"

struct metrics_session {
    struct buffer *text; /* the answer, until it is written */
    const char *type;
    unsigned int status;
};

int metrics_on_reason(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t size);

#endif
