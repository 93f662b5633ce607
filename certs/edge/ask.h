/* Asking for timestamps and proofs of validity: of ourselves in the process, of all others over
 * HTTP (libcurl): bounded in time and size, never redirected, whatever comes back is checked.
 *
 * Every call blocks, up to its timeout: call them on Jobs threads. What comes is fit to be put into
 * a paper: a TimeStampToken as id-aa-timeStampToken or DocTimeStamp, an OCSPResponse or a CRL into
 * the DSS. */
#ifndef CERTS_EDGE_ASK_H
#define CERTS_EDGE_ASK_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/edge/status.h"
#include "certs/edge/timestamp.h"

struct certs_ca;
struct certs_trust;

/* Whom to ask; everything borrowed, read only, may be shared by threads. */
struct certs_ask {
    struct certs_ca *ca;             /* ours, asked without a network; NULL: none */
    const char *tsa_url;             /* NULL or "": the development TSA of `ca` */
    const struct certs_trust *trust; /* what a TSA's chain must end in */
    const char *tls_trust_path;      /* PEM, for https; NULL: the system's anchors */
    uint32_t timeout_ms;             /* of one request; 0: CERTS_ASK_TIMEOUT_MS */
};

enum { CERTS_ASK_TIMEOUT_MS = 10 * 1000 };

struct certs_stamp {
    struct buffer token; /* TimeStampToken, DER; the caller's */
    struct certs_timestamp facts;
};

/* A timestamp over `digest`, the SHA-256 of what is stamped (of a CMS' signature value, of a byte
 * range). The token carries the TSA's certificate and no other. ERR_AGAIN: out of reach, or busy;
 * ERR_FORBIDDEN: the TSA said no; ERR_AUTH: what it gave does not verify; ERR_LIMIT, ERR_FORMAT;
 * ERR_UNSUPPORTED: neither a URL nor a CA. */
MUST_USE enum err certs_tsa_ask(const struct certs_ask *ask,
                                const uint8_t digest[CERTS_SHA256_BYTES], utc_ms_t now,
                                struct certs_stamp *ret_stamp);

enum certs_proof_kind { CERTS_PROOF_OCSP, CERTS_PROOF_CRL };

struct certs_proof {
    enum certs_proof_kind kind;
    struct buffer der; /* OCSPResponse or CertificateList; the caller's */
    struct certs_standing standing;
};

/* A proof of how `certificate`, issued by `issuer`, stands: ours in the process, otherwise from the
 * OCSP responder that the certificate names, otherwise the CRL that it names. ERR_OK says that
 * there is one, also of a revoked certificate: look at its standing. Errors as above;
 * ERR_UNSUPPORTED: the certificate names no place to ask; ERR_STALE: what there is has ended. To be
 * asked only of certificates whose chain is trusted: a stranger's would choose where we call. */
MUST_USE enum err certs_proof_ask(const struct certs_ask *ask, struct bytes certificate,
                                  struct bytes issuer, utc_ms_t now, struct certs_proof *ret_proof);

#endif
