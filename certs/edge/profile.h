/* Certificates by profile: what each kind may be used for, how long it lives (profile.c's table).
 *
 *   person   documents of a person          digitalSignature, nonRepudiation    3 years
 *   agency   an agency's seal               digitalSignature, nonRepudiation    5 years
 *   tls      a server                       digitalSignature; serverAuth        397 days
 *   tsa      timestamps, RFC 3161           digitalSignature; timeStamping only 5 years
 *   ocsp     answers on status, RFC 6960    digitalSignature; OCSPSigning       1 year, no check
 *
 * The subject comes from our own directory or from an officer, never from the request (RFC 2986):
 * of that only the key counts, and the proof that its owner asked. */
#ifndef CERTS_EDGE_PROFILE_H
#define CERTS_EDGE_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/edge/sizes.h"

struct certs_ca;

enum certs_kind {
    CERTS_KIND_PERSON,
    CERTS_KIND_AGENCY,
    CERTS_KIND_TLS,
    CERTS_KIND_TSA,
    CERTS_KIND_OCSP,
    CERTS_KIND_COUNT,
};

/* "person", "agency", … */
const char *certs_kind_name(enum certs_kind kind);
/* ERR_UNKNOWN. */
MUST_USE enum err certs_kind_parse(const char *name, enum certs_kind *ret_kind);

/* Whom a personal certificate names. All from the server's directory, never from the CSR. */
struct certs_person {
    const char *name;     /* họ và tên → commonName */
    const char *position; /* chức vụ → title; may be "" */
    const char *unit;     /* → organizationalUnitName; may be "" */
    const char *province; /* → organizationName */
    uint64_t user_id;     /* → serialNumber, so that two people of one name stay apart; 0: none */
};

/* A certificate issued, or one already known, as the directory stores and shows it. */
struct certs_issued {
    struct buffer certificate; /* DER; the caller's, freed by certs_issued_done() */
    char serial[CERTS_SERIAL_TEXT_BYTES];
    uint8_t spki_sha256[CERTS_SHA256_BYTES]; /* of the SubjectPublicKeyInfo's DER */
    utc_ms_t not_before;
    utc_ms_t not_after;
};

/* Certifies the key of a PKCS#10 request, DER, for signing documents, and enters it into the
 * register. ERR_LIMIT over LIMIT_CSR_BYTES, ERR_FORMAT when it is no CSR or has bytes behind it,
 * ERR_UNSUPPORTED unless the key is on P-256, ERR_AUTH when the request is not signed by its own
 * key. */
MUST_USE enum err certs_issue_personal(struct certs_ca *ca, const struct certs_person *person,
                                       struct bytes csr, utc_ms_t now,
                                       struct certs_issued *ret_issued);
void certs_issued_done(struct certs_issued *issued);

/* A certificate of any kind. */
struct certs_order {
    enum certs_kind kind;
    struct certs_person subject; /* of an agency or a service: name, unit and province */
    const char *const *names;    /* of a TLS server: host names and addresses */
    size_t name_count;
    struct bytes csr; /* PKCS#10, DER */
};

/* Likewise. */
MUST_USE enum err certs_issue(struct certs_ca *ca, const struct certs_order *order, utc_ms_t now,
                              struct certs_issued *ret_issued);

/* A request from a file, PEM or DER. ERR_UNKNOWN: no such file; ERR_FORMAT, ERR_LIMIT, ERR_IO. */
MUST_USE enum err certs_csr_load(const char *path, struct buffer *ret_csr);
/* Writes the certificate as PEM, the issuing CA behind it. ERR_IO. */
MUST_USE enum err certs_issued_save(const struct certs_ca *ca, const struct certs_issued *issued,
                                    const char *path);

#endif
