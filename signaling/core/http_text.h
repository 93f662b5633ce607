/* The small texts of HTTP headers that the door judges itself: Cookie, Origin, Range,
 * Accept-Encoding, If-None-Match, Authorization. Pure; everything returned is inside the input. */
#ifndef SIGNALING_CORE_HTTP_TEXT_H
#define SIGNALING_CORE_HTTP_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

/* The value of cookie `name` in a Cookie header (RFC 6265, section 4.2). ERR_UNKNOWN without one;
 * ERR_CONFLICT when it occurs twice, since then somebody has planted one. */
MUST_USE enum err http_text_cookie(struct bytes header, const char *name, struct bytes *ret_value);

/* Whether `origin` is exactly "https://" and `host` (RFC 6454, section 7; the Host header as sent).
 * Never for empty ones. */
bool http_text_is_own_origin(struct bytes origin, struct bytes host);

/* One `bytes=` range of a file of `size` bytes (RFC 9110, section 14.2): the first byte and the one
 * behind the last. ERR_UNSUPPORTED: not such a header, or several ranges: the whole file is then
 * the right answer; ERR_LIMIT: outside the file (416). */
MUST_USE enum err http_text_range(struct bytes header, uint64_t size, uint64_t *ret_first,
                                  uint64_t *ret_end);

/* Whether a comma-separated list names `token`, with a weight that is not 0. */
bool http_text_accepts(struct bytes header, const char *token);

/* Whether If-None-Match holds this entity tag (with its quotes), strong or weak, or `*`. */
bool http_text_has_etag(struct bytes header, const char *etag);

/* The token of `Bearer token` (RFC 6750, section 2.1); ERR_FORMAT. */
MUST_USE enum err http_text_bearer(struct bytes header, struct bytes *ret_token);

/* Whether the media type before any `;` is `type`, in any case of letters. */
bool http_text_is_type(struct bytes header, const char *type);

#endif
