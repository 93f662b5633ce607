/* One HTTP request from its headers to the last byte of its answer.
 *
 *   open ─► (body) ─► handler ─► [waits for a job or a commit] ─► reply ─► closed
 *
 * Whoever waits keeps the handle, not the pointer: the client may be gone by then.
 * Thread rule: control thread. */
#ifndef SIGNALING_EDGE_REQUEST_H
#define SIGNALING_EDGE_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "signaling/core/route.h"
#include "signaling/edge/door.h"
#include "signaling/edge/reply.h"

struct lws;

enum {
    REQUEST_PATH_BYTES = 1024,
    REQUEST_QUERY_BYTES = 4096,
    REQUEST_HEADER_BYTES = 512,
    REQUEST_WAIT_SECONDS = 120, /* for a job or a commit */
};

struct request {
    struct door *door;
    struct lws *wsi;
    struct handle self;
    struct route_match match; /* its token points into `path` */
    enum http_method method;
    char path[REQUEST_PATH_BYTES];
    char query[REQUEST_QUERY_BYTES]; /* name=value, each with a terminator, then an empty one */
    char peer[64];
    char range[REQUEST_HEADER_BYTES];
    char if_none_match[REQUEST_HEADER_BYTES];
    char content_type[REQUEST_HEADER_BYTES];
    char authorization[REQUEST_HEADER_BYTES];
    bool accepts_brotli;

    const struct directory_user *user; /* NULL: nobody is logged in */
    uint8_t session_hash[SESSION_HASH_BYTES];
    char csrf[SESSION_CSRF_BYTES];

    uint64_t body_expected;
    uint64_t body_received;
    struct buffer body; /* JSON and SDP */
    int body_fd;        /* parts and files go to disk as they come; -1: none */
    uint64_t body_fd_offset;
    bool body_discarded; /* already refused: read and forget */
    bool body_ignored;   /* not asked for */
    bool close_after;    /* the connection is not fit for another request */
    bool is_handled;
    char body_path[DOOR_PATH_BYTES];
    bool body_path_is_ours; /* removed with the request */

    uint64_t made_id; /* of what the awaited command makes, where the receipt knew it already */
    void (*on_done)(struct request *request, const struct meeting_output *output);
    struct reply reply;
};

/* Reads the headers of `wsi` and answers, waits for the body, or hands over to the handler. NULL
 * when no more requests fit or the headers are over their bounds: close the connection. */
struct request *request_open(struct door *door, struct lws *wsi);
/* Accepts NULL. */
void request_close(struct request *request);
void request_on_body(struct request *request, struct bytes bytes);
void request_on_body_end(struct request *request);
/* Whether its body has gone by, so that the answer may be written: before, the client is still
 * sending, and would lose it. */
bool request_is_read(const struct request *request);
/* NULL when the client is gone. */
struct request *request_at(struct door *door, struct handle handle);

/* The value of a query argument, already decoded; NULL without one. */
const char *request_argument(const struct request *request, const char *name);
/* A decimal argument from 0; `fallback` without one. ERR_FORMAT. */
MUST_USE enum err request_argument_number(const struct request *request, const char *name,
                                          uint64_t fallback, uint64_t *ret_number);

/* Submits to the meeting and waits: `on_done` is called after the commit; a refusal is answered at
 * once. */
void request_await(struct request *request, const struct meeting_receipt *receipt,
                   void (*on_done)(struct request *, const struct meeting_output *));

#endif
