/* Building X.509 certificates (RFC 5280), version 3, P-256, SHA-256. */
#ifndef CERTS_EDGE_ISSUE_H
#define CERTS_EDGE_ISSUE_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

enum { ISSUE_EXTENSIONS_MAX = 6, ISSUE_BACKDATE_S = 300 };

#define ISSUE_DAY_S INT64_C(86400)

/* An extension in OpenSSL's configuration syntax. */
struct issue_extension {
    int nid;
    const char *value;
};

struct issue_plan {
    const X509_NAME *subject;
    EVP_PKEY *subject_key; /* only its public half is used */
    X509 *issuer;          /* NULL: self-signed */
    EVP_PKEY *issuer_key;
    utc_ms_t now;
    int64_t lifetime_s;                                      /* shortened to the issuer's own end */
    struct issue_extension extensions[ISSUE_EXTENSIONS_MAX]; /* nid 0 ends the list */
    GENERAL_NAMES *alternative_names;                        /* borrowed; may be NULL */
};

/* The certificate with a random 127-bit serial and key identifiers; the caller's. */
MUST_USE enum err issue_certificate(const struct issue_plan *plan, X509 **ret_certificate);

MUST_USE enum err issue_new_key(EVP_PKEY **ret_key);

/* Appends one attribute as UTF8String (printable for serialNumber and country). Nothing happens for
 * "" or NULL. The upper bounds of X.520 (64 characters) are not enforced: Nghị định 30/2020 gives a
 * position 100, and a name that is cut is worse than one that is long. */
MUST_USE enum err issue_add_name(X509_NAME *name, int nid, const char *text);

/* Time conversions; `not_after` of a certificate is always representable. */
utc_ms_t issue_time_ms(const ASN1_TIME *time);

#endif
