/* SignedData (RFC 5652, section 5) of one signer taken apart, for a paper's CMS and for a
 * timestamp's token alike. */
#ifndef CERTS_EDGE_SIGNED_DATA_H
#define CERTS_EDGE_SIGNED_DATA_H

#include <openssl/cms.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "base/err.h"
#include "certs/edge/fault.h"

struct signed_data {
    CMS_ContentInfo *cms;
    CMS_SignerInfo *signer;
    STACK_OF(X509) * certificates; /* all that it carries */
    X509 *certificate;             /* the signer's; borrowed from them */
};

/* DER of at most 64 kB and nothing behind it. `data` starts as zeros and is always to be ended by
 * signed_data_done(). */
MUST_USE enum certs_fault signed_data_parse(struct bytes der, struct signed_data *data);
/* Exactly one signer, who is among the certificates; each of these is there once. */
MUST_USE enum certs_fault signed_data_find_signer(struct signed_data *data);
void signed_data_done(struct signed_data *data);

/* The signer's certificate first, then the others, as DER: the caller's even on failure. Needs:
 * the signer was found. ERR_NO_MEMORY. */
struct certs_carried;
MUST_USE enum err signed_data_carry(const struct signed_data *data, struct certs_carried *carried);

#endif
