/* Making CRLs (RFC 5280, section 5), for the parts of the authority; see status.h.
 *
 * A list of ten thousand takes nearly a tenth of a second, so it is made from a copy of what was
 * revoked, with neither register nor folder held:
 *
 *   copy the revoked, take the next number ─► make, sign ─► put in place, unless another process
 *          (folder held)                      (nothing held)      did so meanwhile: then anew */
#ifndef CERTS_EDGE_CRL_H
#define CERTS_EDGE_CRL_H

#include "certs/edge/ca_part.h"

/* The root's CRL with nothing in it: an issuing CA that must go is ended by taking its root out of
 * the trust. Valid a year. `before`: the last one, whose number it follows; NULL: the first. */
MUST_USE enum err crl_of_root(X509 *root, EVP_PKEY *root_key, const X509_CRL *before, utc_ms_t now,
                              struct buffer *ret_crl);

/* Sees to it that ca->crl is of now. Needs: this thread has not entered the CA. */
MUST_USE enum err crl_refresh(struct certs_ca *ca, utc_ms_t now);

/* ERR_FORMAT unless the bytes are exactly one CRL. */
MUST_USE enum err crl_parse(struct bytes der, X509_CRL **ret_crl);

/* crl.der, root-crl.der: ERR_UNKNOWN when there is none. */
MUST_USE enum err crl_load(const struct certs_ca *ca, const char *name, X509_CRL **ret_crl);

#endif
