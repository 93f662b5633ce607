/* Which request is which: one table of method, path and rules (docs/protocol.md).
 *
 * A pattern's segment is a literal, `#` (a 63-bit id), `@` (a token or code) or, as the last one,
 * `*` (whatever is left, at least a byte). What a route asks of its caller before any handler runs,
 * who they must be and what body they may send, stands in its row, so that no handler can forget
 * it. Pure; the table is constant. */
#ifndef SIGNALING_CORE_ROUTE_H
#define SIGNALING_CORE_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_OTHER,
};

enum route {
    ROUTE_NONE, /* nothing of ours: 404 */
    ROUTE_STATIC,
    ROUTE_SESSION_GET,
    ROUTE_SESSION_CREATE,
    ROUTE_SESSION_DELETE,
    ROUTE_UNITS,
    ROUTE_USERS,
    ROUTE_MEETINGS,
    ROUTE_MEETING_CREATE,
    ROUTE_MEETING,
    ROUTE_COMMAND,
    ROUTE_EVENTS,
    ROUTE_PARTICIPANTS,
    ROUTE_MEETING_UNITS,
    ROUTE_UPLOAD_GET,
    ROUTE_UPLOAD_PUT,
    ROUTE_DOCUMENT_FILE,
    ROUTE_MINUTES,
    ROUTE_MINUTES_FILE,
    ROUTE_PACKAGE,
    ROUTE_DRAFT,
    ROUTE_DESK,
    ROUTE_INCOMING,
    ROUTE_ISSUES,
    ROUTE_ISSUE,
    ROUTE_ISSUE_FILE,
    ROUTE_ISSUE_SEAL,
    ROUTE_KEYS,
    ROUTE_KEY_ASK,
    ROUTE_KEY_REVOKE,
    ROUTE_KEY_REQUESTS,
    ROUTE_KEY_DECIDE,
    ROUTE_CERTIFICATES,
    ROUTE_SIGNATURE_PREPARE,
    ROUTE_SIGNING_FILE,
    ROUTE_SIGNING_COMPLETE,
    ROUTE_EXCHANGE_OPEN,
    ROUTE_EXCHANGE_GET,
    ROUTE_EXCHANGE_FILE,
    ROUTE_EXCHANGE_TAKE,
    ROUTE_VERIFY_CODE,
    ROUTE_VERIFY_FILE,
    ROUTE_SEAT_TOKEN,
    ROUTE_LINE_TEST_START,
    ROUTE_LINE_TEST,
    ROUTE_LINE_TEST_END,
    ROUTE_LIVE,
    ROUTE_WHIP_CREATE,
    ROUTE_WHIP_DELETE,
    ROUTE_WHIP_OPTIONS,
    ROUTE_WHEP_CREATE,
    ROUTE_WHEP_DELETE,
    ROUTE_WHEP_OPTIONS,
    ROUTE_PKI_ISSUING,
    ROUTE_PKI_ROOT,
    ROUTE_PKI_CRL,
    ROUTE_PKI_ROOT_CRL,
    ROUTE_PKI_OCSP_GET,
    ROUTE_PKI_OCSP,
    ROUTE_TSA,
    ROUTE_COUNT,
};

enum route_access {
    ROUTE_PUBLIC,  /* anybody */
    ROUTE_READER,  /* a session */
    ROUTE_CHANGER, /* a session, our Origin and the session's X-CSRF */
    ROUTE_OWN,     /* anybody, but from our own pages: the Origin is checked (logging in) */
    ROUTE_BEARER,  /* a seat's token in Authorization */
};

enum route_body {
    ROUTE_BODY_NONE,
    ROUTE_BODY_JSON,   /* ≤ LIMIT_JSON_BYTES */
    ROUTE_BODY_SDP,    /* ≤ LIMIT_SDP_BYTES */
    ROUTE_BODY_PART,   /* ≤ LIMIT_UPLOAD_PART_BYTES */
    ROUTE_BODY_FILE,   /* ≤ LIMIT_DOCUMENT_BYTES */
    ROUTE_BODY_VERIFY, /* ≤ LIMIT_VERIFY_BYTES */
    ROUTE_BODY_OCSP,   /* ≤ LIMIT_OCSP_REQUEST_BYTES */
    ROUTE_BODY_TSA,    /* ≤ LIMIT_TSA_REQUEST_BYTES */
};

struct route_match {
    enum route route;
    enum route_access access;
    enum route_body body;
    uint64_t id;         /* of the `#` segment; 0 without one */
    struct bytes token;  /* of the `@` or `*` segment, inside the path; empty without one */
    bool method_refused; /* route is ROUTE_NONE, but the path exists with another method: 405 */
};

/* `path` is what stands before the `?`, as sent; no percent-encoding occurs in our paths, so one
 * that holds any names nothing. Always fills the result. */
void route_find(enum http_method method, struct bytes path, struct route_match *ret_match);

uint32_t route_body_limit_bytes(enum route_body body);

#endif
