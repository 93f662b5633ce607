/* Signing a paper from outside (PAdES baseline B; ETSI EN 319 142-1; ISO 32000-2, section 12.8).
 *
 *   pades_prepare()   adds one incremental revision: signature value, appearance, zero-filled
 *                     Contents; its byte range is what the signer hashes
 *   (the client)      hashes, builds the signed attributes, signs: 64 bytes come back
 *   pades_complete()  checks them against the certificate and writes the CMS into the gap
 *   pades_fill()      the clerk's number and date, after the chair and before the agency
 *
 * The first signature of a file certifies it (DocMDP, P=2: only filled fields and further
 * signatures may follow); a later one leaves all earlier ones valid. Between the two calls the
 * server keeps the prepared file, the byte range and the certificate. Pure but for fontconfig; any
 * thread. */
#ifndef MEETING_EDGE_PAPER_PADES_H
#define MEETING_EDGE_PAPER_PADES_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/certs.h"

enum {
    /* Room for a CMS: 1.7 kB with certificate and issuer, and a timestamp token of at most 6 kB,
     * which one by an RSA key of 4096 bits with its intermediate certificate stays below. */
    PADES_CONTENTS_BYTES = 8192,
    PADES_CONTENTS_BYTES_BEFORE = 12000, /* of papers signed before timestamps were taken */
};

struct pades_request {
    const char *field; /* PAPER_FIELD_…: must exist in the file and be empty */
    const char *name;  /* the signer's, in the appearance and /Name; on PAPER_FIELD_AGENCY the
                          agency's, which a red seal of the field's size shows */
    utc_ms_t at;       /* claimed time: /M and the appearance */
};

/* What the clerk fills in (Nghị định 30/2020, Articles 14 and 15). */
struct pades_filling {
    uint32_t number; /* into PAPER_FIELD_NUMBER, written as numeral_write_number() does */
    utc_ms_t date;   /* the civil day in UTC+7 into PAPER_FIELD_DATE, where the paper has one */
};

struct pades_prepared {
    struct buffer file; /* freed by pades_prepared_done() */
    uint64_t byte_range[4];
    uint8_t digest[CERTS_SHA256_BYTES]; /* SHA-256 of the two ranges */
};

/* ERR_FORMAT when the file is not one that this house made, ERR_UNKNOWN when it has no such field
 * or Tinos lacks a letter of the name, ERR_CONFLICT when the field is signed already, ERR_LIMIT,
 * ERR_IO, ERR_NO_MEMORY. */
MUST_USE enum err pades_prepare(struct bytes pdf, const struct pades_request *request,
                                struct pades_prepared *ret_prepared);
void pades_prepared_done(struct pades_prepared *prepared);

/* One revision more, with number and date in their fields, in the gaps that the layout left
 * for them. What it shows is vouched for by the next signature, the agency's; a file that ends with
 * it is not valid (reason "revision.unsealed"). ERR_UNKNOWN when the paper has nothing to
 * fill, ERR_CONFLICT when it is filled already, ERR_WRONG_STATE before the first signature,
 * ERR_FORMAT also for number 0; else as pades_prepare(). */
MUST_USE enum err pades_fill(struct bytes pdf, const struct pades_filling *filling,
                             struct buffer *ret_pdf);

/* The digest of a byte range; ERR_FORMAT when it does not lie inside the file. */
MUST_USE enum err pades_digest(struct bytes file, const uint64_t byte_range[4],
                               uint8_t ret_digest[CERTS_SHA256_BYTES]);

/* Turns the prepared file into the signed one, in place. `certificate` and `chain` as in
 * certs_cms_assemble(). ERR_AUTH: not a signature by this certificate over these bytes; ERR_FORMAT:
 * the range is not a zero-filled gap of this file. The file is untouched unless ERR_OK. */
MUST_USE enum err pades_complete(struct buffer *file, const uint64_t byte_range[4],
                                 struct bytes certificate, const struct bytes *chain,
                                 size_t chain_count,
                                 const uint8_t signature[CERTS_RAW_SIGNATURE_BYTES]);

/* -- the timestamp of a signature just made (PAdES baseline T) -----------------------------------
 */

/* What the authority is asked to stamp: the SHA-256 of the signature's value. `byte_range` is of
 * the file's last revision. ERR_FORMAT. */
MUST_USE enum err pades_stamp_digest(struct bytes file, const uint64_t byte_range[4],
                                     uint8_t ret_digest[CERTS_SHA256_BYTES]);
/* Puts its token beside the signature, in place; the signature stays what it was. ERR_LIMIT: there
 * is no room for so long a token; ERR_CONFLICT: it has one; ERR_FORMAT. Once another revision has
 * followed it is too late: that one covers these bytes. */
MUST_USE enum err pades_stamp(struct buffer *file, const uint64_t byte_range[4],
                              struct bytes token);

#endif
