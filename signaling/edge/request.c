#include "signaling/edge/request.h"

#include <libwebsockets.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "signaling/core/http_text.h"
#include "signaling/edge/api.h"
#include "signaling/edge/api_session.h"

/* -- reading the headers ---------------------------------------------------------------------- */

/* The header as text, "" without one. False when it is longer than there is room. */
static bool header_copy(struct lws *wsi, enum lws_token_indexes token, char *ret_text, size_t size)
{
    ret_text[0] = 0;
    int length = lws_hdr_total_length(wsi, token);
    if (length <= 0)
        return true;
    return lws_hdr_copy(wsi, ret_text, (int)size, token) > 0;
}

static bool query_copy(struct request *request)
{
    size_t at = 0;
    for (int n = 0;; n++) {
        char part[REQUEST_QUERY_BYTES];
        int length =
            lws_hdr_copy_fragment(request->wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, n);
        if (length < 0)
            break;
        size_t size = strlen(part) + 1;
        if (size == 1)
            continue;
        if (at + size + 1 > sizeof request->query || !utf8_valid(bytes_of(part)))
            return false;
        memcpy(request->query + at, part, size);
        at += size;
    }
    request->query[at] = 0;
    return true;
}

static enum http_method method_of(struct lws *wsi)
{
    static const struct {
        enum lws_token_indexes token;
        enum http_method method;
    } METHODS[] = {
        {WSI_TOKEN_GET_URI, HTTP_GET},   {WSI_TOKEN_POST_URI, HTTP_POST},
        {WSI_TOKEN_PUT_URI, HTTP_PUT},   {WSI_TOKEN_DELETE_URI, HTTP_DELETE},
        {WSI_TOKEN_HEAD_URI, HTTP_HEAD}, {WSI_TOKEN_OPTIONS_URI, HTTP_OPTIONS},
    };
    for (size_t n = 0; n < sizeof METHODS / sizeof METHODS[0]; n++)
        if (lws_hdr_total_length(wsi, METHODS[n].token) > 0)
            return METHODS[n].method;
    return HTTP_OTHER;
}

static bool headers_read(struct request *request)
{
    struct lws *wsi = request->wsi;
    char text[REQUEST_HEADER_BYTES];
    char *path = NULL;
    int path_size = 0;

    request->method = method_of(wsi);
    if (lws_http_get_uri_and_method(wsi, &path, &path_size) < 0 || path_size <= 0 ||
        (size_t)path_size >= sizeof request->path)
        return false;
    memcpy(request->path, path, (size_t)path_size);
    lws_get_peer_simple(wsi, request->peer, sizeof request->peer);

    bool fine = query_copy(request) &&
                header_copy(wsi, WSI_TOKEN_HTTP_RANGE, request->range, sizeof request->range) &&
                header_copy(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, request->if_none_match,
                            sizeof request->if_none_match) &&
                header_copy(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, request->content_type,
                            sizeof request->content_type) &&
                header_copy(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, request->authorization,
                            sizeof request->authorization) &&
                header_copy(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, text, sizeof text);
    request->accepts_brotli = fine && http_text_accepts(bytes_of(text), "br");
    return fine;
}

const char *request_argument(const struct request *request, const char *name)
{
    size_t name_size = strlen(name);
    for (const char *at = request->query; *at; at += strlen(at) + 1)
        if (strncmp(at, name, name_size) == 0 && at[name_size] == '=')
            return at + name_size + 1;
    return NULL;
}

enum err request_argument_number(const struct request *request, const char *name, uint64_t fallback,
                                 uint64_t *ret_number)
{
    const char *text = request_argument(request, name);
    if (!text || !*text) {
        *ret_number = fallback;
        return ERR_OK;
    }
    if (strcmp(text, "0") == 0) {
        *ret_number = 0;
        return ERR_OK;
    }
    return id_parse(bytes_of(text), ret_number);
}

