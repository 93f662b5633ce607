/* Reading proofs about certificates that are parsed already: as certs_ocsp_read() and
 * certs_crl_read(). Needs: `issuer` is known to have signed `certificate`. */
#ifndef CERTS_EDGE_STATUS_PART_H
#define CERTS_EDGE_STATUS_PART_H

#include <openssl/x509.h>

#include "certs/edge/status.h"

MUST_USE enum err status_read_ocsp(struct bytes response, X509 *certificate, X509 *issuer,
                                   struct certs_standing *ret_standing);
MUST_USE enum err status_read_crl(struct bytes crl, X509 *certificate, X509 *issuer,
                                  struct certs_standing *ret_standing);

#endif
