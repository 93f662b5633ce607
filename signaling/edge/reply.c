#include "signaling/edge/reply.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "signaling/core/http_text.h"
#include "signaling/edge/json.h"
#include "signaling/edge/request.h"
#include "signaling/edge/static_files.h"

_Static_assert(LWS_PRE <= 64, "the scratch has this much room before a piece");

enum { HEADERS_BYTES = 4096 };

void reply_init(struct reply *reply)
{
    *reply = (struct reply){.fd = -1};
}

void reply_done(struct reply *reply)
{
    buffer_done(&reply->owned);
    if (reply->fd >= 0)
        close(reply->fd);
    reply_init(reply);
}

/* The handler has spoken; the socket says when. */
static void reply_begin(struct request *request, uint16_t status, const char *type, uint64_t size)
{
    struct reply *reply = &request->reply;
    reply->ready = true;
    reply->status = status;
    reply->type = type;
    reply->at = 0;
    reply->end = size;
    reply->total = size;
    if (status >= 400)
        request->door->refusals_total++;
    lws_callback_on_writable(request->wsi);
}

static void reply_failure(struct request *request)
{
    static const char TEXT[] = "{\"error\":{\"code\":\"server.failed\",\"vi\":\"Máy chủ gặp lỗi.\","
                               "\"en\":\"The server failed.\"}}";
    request->reply.borrowed = bytes_of(TEXT);
    reply_begin(request, 500, "application/json", sizeof TEXT - 1);
}

void reply_text(struct request *request, uint16_t status, const char *type, struct buffer *text)
{
    request->reply.owned = *text;
    *text = (struct buffer){0};
    reply_begin(request, status, type, request->reply.owned.size);
}

void reply_json(struct request *request, uint16_t status, json_t *json)
{
    char *text = json ? json_write(json) : NULL;
    json_decref(json);
    if (!text) {
        reply_failure(request);
        return;
    }
    struct buffer buffer = {0};
    enum err err = buffer_put(&buffer, bytes_of(text));
    free(text);
    if (err == ERR_OK)
        reply_text(request, status, "application/json", &buffer);
    else
        reply_failure(request);
}

void reply_empty(struct request *request, uint16_t status)
{
    reply_begin(request, status, NULL, 0);
}

void reply_refusal_words(struct request *request, uint16_t status, const char *code, const char *vi,
                         const char *en)
{
    reply_json(request, status,
               json_pack("{s:{s:s,s:s,s:s}}", "error", "code", code, "vi", vi, "en", en));
}

void reply_refusal(struct request *request, enum door_refusal refusal)
{
    const struct refusal_text *text = refusal_text_of(refusal);
    reply_refusal_words(request, text->status, text->code, text->vi, text->en);
}

void reply_refusal_as(struct request *request, const struct refusal *refusal)
{
    reply_refusal_words(request, refusal_status_of(refusal->err), refusal->code, refusal->vi,
                        refusal->en);
}

bool reply_failed_output(struct request *request, const struct meeting_output *output)
{
    if (output->err == ERR_OK)
        return false;
    const struct refusal *refusal = output->refusal;
    /* The request itself was in order, or it had not come so far: what it carried is not. */
    if (refusal && refusal->err == ERR_FORMAT)
        reply_refusal_words(request, 422, refusal->code, refusal->vi, refusal->en);
    else if (refusal)
        reply_refusal_as(request, refusal);
    else
        reply_refusal(request, output->err == ERR_FULL ? DOOR_BUSY : DOOR_BROKEN);
    return true;
}

/* 304 when the client has this very thing. */
static bool is_known(struct request *request, const char *etag)
{
    snprintf(request->reply.etag, sizeof request->reply.etag, "%s", etag);
    if (!http_text_has_etag(bytes_of(request->if_none_match), etag))
        return false;
    reply_begin(request, 304, NULL, 0);
    return true;
}

void reply_static(struct request *request, const struct static_file *file)
{
    struct reply *reply = &request->reply;
    reply->cache = file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache";
    if (is_known(request, file->etag))
        return;
    bool packed = request->accepts_brotli && file->brotli.size > 0;
    reply->encoding = packed ? "br" : NULL;
    reply->borrowed = packed ? file->brotli : file->plain;
    reply_begin(request, 200, file->type, reply->borrowed.size);
}