/* -- who may pass ----------------------------------------------------------------------------- */

static bool origin_is_ours(struct request *request)
{
    char origin[REQUEST_HEADER_BYTES], host[REQUEST_HEADER_BYTES];
    return header_copy(request->wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin) &&
           header_copy(request->wsi, WSI_TOKEN_HOST, host, sizeof host) &&
           http_text_is_own_origin(bytes_of(origin), bytes_of(host));
}

static bool csrf_is_right(struct request *request)
{
    static const char NAME[] = "x-csrf:";
    char token[SESSION_CSRF_BYTES + 1] = {0};
    int length = lws_hdr_custom_copy(request->wsi, token, sizeof token, NAME, sizeof NAME - 1);
    size_t expected = strlen(request->csrf);
    return length > 0 && (size_t)length == expected &&
           bytes_equal_secret((const uint8_t *)token, (const uint8_t *)request->csrf, expected);
}

/* False: refused and answered. */
static bool access_check(struct request *request)
{
    enum route_access access = request->match.access;
    if (request->match.route == ROUTE_NONE || request->match.route == ROUTE_STATIC)
        return true;
    api_session_recognise(request);
    if ((access == ROUTE_CHANGER || access == ROUTE_OWN) && !origin_is_ours(request)) {
        reply_refusal(request, DOOR_WRONG_ORIGIN);
        return false;
    }
    if ((access == ROUTE_READER || access == ROUTE_CHANGER) && !request->user) {
        reply_refusal(request, DOOR_NO_SESSION);
        return false;
    }
    if (access == ROUTE_CHANGER && !csrf_is_right(request)) {
        reply_refusal(request, DOOR_WRONG_CSRF);
        return false;
    }
    return true;
}

static bool type_is_taken(const struct request *request)
{
    struct bytes type = bytes_of(request->content_type);
    switch (request->match.body) {
    case ROUTE_BODY_JSON:
        return http_text_is_type(type, "application/json");
    case ROUTE_BODY_SDP:
        return http_text_is_type(type, "application/sdp");
    case ROUTE_BODY_OCSP:
        return http_text_is_type(type, "application/ocsp-request");
    case ROUTE_BODY_TSA:
        return http_text_is_type(type, "application/timestamp-query");
    case ROUTE_BODY_NONE:
    case ROUTE_BODY_PART:
    case ROUTE_BODY_FILE:
    case ROUTE_BODY_VERIFY:
        return true;
    }
    return false;
}

/* -- the body --------------------------------------------------------------------------------- */

/* How far a body that is refused anyway is still read, so that the answer is not lost in a reset.
 */
enum { BODY_DISCARD_BYTES = 8 * 1024 * 1024 };

