#include "sfu/edge/dtls_identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "sfu/edge/dtls.h"

enum { CERTIFICATE_DAYS = 365, SERIAL_BYTES = 8, SECONDS_PER_DAY = 86400 };

/* Server's order, all with forward secrecy and the certificate's ECDSA key. */
static const char dtls_ciphers[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
                                   "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-SHA";
static const char dtls_profiles[] =
    "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80";

static bool identity_set_serial(X509 *certificate)
{
    uint8_t bytes[SERIAL_BYTES];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] = (uint8_t)((bytes[0] & 0x7f) | 0x40); /* positive, and always 8 bytes long */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool done = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return done;
}

/* The name says nothing: it travels in clear, before anyone is authenticated. */
static X509 *identity_self_sign(EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    if (!certificate)
        return NULL;
    X509_NAME *name = X509_get_subject_name(certificate);
    bool done = X509_set_version(certificate, X509_VERSION_3) && identity_set_serial(certificate) &&
                X509_gmtime_adj(X509_getm_notBefore(certificate), -SECONDS_PER_DAY) &&
                X509_gmtime_adj(X509_getm_notAfter(certificate),
                                (long)CERTIFICATE_DAYS * SECONDS_PER_DAY) &&
                X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)"media", -1,
                                           -1, 0) &&
                X509_set_issuer_name(certificate, name) && X509_set_pubkey(certificate, key) &&
                X509_sign(certificate, key, EVP_sha256()) > 0;
    if (done)
        return certificate;
    X509_free(certificate);
    return NULL;
}

static enum err identity_make(EVP_PKEY **ret_key, X509 **ret_certificate)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key ? identity_self_sign(key) : NULL;
    if (!certificate) {
        EVP_PKEY_free(key);
        return ERR_NO_MEMORY;
    }
    *ret_key = key;
    *ret_certificate = certificate;
    return ERR_OK;
}

static enum err identity_load(const char *certificate_path, const char *key_path,
                              EVP_PKEY **ret_key, X509 **ret_certificate)
{
    FILE *certificate_file = fopen(certificate_path, "re");
    FILE *key_file = fopen(key_path, "re");
    X509 *certificate = certificate_file ? PEM_read_X509(certificate_file, NULL, NULL, NULL) : NULL;
    EVP_PKEY *key = key_file ? PEM_read_PrivateKey(key_file, NULL, NULL, NULL) : NULL;
    if (certificate_file)
        fclose(certificate_file);
    if (key_file)
        fclose(key_file);
    if (!certificate || !key) {
        X509_free(certificate);
        EVP_PKEY_free(key);
        return ERR_IO;
    }
    *ret_key = key;
    *ret_certificate = certificate;
    return ERR_OK;
}

static bool identity_write_fingerprint(X509 *certificate, char *text, size_t capacity)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1)
        return false;
    int at = snprintf(text, capacity, "sha-256 ");
    for (unsigned i = 0; i < size; i++)
        at += snprintf(text + at, capacity - (size_t)at, "%02X%s", digest[i],
                       i + 1 < size ? ":" : "");
    return true;
}

static SSL_CTX *identity_context(EVP_PKEY *key, X509 *certificate)
{
    SSL_CTX *context = SSL_CTX_new(DTLS_server_method());
    if (!context)
        return NULL;
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1); /* a datagram is read whole or lost */
    dtls_require_certificate(context);
    int groups[] = {NID_X25519, NID_X9_62_prime256v1}; /* P-256 must stay: the certificate's */
    bool done = SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1 &&
                SSL_CTX_use_certificate(context, certificate) == 1 &&
                SSL_CTX_use_PrivateKey(context, key) == 1 &&
                SSL_CTX_check_private_key(context) == 1 &&
                SSL_CTX_set_cipher_list(context, dtls_ciphers) == 1 &&
                SSL_CTX_set1_groups(context, groups, sizeof groups / sizeof groups[0]) == 1 &&
                SSL_CTX_set_tlsext_use_srtp(context, dtls_profiles) == 0; /* 0 is its success */
    if (done)
        return context;
    SSL_CTX_free(context);
    return NULL;
}

enum err dtls_identity_create(const char *certificate_path, const char *key_path,
                              struct dtls_identity **ret_identity)
{
    if (!certificate_path != !key_path)
        return ERR_IO;
    EVP_PKEY *key = NULL;
    X509 *certificate = NULL;
    enum err err = certificate_path ? identity_load(certificate_path, key_path, &key, &certificate)
                                    : identity_make(&key, &certificate);
    if (err != ERR_OK)
        return err;
    struct dtls_identity *identity = calloc(1, sizeof *identity);
    if (identity)
        identity->context = identity_context(key, certificate);
    bool done = identity && identity->context &&
                identity_write_fingerprint(certificate, identity->fingerprint,
                                           sizeof identity->fingerprint);
    EVP_PKEY_free(key); /* the context holds its own references */
    X509_free(certificate);
    if (!done) {
        dtls_identity_destroy(identity);
        return certificate_path ? ERR_IO : ERR_NO_MEMORY;
    }
    *ret_identity = identity;
    return ERR_OK;
}

void dtls_identity_destroy(struct dtls_identity *identity)
{
    if (!identity)
        return;
    SSL_CTX_free(identity->context);
    free(identity);
}
