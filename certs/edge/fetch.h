/* One HTTP request, bounded in time and size, never redirected (libcurl). Blocking. */
#ifndef CERTS_EDGE_FETCH_H
#define CERTS_EDGE_FETCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"

struct fetch_plan {
    const char *url;        /* http or https */
    struct bytes body;      /* POSTed; size 0: GET */
    const char *body_type;  /* its media type */
    const char *trust_path; /* PEM, for https; NULL: the system's */
    uint32_t timeout_ms;
    size_t answer_bytes_max;
};

/* ERR_AGAIN: out of reach, no answer in time, or a status of 5xx or 429; ERR_FORBIDDEN: any other
 * status but 200; ERR_LIMIT: more than was asked for; ERR_UNSUPPORTED: not an http(s) URL. */
MUST_USE enum err fetch(const struct fetch_plan *plan, struct buffer *ret_answer);

#endif