static bool length_read(struct request *request, uint64_t *ret_size, bool *ret_given)
{
    char text[32];
    *ret_given = lws_hdr_total_length(request->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0;
    if (!header_copy(request->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text))
        return false;
    *ret_size = 0;
    if (!*ret_given || strcmp(text, "0") == 0)
        return true;
    return id_parse(bytes_of(text), ret_size) == ERR_OK;
}

static enum door_refusal too_large(enum route_body body)
{
    return body == ROUTE_BODY_FILE     ? DOOR_DOCUMENT_TOO_LARGE
           : body == ROUTE_BODY_VERIFY ? DOOR_VERIFY_TOO_LARGE
                                       : DOOR_TOO_LARGE;
}

/* Decides about the body before a byte of it is read; the answer to a refusal is sent when the body
 * has gone by. */
static void body_begin(struct request *request)
{
    bool given = false;
    bool fine = length_read(request, &request->body_expected, &given);
    bool chunked = lws_hdr_total_length(request->wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
    bool wanted = request->match.body != ROUTE_BODY_NONE;

    if (!fine || chunked || (wanted && !given)) {
        request->close_after = true;
        reply_refusal(request, fine ? DOOR_NEEDS_LENGTH : DOOR_BAD_REQUEST);
        return;
    }
    if (!access_check(request)) {
        request->body_discarded = request->body_expected > 0;
    } else if (!wanted && request->body_expected <= BODY_DISCARD_BYTES) {
        request->body_ignored = true; /* nobody asked for one: the request is judged without it */
    } else if (request->body_expected > route_body_limit_bytes(request->match.body)) {
        request->body_discarded = true;
        reply_refusal(request, too_large(request->match.body));
    } else if (!type_is_taken(request)) {
        request->body_discarded = true;
        reply_refusal(request, DOOR_WRONG_TYPE);
    } else if (!api_before_body(request)) {
        request->body_discarded = true;
    }
    if (request->body_discarded && request->body_expected > BODY_DISCARD_BYTES)
        request->close_after = true;
    if (request->body_expected == 0 && !request->reply.ready)
        request_on_body_end(request);
}

void request_on_body(struct request *request, struct bytes bytes)
{
    request->body_received += bytes.size;
    if (request->body_discarded || request->body_ignored || request->reply.ready)
        return;
    bool kept;
    if (request->body_fd >= 0) {
        ssize_t put =
            pwrite(request->body_fd, bytes.data, bytes.size, (off_t)request->body_fd_offset);
        kept = put == (ssize_t)bytes.size;
        request->body_fd_offset += bytes.size;
    } else {
        kept = request->body_received <= request->body_expected &&
               buffer_put(&request->body, bytes) == ERR_OK;
    }
    if (kept)
        return;
    log_line(LOG_ERROR, "door.body", "path=%s err=io", request->path);
    request->body_discarded = true;
    reply_refusal(request, DOOR_BROKEN);
}

void request_on_body_end(struct request *request)
{
    if (!request->reply.ready && !request->body_discarded && !request->is_handled) {
        request->is_handled = true;
        api_handle(request);
    }
    if (request->reply.ready)
        lws_callback_on_writable(request->wsi);
}

bool request_is_read(const struct request *request)
{
    return request->close_after || request->body_received >= request->body_expected;
}

/* -- life ------------------------------------------------------------------------------------- */

struct request *request_open(struct door *door, struct lws *wsi)
{
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return NULL;
    request->door = door;
    request->wsi = wsi;
    request->body_fd = -1;
    reply_init(&request->reply);
    if (!headers_read(request) || pool_take(&door->request_pool, &request->self) != ERR_OK) {
        free(request);
        return NULL;
    }
    door->requests[request->self.index] = request;
    door->requests_total++;
    route_find(request->method, bytes_of(request->path), &request->match);
    body_begin(request);
    return request;
}

void request_close(struct request *request)
{
    if (!request)
        return;
    request->door->requests[request->self.index] = NULL;
    pool_give(&request->door->request_pool, request->self);
    reply_done(&request->reply);
    sodium_memzero(request->body.data, request->body.size); /* it may hold a password */
    buffer_done(&request->body);
    if (request->body_fd >= 0)
        close(request->body_fd);
    if (request->body_path_is_ours)
        unlink(request->body_path);
    free(request);
}

struct request *request_at(struct door *door, struct handle handle)
{
    return pool_has(&door->request_pool, handle) ? door->requests[handle.index] : NULL;
}

void request_await(struct request *request, const struct meeting_receipt *receipt,
                   void (*on_done)(struct request *, const struct meeting_output *))
{
    if (receipt->refusal) {
        reply_refusal_as(request, receipt->refusal);
        return;
    }
    request->on_done = on_done;
    request->made_id = receipt->id;
    lws_set_timeout(request->wsi, PENDING_TIMEOUT_HTTP_CONTENT, REQUEST_WAIT_SECONDS);
    if (door_await(request->door, receipt->ticket, request) != ERR_OK)
        reply_refusal(request, DOOR_BUSY);
}
