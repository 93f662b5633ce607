/* The live WebSocket: one struct connection each, from the upgrade to the last byte.
 * Who may connect is decided here: our Origin, a living session, a participant of the meeting; or
 * the bearer of a line test's token. */
#ifndef SIGNALING_EDGE_LIVE_SOCKET_H
#define SIGNALING_EDGE_LIVE_SOCKET_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "base/units.h"

#define LIVE_SUBPROTOCOL "dienhong.v1"

struct connection;
struct live_message;

struct live_session {
    struct connection *connection;
};

int live_socket_on_reason(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t size);

/* Asks a connection that has long said nothing whether it is there, and closes one that does not
 * answer. To be called every few seconds. */
void live_socket_sweep(struct connection *connection, usec_t now);

/* Works on a join whose turn has come (media_join_ask()) and answers it. False: refused. */
bool live_socket_join(struct connection *connection, const struct live_message *message);

#endif
