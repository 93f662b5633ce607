/* Keys, certificates and trust: a province's certification authority, what it says of its
 * certificates, timestamps, and the CMS half of a signed paper. One header for each idea:
 *
 *   ca.h         the authority: folder, root, issuing CA, the server's own certificates
 *   profile.h    certificates for people, agencies and services, each kind by its profile
 *   register.h   what was issued, and what became of it
 *   status.h     CRL and OCSP: made for others, and judged when others made them
 *   timestamp.h  RFC 3161: the development TSA, and reading of any TSA's tokens
 *   ask.h        the client: timestamps and proofs of validity over HTTP, or in the process
 *   trust.h      anchors, as files that an administrator puts in
 *   cms.h        CAdES as PAdES wants it
 *   cms_foreign.h  the same of signatures that other software made
 *   request.h    PKCS#10 requests
 *   history.h    how a chain stood at a moment of the past, by the proofs that a file carries
 *   device.h     a key in a PKCS#11 device
 *
 * A person's private key is never here: the server sees a CSR and, later, 64 bytes of signature.
 * All byte outputs are DER unless a name says PEM. */
#ifndef CERTS_CERTS_H
#define CERTS_CERTS_H

#include "certs/edge/ask.h"
#include "certs/edge/ca.h"
#include "certs/edge/cms.h"
#include "certs/edge/cms_foreign.h"
#include "certs/edge/device.h"
#include "certs/edge/history.h"
#include "certs/edge/profile.h"
#include "certs/edge/register.h"
#include "certs/edge/request.h"
#include "certs/edge/sizes.h"
#include "certs/edge/status.h"
#include "certs/edge/timestamp.h"
#include "certs/edge/trust.h"

#endif
