#include "load/edge/identity.h"

#include <stdbool.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/srtp.h>
#include <openssl/x509.h>

#include "base/bytes.h"

static bool fill(X509 *certificate, EVP_PKEY *key)
{
    enum { DAY_SECONDS = 24 * 3600 };
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_SECONDS) &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), 30 * DAY_SECONDS) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)"load", -1, -1,
                                      0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static bool write_fingerprint(const X509 *certificate, char text[IDENTITY_FINGERPRINT_BYTES])
{
    static const char digits[] = "0123456789ABCDEF";
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1)
        return false;
    struct wr wr = wr_init((uint8_t *)text, IDENTITY_FINGERPRINT_BYTES);
    for (unsigned i = 0; i < size; i++) {
        wr_u8(&wr, (uint8_t)digits[digest[i] >> 4]);
        wr_u8(&wr, (uint8_t)digits[digest[i] & 15]);
        wr_u8(&wr, i + 1 < size ? ':' : '\0');
    }
    return !wr.failed;
}

/* The digest is compared by the peer, with what the answer said (peer.c): no chain is. */
static int accept_any(X509_STORE_CTX *store, void *argument)
{
    (void)store;
    (void)argument;
    return 1;
}

enum err identity_create(struct identity *ret_identity)
{
    struct identity identity = {.context = SSL_CTX_new(DTLS_client_method())};
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    bool done = identity.context && key && certificate && fill(certificate, key) &&
                write_fingerprint(certificate, identity.fingerprint) &&
                SSL_CTX_use_certificate(identity.context, certificate) == 1 &&
                SSL_CTX_use_PrivateKey(identity.context, key) == 1 &&
                SSL_CTX_set_tlsext_use_srtp(identity.context, "SRTP_AEAD_AES_128_GCM") == 0;
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (!done) {
        identity_done(&identity);
        return ERR_NO_MEMORY;
    }
    SSL_CTX_set_verify(identity.context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(identity.context, accept_any, NULL);
    SSL_CTX_set_session_cache_mode(identity.context, SSL_SESS_CACHE_OFF);
    *ret_identity = identity;
    return ERR_OK;
}

void identity_done(struct identity *identity)
{
    SSL_CTX_free(identity->context);
    *identity = (struct identity){0};
}
