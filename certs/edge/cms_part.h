/* The one encoding of a paper's CMS: certificate, issuers, digest and signature determine it. */
#ifndef CERTS_EDGE_CMS_PART_H
#define CERTS_EDGE_CMS_PART_H

#include <openssl/x509.h>

#include "certs/edge/cms.h"

struct cms_parts {
    X509 *certificate; /* the signer's; all borrowed */
    X509 *const *issuers;
    size_t issuer_count;
    const uint8_t *digest;  /* CERTS_SHA256_BYTES */
    struct bytes signature; /* ECDSA-Sig-Value, DER (RFC 3279, section 2.2.3) */
};

/* Checks nothing: whether the signature is good is the caller's to know. */
MUST_USE enum err cms_write(const struct cms_parts *parts, struct buffer *ret_cms);

#endif
