/* The live WebSocket: one struct connection each, from the upgrade to the last byte.
 * Who may connect is decided here: our Origin, a living session, a participant of the meeting. */
#ifndef SIGNALING_EDGE_LIVE_SOCKET_H
#define SIGNALING_EDGE_LIVE_SOCKET_H

#include <libwebsockets.h>

#define LIVE_SUBPROTOCOL "dienhong.v1"

struct connection;

struct live_session {
    struct connection *connection;
};

int live_socket_on_reason(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t size);

#endif
