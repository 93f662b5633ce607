/* Between OpenSSL's objects and DER in our buffers. */
#ifndef CERTS_EDGE_DER_H
#define CERTS_EDGE_DER_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "certs/edge/sizes.h"

MUST_USE enum err der_of_certificate(const X509 *certificate, struct buffer *ret_der);
/* ERR_FORMAT unless the bytes are exactly one certificate. */
MUST_USE enum err der_parse_certificate(struct bytes der, X509 **ret_certificate);
/* Takes over what an i2d function gave and frees it. ERR_NO_MEMORY when it gave nothing. */
MUST_USE enum err der_take(unsigned char *data, int size, struct buffer *ret_der);
/* Hexadecimal, as the register has it. The caller's. ERR_FORMAT. */
MUST_USE enum err der_parse_serial(const char *text, ASN1_INTEGER **ret_serial);
bool der_is_p256(const EVP_PKEY *key);
/* r and s, as WebCrypto and PKCS#11 give them, become ECDSA-Sig-Value (RFC 3279, section 2.2.3). */
MUST_USE enum err der_of_ecdsa(const uint8_t raw[CERTS_RAW_SIGNATURE_BYTES],
                               struct buffer *ret_der);

#endif
