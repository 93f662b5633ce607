/* What a live connection is told, as messages: its turns (signaling/core/live.h) written out. */
#ifndef SIGNALING_EDGE_LIVE_TURNS_H
#define SIGNALING_EDGE_LIVE_TURNS_H

#include "signaling/edge/room.h"

/* Writes one frame, so that many connections share the thread fairly, and asks to be called again
 * while there is more. -1 closes the connection. */
int live_turns_on_writable(struct lws *wsi, struct connection *connection);

#endif
