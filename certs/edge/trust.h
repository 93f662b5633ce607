/* Anchors: certificates in which a chain may end, as files that an administrator puts in.
 *
 *   trust/people/NAME.pem   for people's and agencies' signatures
 *   trust/tsa/NAME.pem      for timestamps
 *
 * A single PEM file, or files in the folder itself, count for both. CA certificates that are not
 * self-signed may stand beside them: they help to build chains, and no chain ends in them.
 *
 * A loaded trust is read-only and may be shared by threads. */
#ifndef CERTS_EDGE_TRUST_H
#define CERTS_EDGE_TRUST_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"

struct certs_trust;

/* The folder or PEM file at `path`. ERR_FORMAT when it holds no certificate; ERR_UNKNOWN: nothing
 * there; ERR_LIMIT, ERR_IO. */
MUST_USE enum err certs_trust_load(const char *path, struct certs_trust **ret_trust);
/* All of it as one PEM text, with the lines "# people" and "# tsa" before those that serve one
 * purpose only; certs_trust_parse() reads them. Errors likewise. */
MUST_USE enum err certs_trust_gather(const char *path, struct buffer *ret_pem);
MUST_USE enum err certs_trust_parse(struct bytes pem, struct certs_trust **ret_trust);
/* Accepts NULL. */
void certs_trust_free(struct certs_trust *trust);

/* Makes the folder with `anchor` (DER) as NAME.pem for both purposes, unless it exists: what an
 * administrator takes out stays out. */
MUST_USE enum err certs_trust_found(const char *folder, const char *name, struct bytes anchor);

#endif
