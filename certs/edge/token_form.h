/* The parts of a SignedData (RFC 5652, section 5.1) that no signature covers: they say nothing that
 * the rest does not determine, so they must say exactly that. */
#ifndef CERTS_EDGE_TOKEN_FORM_H
#define CERTS_EDGE_TOKEN_FORM_H

#include <openssl/cms.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum { TOKEN_FORM_VERSION = 3 /* of a SignedData whose content is not plain data */ };

/* Whether `der`, which was parsed into `cms`, is DER throughout, has the version that a timestamp
 * asks for, one digest algorithm, the one that `signer` names, and a signature algorithm that goes
 * with it and with the key. */
bool token_form_is_strict(struct bytes der, CMS_ContentInfo *cms, CMS_SignerInfo *signer,
                          const EVP_PKEY *key);

/* The same in two parts, for SignedData of other kinds: its versions and lists (`der` is DER) … */
bool token_form_heads_fit(struct bytes der, CMS_SignerInfo *signer, uint8_t data_version);
/* … and its algorithms: RSA (PKCS #1 v1.5) or ECDSA with the digest that the signer names. */
bool token_form_algorithms_agree(CMS_SignerInfo *signer, const EVP_PKEY *key);

#endif
