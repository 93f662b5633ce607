/* What a loaded trust holds; see trust.h. */
#ifndef CERTS_EDGE_TRUST_PART_H
#define CERTS_EDGE_TRUST_PART_H

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "certs/edge/trust.h"

/* What stands before the certificates that serve one purpose only. */
#define TRUST_PEOPLE_MARK "# people"
#define TRUST_TSA_MARK "# tsa"

enum { TRUST_BYTES_MAX = 1024 * 1024 };

struct certs_trust {
    X509_STORE *people;
    X509_STORE *tsa;
};

#endif
