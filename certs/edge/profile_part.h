/* Signing by profile, for the parts of the authority; see profile.h. */
#ifndef CERTS_EDGE_PROFILE_PART_H
#define CERTS_EDGE_PROFILE_PART_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "certs/edge/ca_part.h"
#include "certs/edge/profile.h"

struct profile_plan {
    enum certs_kind kind;
    const X509_NAME *subject;
    EVP_PKEY *subject_key; /* only its public half is used */
    GENERAL_NAMES *names;  /* of a TLS server; NULL otherwise */
    utc_ms_t now;
};

/* Signs a certificate, files it and enters it into the register. Needs ca_enter(ca, true). */
MUST_USE enum err profile_certify(struct certs_ca *ca, const struct profile_plan *plan,
                                  X509 **ret_certificate);
/* Files and enters one that was signed before. Needs ca_enter(ca, true). ERR_CONFLICT when it is
 * known. */
MUST_USE enum err profile_enter(struct certs_ca *ca, enum certs_kind kind, X509 *certificate);

/* Host names and addresses as GENERAL_NAMES; the caller's. ERR_FORMAT, ERR_LIMIT. */
MUST_USE enum err server_names(const char *const *texts, size_t count, GENERAL_NAMES **ret_names);

#endif
