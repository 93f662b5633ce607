/* The CMS half of a signed paper: CAdES as PAdES wants it.
 *
 * Sources: RFC 5652 (CMS), RFC 5035 (ESS signing-certificate-v2), ETSI EN 319 122-1 and 319 142-1
 * (CAdES, PAdES baseline). P-256 only. */
#ifndef CERTS_EDGE_CMS_H
#define CERTS_EDGE_CMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "certs/edge/fault.h"
#include "certs/edge/history.h"
#include "certs/edge/sizes.h"
#include "certs/edge/timestamp.h"

struct certs_trust;

/* The DER that a signer signs: a SET OF exactly content-type, message-digest and
 * signing-certificate-v2, in DER order. signing-time is forbidden in PAdES baseline; the claimed
 * time stands in the PDF's /M. `certificate` is DER, `digest` the SHA-256 of the byte range. */
MUST_USE enum err certs_signed_attributes(struct bytes certificate,
                                          const uint8_t digest[CERTS_SHA256_BYTES],
                                          struct buffer *ret_der);

/* Assembles the detached CMS around a signature made elsewhere. `chain`: the issuers to carry, DER.
 * ERR_AUTH when the signature does not verify under the certificate's key over
 * certs_signed_attributes(); ERR_UNSUPPORTED unless the key is on P-256. */
MUST_USE enum err certs_cms_assemble(struct bytes certificate, const struct bytes *chain,
                                     size_t chain_count, const uint8_t digest[CERTS_SHA256_BYTES],
                                     const uint8_t signature[CERTS_RAW_SIGNATURE_BYTES],
                                     struct buffer *ret_cms);

/* Facts about the signer, from the certificate; valid as far as the fault allows (all empty when
 * the CMS could not be read). Texts are UTF-8, cut at a character's border when too long. */
struct certs_signer {
    char name[LIMIT_NAME_BYTES + 1];         /* commonName */
    char position[LIMIT_POSITION_BYTES + 1]; /* title, "" if none */
    char subject[CERTS_NAME_TEXT_BYTES];     /* RFC 2253 order, UTF-8 */
    char issuer[CERTS_NAME_TEXT_BYTES];
    char serial[CERTS_SERIAL_TEXT_BYTES];
    utc_ms_t not_after;
};

/* -- timestamps of signatures (id-aa-timeStampToken, RFC 3161, appendix A) ----------------------
 */

/* The SHA-256 of the CMS' signature value: what its timestamp is over. ERR_FORMAT. */
MUST_USE enum err certs_cms_stamp_digest(struct bytes cms, uint8_t ret_digest[CERTS_SHA256_BYTES]);
/* The CMS with `token` as its one unsigned attribute. ERR_FORMAT; ERR_CONFLICT: it has one. */
MUST_USE enum err certs_cms_stamp(struct bytes cms, struct bytes token, struct buffer *ret_cms);

/* What a CMS carries, for gathering proofs about it: the signer's certificate first, then the
 * issuers; and its timestamp's token, empty if none. The caller's. ERR_FORMAT. */
struct certs_carried {
    struct buffer certificates[CERTS_CHAIN_MAX + 1];
    size_t count;
    struct buffer token;
};
MUST_USE enum err certs_cms_carried(struct bytes cms, struct certs_carried *ret_carried);
void certs_carried_done(struct certs_carried *carried);

/* Strict: one SignerInfo, no eContent, SHA-256 with ECDSA on P-256, only the attributes of
 * certs_signed_attributes(), ESS checked, chain to `trust` at time `at`, keyUsage nonRepudiation.
 * *ret_signer is always filled. */
MUST_USE enum certs_fault certs_cms_verify(struct bytes cms,
                                           const uint8_t digest[CERTS_SHA256_BYTES],
                                           const struct certs_trust *trust, utc_ms_t at,
                                           struct certs_signer *ret_signer);

/* What is known when a signature is judged long after it was made. */
struct certs_view {
    const struct certs_trust *trust;
    const struct certs_archive *archive;
    utc_ms_t now;     /* whatever no timestamp vouches for is judged at this time */
    utc_ms_t seen_by; /* time of the oldest timestamp over the whole file since; 0: none */
};

struct certs_judgement {
    struct certs_signer signer;
    bool stamped; /* carries a timestamp of its own; `stamp` tells whose */
    struct certs_timestamp stamp;
    enum certs_fault stamp_fault;
    utc_ms_t trusted_at; /* the signature existed by then; 0: nobody vouches for a time */
    struct certs_history history;
};

/* As certs_cms_verify(), at the time that timestamps vouch for: the CMS' own, else `seen_by`, else
 * at `now`; and by the proofs in the archive. *ret_judgement is always filled. */
MUST_USE enum certs_fault certs_cms_judge(struct bytes cms,
                                          const uint8_t digest[CERTS_SHA256_BYTES],
                                          const struct certs_view *view,
                                          struct certs_judgement *ret_judgement);

#endif
