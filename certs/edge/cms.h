/* The CMS half of a signed paper: CAdES as PAdES wants it.
 *
 * Sources: RFC 5652 (CMS), RFC 5035 (ESS signing-certificate-v2), ETSI EN 319 122-1 and 319 142-1
 * (CAdES, PAdES baseline). P-256 only. */
#ifndef CERTS_EDGE_CMS_H
#define CERTS_EDGE_CMS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/units.h"
#include "certs/edge/sizes.h"

struct certs_trust;

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
