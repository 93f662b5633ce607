/* The one encoding of a paper's CMS: certificate, issuers, digest, signature and timestamp
 * determine it. */
#ifndef CERTS_EDGE_CMS_PART_H
#define CERTS_EDGE_CMS_PART_H

#include "certs/edge/cms.h"
#include "certs/edge/signed_data.h"

struct cms_parts {
    X509 *certificate; /* the signer's; all borrowed */
    X509 *const *issuers;
    size_t issuer_count;
    const uint8_t *digest;  /* CERTS_SHA256_BYTES */
    struct bytes signature; /* ECDSA-Sig-Value, DER (RFC 3279, section 2.2.3) */
    struct bytes token;     /* of its timestamp, DER; empty: none */
};

/* Checks nothing: whether the signature is good is the caller's to know. */
MUST_USE enum err cms_write(const struct cms_parts *parts, struct buffer *ret_cms);

/* A CMS taken apart: what cms_write() made it of. */
struct cms_lens {
    struct signed_data data;
    struct bytes token; /* borrowed; empty: no timestamp */
};

/* Reads as much as tells its parts; judges none of them. Always to be ended by cms_lens_done(). */
MUST_USE enum certs_fault cms_lens_open(struct bytes cms, struct cms_lens *lens);
void cms_lens_done(struct cms_lens *lens);
/* Plain data that stands elsewhere, and no CRLs. */
bool cms_lens_is_detached(CMS_ContentInfo *cms);
/* The timestamp, if there is one: the only attribute that may stand unsigned. */
MUST_USE enum certs_fault cms_lens_find_token(struct cms_lens *lens);
/* Room for the issuers' list, whose entries are borrowed from the lens. */
struct cms_issuers {
    X509 *list[CERTS_CHAIN_MAX + 1];
};
/* What cms_write() would make the same CMS of, with this digest. */
struct cms_parts cms_lens_parts(const struct cms_lens *lens,
                                const uint8_t digest[CERTS_SHA256_BYTES],
                                struct cms_issuers *issuers);

/* -- what the strict reader (cms_verify.c) shares with the tolerant one (cms_foreign.c) ----------
 */

/* The single value of the one signed attribute `nid`; NULL when there is none or more than one. */
const ASN1_TYPE *cms_only_value(const CMS_SignerInfo *signer, int nid);
void cms_describe(const X509 *certificate, struct certs_signer *ret_signer);
enum cms_manner { CMS_STRICT, CMS_FOREIGN };
/* The timestamp, the chain at the time that it vouches for, and the proofs in the archive. Needs:
 * the signature itself is good. */
MUST_USE enum certs_fault cms_judge_times(const struct cms_lens *lens,
                                          const struct certs_view *view, enum cms_manner manner,
                                          struct certs_judgement *ret_judgement);

#endif
