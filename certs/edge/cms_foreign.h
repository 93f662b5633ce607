/* The CMS of a signature that other software made: Adobe's, VGCA's, PDFBox's, NSS'. Wider than
 * cms.h in its forms, not in what it calls good.
 *
 * Sources: RFC 5652 (CMS), RFC 5035 (ESS), RFC 3161, ISO 32000-2, section 12.8.3.3
 * (adbe.pkcs7.detached), ETSI EN 319 142-1 (ETSI.CAdES.detached). One signer with signed
 * attributes; RSA (PKCS #1 v1.5, 2048 bits or more) or ECDSA on P-256, P-384 or P-521; SHA-256,
 * SHA-384 or SHA-512; DER or BER. signing-time is allowed and says nothing; signing-certificate is
 * checked when there, and required of CAdES. More certificates than the
 * chain needs may be carried, but no altered ones. */
#ifndef CERTS_EDGE_CMS_FOREIGN_H
#define CERTS_EDGE_CMS_FOREIGN_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/err.h"
#include "certs/edge/cms.h"

enum { CERTS_FOREIGN_PARTS = 2 };

struct certs_foreign {
    struct bytes cms;                          /* zeros may follow, nothing else */
    struct bytes covered[CERTS_FOREIGN_PARTS]; /* what it is over, one after the other */
    bool is_cades;
};

/* As certs_cms_judge(). CERTS_FAULT_PROFILE: a form that this does not know, which need not be
 * wrong; CERTS_FAULT_WEAK: a digest or key that proves nothing today. *ret_judgement is always
 * filled, as far as the CMS could be read. */
MUST_USE enum certs_fault certs_foreign_judge(const struct certs_foreign *signature,
                                              const struct certs_view *view,
                                              struct certs_judgement *ret_judgement);
/* The time that the signer claims in the CMS; ERR_UNKNOWN: none. */
MUST_USE enum err certs_foreign_claimed(struct bytes cms, utc_ms_t *ret_at);

#endif
