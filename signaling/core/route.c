#include "signaling/core/route.h"

#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

enum { ROUTE_TOKEN_BYTES_MAX = 128 };

struct route_rule {
    enum http_method method;
    const char *pattern;
    enum route route;
    enum route_access access;
    enum route_body body;
};

#define API "/api/v1"

static const struct route_rule RULES[] = {
    {HTTP_GET, API "/session", ROUTE_SESSION_GET, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/session", ROUTE_SESSION_CREATE, ROUTE_OWN, ROUTE_BODY_JSON},
    {HTTP_DELETE, API "/session", ROUTE_SESSION_DELETE, ROUTE_CHANGER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/units", ROUTE_UNITS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/users", ROUTE_USERS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings", ROUTE_MEETINGS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/meetings", ROUTE_MEETING_CREATE, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_GET, API "/meetings/#", ROUTE_MEETING, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/meetings/#/commands", ROUTE_COMMAND, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_GET, API "/meetings/#/events", ROUTE_EVENTS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings/#/participants", ROUTE_PARTICIPANTS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings/#/units", ROUTE_MEETING_UNITS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings/#/uploads/@", ROUTE_UPLOAD_GET, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_PUT, API "/meetings/#/uploads/@", ROUTE_UPLOAD_PUT, ROUTE_CHANGER, ROUTE_BODY_PART},
    {HTTP_GET, API "/documents/#/file", ROUTE_DOCUMENT_FILE, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings/#/minutes", ROUTE_MINUTES, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings/#/minutes/file", ROUTE_MINUTES_FILE, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings/#/package", ROUTE_PACKAGE, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/meetings/#/drafts/@", ROUTE_DRAFT, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/desk", ROUTE_DESK, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/incoming", ROUTE_INCOMING, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/issues", ROUTE_ISSUES, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/issues/#", ROUTE_ISSUE, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/issues/#/file", ROUTE_ISSUE_FILE, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/issues/#/seal", ROUTE_ISSUE_SEAL, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_GET, API "/keys", ROUTE_KEYS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/keys", ROUTE_KEY_ASK, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_POST, API "/keys/@/revocation", ROUTE_KEY_REVOKE, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_GET, API "/key-requests", ROUTE_KEY_REQUESTS, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/key-requests/#", ROUTE_KEY_DECIDE, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_GET, API "/certificates", ROUTE_CERTIFICATES, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/meetings/#/minutes/signatures", ROUTE_SIGNATURE_PREPARE, ROUTE_CHANGER,
     ROUTE_BODY_JSON},
    {HTTP_GET, API "/signing/#/file", ROUTE_SIGNING_FILE, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, API "/signing/#", ROUTE_SIGNING_COMPLETE, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_POST, API "/meetings/#/minutes/exchanges", ROUTE_EXCHANGE_OPEN, ROUTE_CHANGER,
     ROUTE_BODY_JSON},
    {HTTP_GET, API "/exchanges/#", ROUTE_EXCHANGE_GET, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/exchanges/@/minutes.pdf", ROUTE_EXCHANGE_FILE, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_POST, API "/exchanges/@", ROUTE_EXCHANGE_TAKE, ROUTE_PUBLIC, ROUTE_BODY_FILE},
    {HTTP_GET, API "/verify/@", ROUTE_VERIFY_CODE, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_POST, API "/verify", ROUTE_VERIFY_FILE, ROUTE_OWN, ROUTE_BODY_VERIFY},
    {HTTP_POST, API "/meetings/#/seat-tokens", ROUTE_SEAT_TOKEN, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_POST, API "/line-tests", ROUTE_LINE_TEST_START, ROUTE_CHANGER, ROUTE_BODY_JSON},
    {HTTP_GET, API "/line-tests/#", ROUTE_LINE_TEST, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_DELETE, API "/line-tests/#", ROUTE_LINE_TEST_END, ROUTE_CHANGER, ROUTE_BODY_NONE},
    {HTTP_GET, API "/live", ROUTE_LIVE, ROUTE_READER, ROUTE_BODY_NONE},
    {HTTP_POST, "/whip/#", ROUTE_WHIP_CREATE, ROUTE_BEARER, ROUTE_BODY_SDP},
    {HTTP_OPTIONS, "/whip/#", ROUTE_WHIP_OPTIONS, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_DELETE, "/whip/#/@", ROUTE_WHIP_DELETE, ROUTE_BEARER, ROUTE_BODY_NONE},
    {HTTP_POST, "/whep/#", ROUTE_WHEP_CREATE, ROUTE_BEARER, ROUTE_BODY_SDP},
    {HTTP_OPTIONS, "/whep/#", ROUTE_WHEP_OPTIONS, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_DELETE, "/whep/#/@", ROUTE_WHEP_DELETE, ROUTE_BEARER, ROUTE_BODY_NONE},
    {HTTP_GET, "/pki/ca.crt", ROUTE_PKI_ISSUING, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_GET, "/pki/root.crt", ROUTE_PKI_ROOT, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_GET, "/pki/crl", ROUTE_PKI_CRL, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_GET, "/pki/root.crl", ROUTE_PKI_ROOT_CRL, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_GET, "/pki/ocsp/*", ROUTE_PKI_OCSP_GET, ROUTE_PUBLIC, ROUTE_BODY_NONE},
    {HTTP_POST, "/pki/ocsp", ROUTE_PKI_OCSP, ROUTE_PUBLIC, ROUTE_BODY_OCSP},
    {HTTP_POST, "/tsa", ROUTE_TSA, ROUTE_PUBLIC, ROUTE_BODY_TSA},
};

static bool token_valid(struct bytes text)
{
    if (text.size == 0 || text.size > ROUTE_TOKEN_BYTES_MAX)
        return false;
    for (size_t n = 0; n < text.size; n++) {
        uint8_t c = text.data[n];
        bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    c == '-' || c == '_';
        if (!fine)
            return false;
    }
    return true;
}

static size_t segment_size(const uint8_t *at, const uint8_t *end)
{
    size_t size = 0;
    while (at + size < end && at[size] != '/')
        size++;
    return size;
}

/* Walks path and pattern side by side, one segment a turn. */
static bool pattern_matches(const char *pattern, struct bytes path, struct route_match *match)
{
    const uint8_t *at = path.data, *end = path.data + path.size;
    const uint8_t *want = (const uint8_t *)pattern, *want_end = want + strlen(pattern);

    while (at < end && want < want_end) {
        if (*at != '/')
            return false;
        at++;
        want++;
        struct bytes have = {at, segment_size(at, end)};
        struct bytes asked = {want, segment_size(want, want_end)};
        if (asked.size == 1 && *want == '#') {
            if (id_parse(have, &match->id) != ERR_OK)
                return false;
        } else if (asked.size == 1 && *want == '*') {
            match->token = (struct bytes){at, (size_t)(end - at)};
            return at < end;
        } else if (asked.size == 1 && *want == '@') {
            if (!token_valid(have))
                return false;
            match->token = have;
        } else if (!bytes_equal(have, asked)) {
            return false;
        }
        at += have.size;
        want += asked.size;
    }
    return at == end && want == want_end;
}

static bool starts_with(struct bytes path, const char *prefix)
{
    size_t size = strlen(prefix);
    return path.size >= size && memcmp(path.data, prefix, size) == 0;
}

static bool is_client_path(struct bytes path)
{
    return path.size > 0 && path.data[0] == '/' && !starts_with(path, "/api/") &&
           !starts_with(path, "/whip/") && !starts_with(path, "/whep/") &&
           !starts_with(path, "/pki/") && !bytes_equal(path, bytes_of("/tsa"));
}

void route_find(enum http_method method, struct bytes path, struct route_match *ret_match)
{
    enum http_method asked = method == HTTP_HEAD ? HTTP_GET : method;
    bool path_known = false;

    for (size_t n = 0; n < sizeof RULES / sizeof RULES[0]; n++) {
        struct route_match match = {
            .route = RULES[n].route, .access = RULES[n].access, .body = RULES[n].body};
        if (path.size == 0 || !pattern_matches(RULES[n].pattern, path, &match))
            continue;
        if (RULES[n].method == asked) {
            *ret_match = match;
            return;
        }
        path_known = true;
    }
    bool is_static = is_client_path(path);
    *ret_match = (struct route_match){.route = ROUTE_NONE};
    if (is_static && asked == HTTP_GET)
        ret_match->route = ROUTE_STATIC;
    else
        ret_match->method_refused = path_known || is_static;
}

uint32_t route_body_limit_bytes(enum route_body body)
{
    switch (body) {
    case ROUTE_BODY_NONE:
        return 0;
    case ROUTE_BODY_JSON:
        return LIMIT_JSON_BYTES;
    case ROUTE_BODY_SDP:
        return LIMIT_SDP_BYTES;
    case ROUTE_BODY_PART:
        return LIMIT_UPLOAD_PART_BYTES;
    case ROUTE_BODY_FILE:
        return LIMIT_DOCUMENT_BYTES;
    case ROUTE_BODY_VERIFY:
        return LIMIT_VERIFY_BYTES;
    case ROUTE_BODY_OCSP:
        return LIMIT_OCSP_REQUEST_BYTES;
    case ROUTE_BODY_TSA:
        return LIMIT_TSA_REQUEST_BYTES;
    }
    return 0;
}
