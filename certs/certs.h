/* Keys, certificates and trust: the development CA of a province, certificates for the door and for
 * people, and the CMS half of a signed paper (CAdES as PAdES wants it).
 *
 * Sources: RFC 5280 (certificates), RFC 2986 (PKCS#10), RFC 5652 (CMS), RFC 5035 (ESS
 * signing-certificate-v2), ETSI EN 319 122-1 and 319 142-1 (CAdES, PAdES baseline). P-256 only.
 * A person's private key is never here: the server sees a CSR and, later, 64 bytes of signature.
 *
 * Threads: a `struct certs_ca` belongs to one thread at a time; a `struct certs_trust` is read-only
 * after loading and may be shared. All byte outputs are DER unless a name says PEM. */
#ifndef CERTS_CERTS_H
#define CERTS_CERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "certs/edge/device.h"

enum {
    CERTS_SHA256_BYTES = 32,
    CERTS_RAW_SIGNATURE_BYTES = 64, /* r and s, 32 bytes each, as WebCrypto and PKCS#11 give it */
    CERTS_SERIAL_TEXT_BYTES = 48,   /* up to 20 bytes in hexadecimal, and the terminator */
    CERTS_NAME_TEXT_BYTES = 1024,
    CERTS_CHAIN_MAX = 8,
};

/* -- the certification authority ------------------------------------------------------------- */

/* An opened CA folder:
 *
 *   root.pem            the trust anchor, for people and for `dienhong verify --trust`
 *   root-key.pem        its key, 0600
 *   issuing.pem         the CA that signs everything else, path length 0
 *   issuing-key.pem     its key, 0600 */
struct certs_ca;

/* Opens the CA in `folder`, or makes folder and CA when there is none. `province` goes into the
 * names ("tỉnh Nam Hải"). ERR_IO, ERR_FORMAT when the folder holds something else. */
MUST_USE enum err certs_ca_open(const char *folder, const char *province, utc_ms_t now,
                                struct certs_ca **ret_ca);
/* Accepts NULL. */
void certs_ca_close(struct certs_ca *ca);
/* Borrowed until certs_ca_close(). */
struct bytes certs_ca_root(const struct certs_ca *ca);
struct bytes certs_ca_issuing(const struct certs_ca *ca);

/* Makes sure that `cert_path` (PEM, with the issuing CA behind it) and `key_path` (PEM, 0600) hold
 * a TLS server certificate for exactly `names` (host names and addresses as text; localhost,
 * 127.0.0.1 and ::1 are always added) with at least 30 days to go; makes a new pair otherwise.
 * ERR_FORMAT for a name that is neither a DNS name nor an address. */
MUST_USE enum err certs_tls_ensure(struct certs_ca *ca, const char *const *names, size_t name_count,
                                   const char *cert_path, const char *key_path, utc_ms_t now);
/* Likewise a self-signed P-256 certificate for DTLS, which is known by its fingerprint only. */
MUST_USE enum err certs_dtls_ensure(const char *cert_path, const char *key_path, utc_ms_t now);

/* Whom a personal certificate names. All from the server's directory, never from the CSR. */
struct certs_person {
    const char *name;     /* họ và tên → commonName */
    const char *position; /* chức vụ → title; may be "" */
    const char *unit;     /* → organizationalUnitName; may be "" */
    const char *province; /* → organizationName */
    uint64_t user_id;     /* → serialNumber, so that two people of one name stay apart */
};

/* A certificate issued, or one already known, as the directory stores and shows it. */
struct certs_issued {
    struct buffer certificate; /* DER; the caller's, freed by certs_issued_done() */
    char serial[CERTS_SERIAL_TEXT_BYTES];
    uint8_t spki_sha256[CERTS_SHA256_BYTES]; /* of the SubjectPublicKeyInfo's DER */
    utc_ms_t not_before;
    utc_ms_t not_after;
};

/* Certifies the key of a PKCS#10 request for signing documents (keyUsage digitalSignature and
 * nonRepudiation, three years). ERR_LIMIT over LIMIT_CSR_BYTES, ERR_FORMAT when it is no CSR or has
 * bytes behind it, ERR_UNSUPPORTED unless the key is on P-256, ERR_AUTH when the request is not
 * signed by its own key. */
