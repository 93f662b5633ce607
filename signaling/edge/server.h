/* libwebsockets' side of the door: the listening sockets, and the callbacks that turn its reasons
 * into requests and connections.
 *
 * HTTP/1.1 only: in 4.1.6 uploads over HTTP/2 of more than 500 kB fail. Without permessage-deflate.
 * TLS 1.2 and newer. Every answer carries the security headers. */
#ifndef SIGNALING_EDGE_SERVER_H
#define SIGNALING_EDGE_SERVER_H

#include "base/err.h"
#include "signaling/edge/door.h"

/* Listens on the settings' ports; fills lws, vhost, port and admin_port. Needs: door->loop,
 * certificates at these paths. ERR_IO (logged). */
MUST_USE enum err server_open(struct door *door, const char *certificate_path,
                              const char *key_path);
/* Closes all connections; their requests end with them. Accepts a door whose server never opened.
 */
void server_close(struct door *door);

#endif
