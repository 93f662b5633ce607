/* Chains from a signer's certificate to an anchor, at a time. */
#ifndef CERTS_EDGE_CHAIN_H
#define CERTS_EDGE_CHAIN_H

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/edge/fault.h"

struct certs_memo;

struct chain_plan {
    X509_STORE *anchors;
    const struct bytes *further; /* certificates to build with, DER */
    size_t further_count;
    utc_ms_t at;
    struct certs_memo *memo; /* of the verification that this is part of; may be NULL */
};

/* `carried`: what came with the signature; may be NULL. It is unsigned but for the signer's own
 * certificate, so nothing may ride along that the chain does not use, or twice. */
MUST_USE enum certs_fault chain_check(const struct chain_plan *plan, X509 *certificate,
                                      STACK_OF(X509) * carried);

/* Likewise of a certificate that another authority made by its own habits: superfluous helpers and
 * forms that RFC 5280 advises against do not matter, times, signatures and constraints do. */
MUST_USE enum certs_fault chain_check_foreign(const struct chain_plan *plan, X509 *certificate);

#endif
