/* What a loaded trust holds; see certs/certs.h. */
#ifndef CERTS_EDGE_TRUST_H
#define CERTS_EDGE_TRUST_H

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

struct certs_trust {
    X509_STORE *store;
};

#endif
