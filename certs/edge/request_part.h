/* A request as OpenSSL's object; see request.h. */
#ifndef CERTS_EDGE_REQUEST_PART_H
#define CERTS_EDGE_REQUEST_PART_H

#include <openssl/x509.h>

#include "certs/edge/request.h"

/* The errors of certs_request_key(). The caller frees it. */
MUST_USE enum err request_parse(struct bytes csr, X509_REQ **ret_request);

#endif
