/* What the signatures of one file are over (SHA-256), in one pass: each range begins with all that
 * the one before it begins with.
 *
 *   first    [0 ── gap)(contents)[── end of its revision)
 *   second   [0 ──────────────────────────────────────────── gap)(contents)[── end)
 *
 * Up to a gap everything is hashed once; what stands behind a gap is hashed for its own range and,
 * with the contents, again for all later ones. */
#ifndef MEETING_EDGE_PAPER_PDF_DIGEST_H
#define MEETING_EDGE_PAPER_PDF_DIGEST_H

#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/err.h"
#include "certs/certs.h"

struct pdf_digest {
    struct bytes file;  /* borrowed */
    EVP_MD_CTX *prefix; /* over the file up to `at` */
    EVP_MD_CTX *range;
    size_t at;
};

/* To be ended by pdf_digest_done(), whatever it says. ERR_NO_MEMORY. */
MUST_USE enum err pdf_digest_init(struct pdf_digest *digest, struct bytes file);
/* The ranges in the order of their gaps. ERR_FORMAT when one does not lie in the file, or before
 * the one before it. */
MUST_USE enum err pdf_digest_next(struct pdf_digest *digest, const uint64_t byte_range[4],
                                  uint8_t ret_sha256[CERTS_SHA256_BYTES]);
void pdf_digest_done(struct pdf_digest *digest);

#endif
