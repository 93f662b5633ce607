/* The register of an authority: every certificate it issued, and what became of it. Revoking is
 * for ever (RFC 5280, section 5.3.1, without certificateHold).
 *
 * It is one file of lines that only ever grows, in the CA's folder and not in the record's
 * database, because the authority must stand without the meetings: an officer carries the folder
 * to another machine, `dienhong ca` works beside the running server, and every line can be read
 * with the eye. Each line is written at once and synced before anything is said of it, and begins
 * with a hash over the line before and itself: a line that a crash cut short is known and dropped,
 * one changed or taken out later is noticed. */
#ifndef CERTS_EDGE_REGISTER_H
#define CERTS_EDGE_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/units.h"
#include "certs/edge/profile.h"
#include "certs/edge/sizes.h"

struct certs_ca;

/* The values are those of CRLReason. */
enum certs_reason {
    CERTS_REASON_UNSPECIFIED = 0,
    CERTS_REASON_KEY_COMPROMISE = 1,
    CERTS_REASON_AFFILIATION_CHANGED = 3,
    CERTS_REASON_SUPERSEDED = 4,
    CERTS_REASON_CESSATION = 5,
    CERTS_REASON_PRIVILEGE_WITHDRAWN = 9,
};

/* "unspecified", "key-compromise", "affiliation-changed", "superseded", "cessation",
 * "privilege-withdrawn"; NULL for a number that is none of these. */
const char *certs_reason_name(enum certs_reason reason);
/* ERR_UNKNOWN. */
MUST_USE enum err certs_reason_parse(const char *name, enum certs_reason *ret_reason);

struct certs_entry {
    enum certs_kind kind;
    char serial[CERTS_SERIAL_TEXT_BYTES];
    char subject[CERTS_NAME_TEXT_BYTES]; /* RFC 2253 order, UTF-8 */
    utc_ms_t not_before;
    utc_ms_t not_after;
    bool is_revoked;
    utc_ms_t revoked_at;
    enum certs_reason reason;
};

/* In the order of issue: *cursor starts at 0. False when there are no more. */
bool certs_register_next(struct certs_ca *ca, uint32_t *cursor, struct certs_entry *ret_entry);
/* `serial`: hexadecimal, lower case. ERR_UNKNOWN. */
MUST_USE enum err certs_register_find(struct certs_ca *ca, const char *serial,
                                      struct certs_entry *ret_entry);
/* Enters a certificate of this CA that was issued before there was a register. ERR_AUTH when it is
 * not signed by this CA; nothing happens when it is known. */
MUST_USE enum err certs_register_adopt(struct certs_ca *ca, enum certs_kind kind,
                                       struct bytes certificate);
/* On disk when it returns; the next CRL has it. ERR_UNKNOWN; ERR_WRONG_STATE when it is revoked
 * already. */
MUST_USE enum err certs_register_revoke(struct certs_ca *ca, const char *serial,
                                        enum certs_reason reason, utc_ms_t now);

#endif
