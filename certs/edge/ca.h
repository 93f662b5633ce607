/* What an opened CA holds; see certs/certs.h. */
#ifndef CERTS_EDGE_CA_H
#define CERTS_EDGE_CA_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buffer.h"

/* The root's key is not kept: it signs once, when the folder is made. */
struct certs_ca {
    X509 *root;
    X509 *issuing;
    EVP_PKEY *issuing_key;
    struct buffer root_der;
    struct buffer issuing_der;
};

#endif
