/* The answer to a request: exactly one each, made by a handler and written as the socket takes it.
 */
#ifndef SIGNALING_EDGE_REPLY_H
#define SIGNALING_EDGE_REPLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "meeting/meeting.h"
#include "signaling/core/refusal_text.h"

struct request;

struct reply {
    bool ready;
    bool headers_sent;
    bool partial;
    uint16_t status;
    const char *type;        /* NULL: no body */
    const char *cache;       /* Cache-Control; NULL: no-store */
    const char *encoding;    /* NULL: as it is */
    const char *allow;       /* of OPTIONS */
    const char *accept_post; /* likewise */
    struct buffer owned;
    struct bytes borrowed; /* when `owned` is empty and fd is -1 */
    int fd;
    uint64_t at; /* next byte to send */
    uint64_t end;
    uint64_t total; /* of the whole file, for Content-Range */
    uint32_t retry_after_seconds;
    char etag[80];
    char cookie[256];
    char location[256];
};

/* A reply of nothing yet. */
void reply_init(struct reply *reply);
void reply_done(struct reply *reply);

void reply_refusal(struct request *request, enum door_refusal refusal);
/* In the meeting's words. */
void reply_refusal_as(struct request *request, const struct refusal *refusal);
void reply_refusal_words(struct request *request, uint16_t status, const char *code, const char *vi,
                         const char *en);
/* Takes `json` over; NULL (out of memory) becomes a 500. */
void reply_json(struct request *request, uint16_t status, json_t *json);
/* Takes `text` over. */
void reply_text(struct request *request, uint16_t status, const char *type, struct buffer *text);
void reply_empty(struct request *request, uint16_t status);
/* A file of the web client. */
struct static_file;
void reply_static(struct request *request, const struct static_file *file);
/* A stored file that never changes under its hash: Range, ETag, 304. */
void reply_file(struct request *request, const char *path, const char *type, const char *sha256);

/* For whoever awaited a commit: answers what went wrong; false when all went well. */
bool reply_failed_output(struct request *request, const struct meeting_output *output);

/* Writes the next piece to the socket. False: close the connection. */
bool reply_write(struct request *request, bool *ret_finished);

#endif
