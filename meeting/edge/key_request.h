/* How a person's signing key comes to its certificate, and loses it.
 *
 *   asked (the browser made the key) ─► pending ─► approved ─► a certificate ─► expired
 *                                          │                        └─► revoked (by owner or
 * officer) ├─► rejected, with a reason └─► replaced, by the same person's next request
 *
 * An officer decides, who has compared the key's fingerprint words with the person: that the key
 * is theirs is for somebody to vouch for, not for the server. A request holds a public key only.
 * Everything here is rare, so each change waits for the disk: what was said to be revoked stays
 * revoked. Thread rule: control thread. */
#ifndef MEETING_EDGE_KEY_REQUEST_H
#define MEETING_EDGE_KEY_REQUEST_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "meeting/edge/account.h"
#include "meeting/proto/words.h"

struct meeting_service;

struct key_request {
    uint64_t id;
    uint64_t user_id;
    struct bytes csr;                      /* PKCS#10, DER */
    char spki_sha256[65];                  /* of its key */
    char renews[CERTIFICATE_SERIAL_BYTES]; /* the certificate it is to follow; "": none */
    enum key_request_state state;
    utc_ms_t asked_at;
    utc_ms_t decided_at; /* 0: not yet */
    uint64_t decided_by;
    char reason[LIMIT_KEY_REASON_BYTES + 1]; /* of a rejection */
    char serial[CERTIFICATE_SERIAL_BYTES];   /* of the certificate, when approved */
};

/* From `asked` come user, request, key, certificate to follow and time; copies. A request of the
 * same person that still waits is replaced. ERR_CONFLICT: this key was asked for before; ERR_LIMIT:
 * LIMIT_KEY_REQUESTS_PER_USER; ERR_NO_MEMORY, ERR_IO. */
MUST_USE enum err meeting_key_request_add(struct meeting_service *service,
                                          const struct key_request *asked, uint64_t *ret_id);
/* NULL when there is none. */
const struct key_request *meeting_key_request_find(const struct meeting_service *service,
                                                   uint64_t id);
/* The requests of `user` (0: of all), oldest first; walks by `*cursor`, which starts 0. NULL at the
 * end. */
const struct key_request *meeting_key_request_next(const struct meeting_service *service,
                                                   uint64_t user, uint32_t *cursor);

struct key_decision {
    uint64_t request_id;
    uint64_t by;
    const char *reason; /* of a rejection; NULL: approved */
    const char *serial; /* of the certificate made; NULL: rejected */
    utc_ms_t at;
};

/* ERR_UNKNOWN; ERR_WRONG_STATE: it no longer waits; ERR_LIMIT: the reason is too long; ERR_IO. */
MUST_USE enum err meeting_key_request_decide(struct meeting_service *service,
                                             const struct key_decision *decision);

/* For ever. ERR_UNKNOWN; ERR_WRONG_STATE: revoked before; ERR_LIMIT, ERR_IO. */
MUST_USE enum err meeting_certificate_revoke(struct meeting_service *service, const char *serial,
                                             uint64_t by, const char *why, utc_ms_t now);

#endif
