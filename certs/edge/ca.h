/* The certification authority of a province: a root that signs one issuing CA, which signs all
 * else (RFC 5280; P-256, SHA-256). An opened folder:
 *
 *   root.pem            the trust anchor
 *   root-key.pem        its key, 0600; may be moved to a medium that is kept apart
 *   root-crl.der        what the root says of the issuing CA (a year)
 *   issuing.pem         the CA that signs everything else, path length 0
 *   issuing-key.pem     its key, 0600
 *   register            what was issued and revoked (register.h)
 *   issued/SERIAL.pem   each certificate
 *   crl.der             the latest CRL, with its number
 *   ocsp.pem, tsa.pem   the OCSP responder and the development TSA, each with its -key.pem
 *   url                 where the world finds all this: "https://host:8443/pki"
 *
 * A folder made before there was a register holds only the first of these: the rest is made when
 * it is opened. Threads: an opened CA may be used by several at once. Processes likewise: whatever
 * changes the folder does so under its lock, so `dienhong ca revoke` needs no halt of the server.
 */
#ifndef CERTS_EDGE_CA_H
#define CERTS_EDGE_CA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

struct certs_ca;

/* Opens the CA in `folder`, or makes folder and CA, for development, when there is none. `province`
 * goes into the names ("tỉnh Nam Hải"). ERR_IO, ERR_FORMAT when the folder holds something else. */
MUST_USE enum err certs_ca_open(const char *folder, const char *province, utc_ms_t now,
                                struct certs_ca **ret_ca);
/* Accepts NULL. */
void certs_ca_close(struct certs_ca *ca);

/* A CA that is meant to last. */
struct certs_ca_plan {
    const char *folder;
    const char *province;
    const char *root_key_path; /* where the root's key goes; NULL: into the folder */
    const char *url;           /* as certs_ca_set_url() takes it; NULL: not known yet */
};

/* Makes it. With a URL the issuing CA's certificate says where the root's CRL is. ERR_CONFLICT when
 * the folder, or the key's place, is taken; ERR_FORMAT, ERR_LIMIT: of the URL; ERR_IO. */
MUST_USE enum err certs_ca_create(const struct certs_ca_plan *plan, utc_ms_t now);

/* Borrowed until certs_ca_close(); DER. */
struct bytes certs_ca_root(const struct certs_ca *ca);
struct bytes certs_ca_issuing(const struct certs_ca *ca);

/* As the issuing CA names it. Borrowed likewise. */
const char *certs_ca_province(const struct certs_ca *ca);

/* From now on certificates name this place for OCSP (`url`/ocsp), issuer (`url`/ca.crt) and CRL
 * (`url`/crl); kept in the folder. ERR_FORMAT unless http(s)://, ERR_LIMIT, ERR_IO. */
MUST_USE enum err certs_ca_set_url(struct certs_ca *ca, const char *url);
/* "" when none was set. Borrowed until the next certs_ca_set_url(). */
const char *certs_ca_url(const struct certs_ca *ca);

/* Renews what the CA itself uses (OCSP responder, development TSA, CRL) while it is still valid.
 * Cheap when there is nothing to do; to be called at the start and about hourly. */
MUST_USE enum err certs_ca_renew(struct certs_ca *ca, utc_ms_t now);

/* Makes sure that `cert_path` (PEM, with the issuing CA behind it) and `key_path` (PEM, 0600) hold
 * a TLS server certificate for exactly `names` (host names and addresses as text; localhost,
 * 127.0.0.1 and ::1 are always added) with at least 30 days to go; makes a new pair otherwise.
 * ERR_FORMAT for a name that is neither a DNS name nor an address. */
MUST_USE enum err certs_tls_ensure(struct certs_ca *ca, const char *const *names, size_t name_count,
                                   const char *cert_path, const char *key_path, utc_ms_t now);
/* Likewise a self-signed P-256 certificate for DTLS, which is known by its fingerprint only. */
MUST_USE enum err certs_dtls_ensure(const char *cert_path, const char *key_path, utc_ms_t now);

#endif
