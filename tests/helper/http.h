/* HTTP/1.1 as little as a helper on one's own machine needs: one request a connection, one at a
 * time, on loopback; bounded in size and time. For tests/helper alone. */
#ifndef TESTS_HELPER_HTTP_H
#define TESTS_HELPER_HTTP_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

enum { HTTP_HEAD_BYTES = 8192, HTTP_WORD_BYTES = 512, HTTP_WAIT_SECONDS = 10 };

struct http_request {
    int fd;
    bool fine; /* whole and within bounds; else it was closed */
    char method[16];
    char path[HTTP_WORD_BYTES];
    char query[HTTP_HEAD_BYTES];
    char host[HTTP_WORD_BYTES];
    char origin[HTTP_WORD_BYTES];
    struct buffer body;
};

/* A socket on 127.0.0.1; port 0: any. -1: failed. */
int http_listen(int port, uint16_t *ret_port);
/* The next request, to be ended with http_done(); false when the listener is gone. */
bool http_accept(int listener, struct http_request *ret_request);
void http_done(struct http_request *request);

/* A query argument, decoded; the caller's. NULL: none. */
char *http_argument(const struct http_request *request, const char *name);
/* Takes `json` over (NULL: no body). What CORS asks for goes with it when the origin was named. */
void http_reply(struct http_request *request, int status, json_t *json);

#endif
