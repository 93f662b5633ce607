/* The parts of a timestamp's SignedData (RFC 5652, section 5.1) that no signature covers: they say
 * nothing that the rest does not determine, so they must say exactly that. */
#ifndef CERTS_EDGE_TOKEN_FORM_H
#define CERTS_EDGE_TOKEN_FORM_H

#include <openssl/cms.h>

#include "base/bytes.h"

/* Whether `der`, which was parsed into `cms`, is DER throughout, has the version that its contents
 * ask for, one digest algorithm, the one that `signer` names, and a signature algorithm that goes
 * with it and with the key. */
bool token_form_is_strict(struct bytes der, CMS_ContentInfo *cms, CMS_SignerInfo *signer,
                          const EVP_PKEY *key);

#endif
