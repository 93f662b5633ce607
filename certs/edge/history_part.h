/* history.h for certificates that are parsed already. */
#ifndef CERTS_EDGE_HISTORY_PART_H
#define CERTS_EDGE_HISTORY_PART_H

#include <openssl/x509.h>

#include "certs/edge/history.h"

/* As certs_history(), with what came along as certificates instead of the plan's DER. */
void history_of(X509 *certificate, STACK_OF(X509) * carried, const struct certs_history_plan *plan,
                struct certs_history *ret_history);
/* The same for one that was looked at before, by its hash; false when it was not. */
bool history_known(const struct certs_archive *archive, const uint8_t sha256[CERTS_SHA256_BYTES],
                   utc_ms_t at, struct certs_history *ret_history);

#endif