MUST_USE enum err certs_issue_personal(struct certs_ca *ca, const struct certs_person *person,
                                       struct bytes csr, utc_ms_t now,
                                       struct certs_issued *ret_issued);
void certs_issued_done(struct certs_issued *issued);

/* -- trust ----------------------------------------------------------------------------------- */

/* Certificates in which a chain may end. */
struct certs_trust;

/* Every certificate of a PEM file or text. ERR_FORMAT when it holds none. */
MUST_USE enum err certs_trust_load(const char *pem_path, struct certs_trust **ret_trust);
MUST_USE enum err certs_trust_parse(struct bytes pem, struct certs_trust **ret_trust);
/* Accepts NULL. */
void certs_trust_free(struct certs_trust *trust);

/* -- CMS for PAdES --------------------------------------------------------------------------- */

/* The DER that a signer signs: a SET OF exactly content-type, message-digest and
 * signing-certificate-v2, in DER order. signing-time is forbidden in PAdES baseline; the claimed
 * time stands in the PDF's /M. `certificate` is DER, `digest` the SHA-256 of the byte range. */
MUST_USE enum err certs_signed_attributes(struct bytes certificate,
                                          const uint8_t digest[CERTS_SHA256_BYTES],
                                          struct buffer *ret_der);

/* Assembles the detached CMS around a signature made elsewhere. `chain`: the issuers to carry, DER.
 * ERR_AUTH when the signature does not verify under the certificate's key over
 * certs_signed_attributes(); ERR_UNSUPPORTED unless the key is on P-256. */
MUST_USE enum err certs_cms_assemble(struct bytes certificate, const struct bytes *chain,
                                     size_t chain_count, const uint8_t digest[CERTS_SHA256_BYTES],
                                     const uint8_t signature[CERTS_RAW_SIGNATURE_BYTES],
                                     struct buffer *ret_cms);

enum certs_fault {
    CERTS_FAULT_NONE,
    CERTS_FAULT_MALFORMED,     /* no DER SignedData, or bytes behind it */
    CERTS_FAULT_PROFILE,       /* not the one form we accept: signers, attributes, algorithms */
    CERTS_FAULT_DIGEST,        /* made for other bytes */
    CERTS_FAULT_SIGNATURE,     /* the signature value does not verify */
    CERTS_FAULT_ESS,           /* signing-certificate-v2 names another certificate */
    CERTS_FAULT_UNUSED,        /* carries a certificate that its chain does not need */
    CERTS_FAULT_UNTRUSTED,     /* the chain does not end in the trust given */
    CERTS_FAULT_NOT_YET_VALID, /* at the time asked for */
    CERTS_FAULT_EXPIRED,
    CERTS_FAULT_USAGE, /* the certificate is not for signing documents */
    CERTS_FAULT_INTERNAL,
};

/* Facts about the signer, from the certificate; valid as far as the fault allows (all empty when
 * the CMS could not be read). Texts are UTF-8, cut at a character's border when too long. */
struct certs_signer {
    char name[LIMIT_NAME_BYTES + 1];         /* commonName */
    char position[LIMIT_POSITION_BYTES + 1]; /* title, "" if none */
    char subject[CERTS_NAME_TEXT_BYTES];     /* RFC 2253 order, UTF-8 */
    char issuer[CERTS_NAME_TEXT_BYTES];
    char serial[CERTS_SERIAL_TEXT_BYTES];
    utc_ms_t not_after;
};

/* Strict: one SignerInfo, no eContent, SHA-256 with ECDSA on P-256, only the attributes of
 * certs_signed_attributes(), ESS checked, chain to `trust` at time `at`, keyUsage nonRepudiation.
 * *ret_signer is always filled. */
MUST_USE enum certs_fault certs_cms_verify(struct bytes cms,
                                           const uint8_t digest[CERTS_SHA256_BYTES],
                                           const struct certs_trust *trust, utc_ms_t at,
                                           struct certs_signer *ret_signer);

#endif
