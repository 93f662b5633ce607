/* The DTLS side of a test peer: a fresh self-signed P-256 certificate and the SRTP profiles it
 * offers (as OpenSSL names them; NULL: AEAD_AES_128_GCM). The caller frees it; NULL when out of
 * memory. */
#ifndef TESTS_SUPPORT_CLIENT_IDENTITY_H
#define TESTS_SUPPORT_CLIENT_IDENTITY_H

#include <openssl/ssl.h>

SSL_CTX *client_identity_context(const char *srtp_profiles);

#endif
