/* Sessions of logged-in users and the certificates of their signing keys.
 *
 * Tokens are opaque to us and come hashed: what is at rest opens nothing. Held in memory, written
 * with the next batch (a session lost in a crash is a login, never a wrong right).
 * Thread rule: control thread. */
#ifndef MEETING_EDGE_ACCOUNT_H
#define MEETING_EDGE_ACCOUNT_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"

struct meeting_service;

enum { SESSION_HASH_BYTES = 32, SESSION_CSRF_BYTES = 48 };

struct session {
    uint8_t token_hash[SESSION_HASH_BYTES]; /* SHA-256 of the cookie's token */
    uint64_t user_id;
    utc_ms_t created_at;
    utc_ms_t expires_at;
    char csrf[SESSION_CSRF_BYTES]; /* printable, terminated */
};

/* ERR_FULL: LIMIT_SESSIONS are live; ERR_NO_MEMORY. */
MUST_USE enum err meeting_session_put(struct meeting_service *service,
                                      const struct session *session, utc_ms_t now);
/* NULL when there is none or it has expired. Valid until the next call. */
const struct session *meeting_session_get(const struct meeting_service *service,
                                          const uint8_t token_hash[SESSION_HASH_BYTES],
                                          utc_ms_t now);
/* Nothing happens when there is none. */
void meeting_session_delete(struct meeting_service *service,
                            const uint8_t token_hash[SESSION_HASH_BYTES]);

enum { CERTIFICATE_SERIAL_BYTES = 65 };

struct certificate {
    char serial[CERTIFICATE_SERIAL_BYTES]; /* lower-case hexadecimal */
    uint64_t user_id;
    utc_ms_t not_after;
    struct bytes der;
    char spki_sha256[65]; /* of the SubjectPublicKeyInfo, by which a browser knows its own key */
    utc_ms_t revoked_at;  /* 0: not revoked */
    uint64_t revoked_by;
    char revoked_why[LIMIT_KEY_REASON_BYTES + 1];
};

/* Copies. ERR_CONFLICT: the serial is known; ERR_FORMAT, ERR_LIMIT, ERR_NO_MEMORY. */
MUST_USE enum err meeting_certificate_add(struct meeting_service *service,
                                          const struct certificate *certificate);
/* NULL when there is none. */
const struct certificate *meeting_certificate_find(const struct meeting_service *service,
                                                   const char *serial);
/* The certificates of `user` (0: of all), oldest first; walks by `*cursor`, which starts 0. NULL at
 * the end. */
const struct certificate *meeting_certificate_next(const struct meeting_service *service,
                                                   uint64_t user, uint32_t *cursor);

#endif