void reply_file(struct request *request, const char *path, const char *type, const char *sha256)
{
    struct reply *reply = &request->reply;
    char etag[80];
    snprintf(etag, sizeof etag, "\"%s\"", sha256);
    reply->cache = "private, no-cache";
    if (is_known(request, etag))
        return;

    struct stat facts;
    reply->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (reply->fd < 0 || fstat(reply->fd, &facts) != 0) {
        log_line(LOG_ERROR, "door.file", "sha256=%s err=missing", sha256);
        reply_refusal(request, DOOR_BROKEN);
        return;
    }
    uint64_t size = (uint64_t)facts.st_size, first = 0, end = size;
    enum err err = http_text_range(bytes_of(request->range), size, &first, &end);
    if (err == ERR_LIMIT) {
        reply_done(reply);
        reply_refusal(request, DOOR_BAD_RANGE);
        return;
    }
    reply_begin(request, err == ERR_OK ? 206 : 200, type, size);
    reply->partial = err == ERR_OK;
    reply->at = first;
    reply->end = end;
}

/* -- on the wire ------------------------------------------------------------------------------ */

struct header_writer {
    struct lws *wsi;
    unsigned char *at;
    unsigned char *end;
    bool failed;
};

static void header(struct header_writer *out, const char *name, const char *value)
{
    char name_colon[64];
    snprintf(name_colon, sizeof name_colon, "%s:", name);
    if (lws_add_http_header_by_name(out->wsi, (const unsigned char *)name_colon,
                                    (const unsigned char *)value, (int)strlen(value), &out->at,
                                    out->end))
        out->failed = true;
}

static void headers_of_body(struct header_writer *out, const struct reply *reply)
{
    char text[96];
    if (reply->type)
        header(out, "content-type", reply->type);
    if (reply->encoding)
        header(out, "content-encoding", reply->encoding);
    if (reply->partial) {
        snprintf(text, sizeof text, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, reply->at,
                 reply->end - 1, reply->total);
        header(out, "content-range", text);
    }
    if (reply->fd >= 0)
        header(out, "accept-ranges", "bytes");
    if (reply->etag[0])
        header(out, "etag", reply->etag);
}

static bool headers_write(struct request *request)
{
    struct reply *reply = &request->reply;
    unsigned char space[LWS_PRE + HEADERS_BYTES];
    unsigned char *start = space + LWS_PRE;
    struct header_writer out = {request->wsi, start, space + sizeof space - 1, false};

    if (lws_add_http_header_status(request->wsi, reply->status, &out.at, out.end))
        return false;
    headers_of_body(&out, reply);
    header(&out, "cache-control", reply->cache ? reply->cache : "no-store");
    header(&out, "vary", "accept-encoding, cookie");
    if (reply->allow)
        header(&out, "allow", reply->allow);
    if (reply->accept_post)
        header(&out, "accept-post", reply->accept_post);
    if (reply->cookie[0])
        header(&out, "set-cookie", reply->cookie);
    if (reply->location[0])
        header(&out, "location", reply->location);
    if (reply->retry_after_seconds > 0) {
        char text[16];
        snprintf(text, sizeof text, "%" PRIu32, reply->retry_after_seconds);
        header(&out, "retry-after", text);
    }
    if (request->close_after)
        header(&out, "connection", "close");
    bool has_length = reply->status != 204 && reply->status != 304;
    if (has_length &&
        lws_add_http_header_content_length(request->wsi, reply->end - reply->at, &out.at, out.end))
        return false;
    if (out.failed || lws_finalize_write_http_header(request->wsi, start, &out.at, out.end))
        return false;
    reply->headers_sent = true;
    return true;
}

/* Copies the next piece of the body behind the room that libwebsockets wants. */
static bool piece_read(struct reply *reply, uint8_t *to, size_t size)
{
    if (reply->fd >= 0)
        return pread(reply->fd, to, size, (off_t)reply->at) == (ssize_t)size;
    struct bytes from = reply->owned.data ? buffer_bytes(&reply->owned) : reply->borrowed;
    memcpy(to, from.data + reply->at, size);
    return true;
}

bool reply_write(struct request *request, bool *ret_finished)
{
    struct reply *reply = &request->reply;
    *ret_finished = false;
    if (!reply->ready || !request_is_read(request))
        return true;
    if (!reply->headers_sent) {
        if (!headers_write(request))
            return false;
        if (request->method == HTTP_HEAD || reply->at == reply->end) {
            *ret_finished = true;
            return true;
        }
        lws_callback_on_writable(request->wsi);
        return true;
    }
    uint64_t left = reply->end - reply->at;
    size_t size = left < DOOR_SCRATCH_BYTES ? (size_t)left : DOOR_SCRATCH_BYTES;
    uint8_t *piece = request->door->scratch + LWS_PRE;
    if (!piece_read(reply, piece, size))
        return false;
    reply->at += size;
    bool last = reply->at == reply->end;
    if (lws_write(request->wsi, piece, size, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) <
        (int)size)
        return false;
    if (last)
        *ret_finished = true;
    else
        lws_callback_on_writable(request->wsi);
    return true;
}
