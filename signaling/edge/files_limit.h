/* How many descriptors the process may have open: each WebSocket is one, and a system's usual 1,024
 * are too few for a national meeting. */
#ifndef SIGNALING_EDGE_FILES_LIMIT_H
#define SIGNALING_EDGE_FILES_LIMIT_H

#include <stdint.h>

enum { FILES_LIMIT_BESIDES = 512 /* database, documents, the web client, the workers' own */ };

/* Sets the limit to `connections` sockets and what is needed besides, as far as the system allows;
 * if that is not so far, says in the log what to do. Gives how many sockets fit. A higher limit is
 * lowered: libwebsockets keeps a table of as many places, found by descriptor. (With a limit of its
 * own, fd_limit_per_thread, it would search that table from the beginning for every event.) */
uint32_t files_limit_set(uint32_t connections);

#endif
