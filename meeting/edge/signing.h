/* Signing final minutes: the file is prepared here, hashed and signed by the person's own key in
 * the browser, put together and verified here before the record says "signed".
 *
 *   prepare(field, serial) ─► signing id, file, byte range ─► complete(signature) ─► minutes.signed
 *
 * The secretary signs first, then the chair (Nghị định 30/2020, mẫu 1.9; a second signature is an
 * incremental update that leaves the first valid). A prepared file that no longer continues the
 * file as it stands is stale. Thread rule: control thread; the work is done on Jobs. */
#ifndef MEETING_EDGE_SIGNING_H
#define MEETING_EDGE_SIGNING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "meeting/core/refusal.h"
#include "meeting/proto/words.h"

struct meeting_service;
struct meeting_receipt;

enum { SIGNING_LIFETIME_MS = 10 * 60 * 1000, SIGNATURE_RAW_BYTES = 64 };

/* A prepared file, waiting for its signature. */
struct signing {
    uint64_t id;
    uint64_t meeting;
    uint64_t user_id;
    enum minutes_field field;
    uint64_t byte_range[4]; /* [0 a b c] */
    utc_ms_t expires_at;
    char sha256[65]; /* of the prepared file: meeting_file_path() gives where it lies */
};

/* The receipt's ticket ends when the file is prepared, its id is the signing's. Refused: not the
 * person of that field, wrong order, minutes not final, a certificate that is not the actor's. */
struct meeting_receipt meeting_signing_prepare(struct meeting_service *service, uint64_t meeting,
                                               uint64_t actor, enum minutes_field field,
                                               const char *serial, utc_ms_t now);
/* NULL when there is none, it is not `user`'s, or it has expired. */
const struct signing *meeting_signing_find(const struct meeting_service *service, uint64_t id,
                                           uint64_t user, utc_ms_t now);
/* `signature`: r and s, 32 bytes each, over the DER of the signed attributes. Its ticket ends in
 * ERR_OK after minutes.signed is committed, or in a refusal: signing.stale, signing.wrong_key,
 * signing.wrong_bytes. */
struct meeting_receipt meeting_signing_complete(struct meeting_service *service, uint64_t id,
                                                uint64_t actor, struct bytes signature,
                                                utc_ms_t now);

/* What the register knows of an issued file. */
struct issued_file {
    uint64_t meeting;
    utc_ms_t issued_at;
    char code[17];
    char sha256[65]; /* as it stands now, with the latest signature */
    bool voided;     /* the minutes were opened again since: this is not their file any more */
    uint64_t issue;  /* the number it has come to (issue.h); 0: none */
};

/* By the code that is printed on it: ERR_UNKNOWN. */
MUST_USE enum err meeting_issued_by_code(const struct meeting_service *service, struct bytes code,
                                         struct issued_file *ret_file);
/* By the hash of any state of the file that was ever issued: ERR_UNKNOWN. */
MUST_USE enum err meeting_issued_by_hash(const struct meeting_service *service, const char *sha256,
                                         struct issued_file *ret_file);

#endif
