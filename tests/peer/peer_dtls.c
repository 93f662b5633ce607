#include "tests/peer/peer_dtls.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

enum { MTU_BYTES = 1200, CERTIFICATE_SECONDS = 24 * 3600 };

struct peer_dtls {
    SSL_CTX *context;
    SSL *ssl;
    BIO_METHOD *method;
    void (*send)(void *, const uint8_t *, size_t);
    void *owner;
    const uint8_t *incoming; /* the one datagram being fed; NULL once read */
    size_t incoming_size;
    bool started;
    bool failed;
    char fingerprint[PEER_DTLS_FINGERPRINT_BYTES + 16];
};

/* ---- A BIO that keeps datagrams apart -------------------------------------------------------- */

static int bio_write(BIO *bio, const char *data, int size)
{
    struct peer_dtls *dtls = BIO_get_data(bio);
    dtls->send(dtls->owner, (const uint8_t *)data, (size_t)size);
    return size;
}

static int bio_read(BIO *bio, char *data, int size)
{
    struct peer_dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (!dtls->incoming) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t taken = dtls->incoming_size < (size_t)size ? dtls->incoming_size : (size_t)size;
    memcpy(data, dtls->incoming, taken);
    dtls->incoming = NULL;
    return (int)taken;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_FLUSH)
        return 1;
    return command == BIO_CTRL_DGRAM_QUERY_MTU || command == BIO_CTRL_DGRAM_GET_FALLBACK_MTU
               ? MTU_BYTES
               : 0;
}

static BIO *make_bio(struct peer_dtls *dtls)
{
    dtls->method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "peer datagrams");
    BIO_meth_set_write(dtls->method, bio_write);
    BIO_meth_set_read(dtls->method, bio_read);
    BIO_meth_set_ctrl(dtls->method, bio_control);
    BIO *bio = BIO_new(dtls->method);
    BIO_set_data(bio, dtls);
    BIO_set_init(bio, 1);
    return bio;
}

/* ---- Identity -------------------------------------------------------------------------------- */

static void make_identity(struct peer_dtls *dtls)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned digest_size = 0;
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), CERTIFICATE_SECONDS);
    X509_set_pubkey(certificate, key);
    int good = X509_sign(certificate, key, EVP_sha256()) > 0 &&
               SSL_CTX_use_certificate(dtls->context, certificate) == 1 &&
               SSL_CTX_use_PrivateKey(dtls->context, key) == 1 &&
               X509_digest(certificate, EVP_sha256(), digest, &digest_size) == 1;
    assert(good && digest_size == PEER_DTLS_DIGEST_BYTES);
    int at = snprintf(dtls->fingerprint, sizeof dtls->fingerprint, "sha-256 ");
    for (unsigned i = 0; i < digest_size; i++)
        at += snprintf(dtls->fingerprint + at, sizeof dtls->fingerprint - (size_t)at, "%s%02X",
                       i ? ":" : "", digest[i]);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* The fingerprint is checked by the owner, against the answer. */
static int accept_any(int verified, X509_STORE_CTX *store)
{
    (void)verified;
    (void)store;
    return 1;
}

struct peer_dtls *peer_dtls_create(const char *profiles,
                                   void (*send)(void *, const uint8_t *, size_t), void *context)
{
    struct peer_dtls *dtls = calloc(1, sizeof *dtls);
    assert(dtls);
    dtls->send = send;
    dtls->owner = context;
    dtls->context = SSL_CTX_new(DTLS_client_method());
    SSL_CTX_set_min_proto_version(dtls->context, DTLS1_2_VERSION);
    SSL_CTX_set_verify(dtls->context, SSL_VERIFY_PEER, accept_any);
    int refused = SSL_CTX_set_tlsext_use_srtp(dtls->context, profiles);
    assert(refused == 0);
    make_identity(dtls);
    dtls->ssl = SSL_new(dtls->context);
    BIO *bio = make_bio(dtls);
    SSL_set_bio(dtls->ssl, bio, bio);
    SSL_set_options(dtls->ssl, SSL_OP_NO_QUERY_MTU);
    (void)SSL_set_mtu(dtls->ssl, MTU_BYTES);
    SSL_set_connect_state(dtls->ssl);
    return dtls;
}

void peer_dtls_destroy(struct peer_dtls *dtls)
{
    if (!dtls)
        return;
    SSL_free(dtls->ssl);
    SSL_CTX_free(dtls->context);
    BIO_meth_free(dtls->method);
    free(dtls);
}

const char *peer_dtls_fingerprint(const struct peer_dtls *dtls)
{
    return dtls->fingerprint;
}

static void advance(struct peer_dtls *dtls)
{
    uint8_t ignored[2048];
    int result = SSL_is_init_finished(dtls->ssl) ? SSL_read(dtls->ssl, ignored, sizeof ignored)
                                                 : SSL_do_handshake(dtls->ssl);
    if (result > 0)
        return;
    int error = SSL_get_error(dtls->ssl, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        dtls->failed = true;
}

void peer_dtls_start(struct peer_dtls *dtls)
{
    if (dtls->started)
        return;
    dtls->started = true;
    advance(dtls);
}

void peer_dtls_feed(struct peer_dtls *dtls, const uint8_t *datagram, size_t size)
{
    if (!dtls->started || dtls->failed)
        return;
    dtls->incoming = datagram;
    dtls->incoming_size = size;
    advance(dtls);
    dtls->incoming = NULL;
}

void peer_dtls_tick(struct peer_dtls *dtls)
{
    if (dtls->started && !dtls->failed && !SSL_is_init_finished(dtls->ssl))
        (void)DTLSv1_handle_timeout(dtls->ssl);
}

bool peer_dtls_is_done(const struct peer_dtls *dtls)
{
    return !dtls->failed && SSL_is_init_finished(dtls->ssl);
}

bool peer_dtls_has_failed(const struct peer_dtls *dtls)
{
    return dtls->failed;
}

bool peer_dtls_their_digest(const struct peer_dtls *dtls,
                            uint8_t ret_digest[PEER_DTLS_DIGEST_BYTES])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509 *certificate = SSL_get1_peer_certificate(dtls->ssl);
    bool good = certificate && X509_digest(certificate, EVP_sha256(), digest, &size) == 1 &&
                size == PEER_DTLS_DIGEST_BYTES;
    if (good)
        memcpy(ret_digest, digest, size);
    X509_free(certificate);
    return good;
}

const char *peer_dtls_profile(const struct peer_dtls *dtls)
{
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
    return profile ? profile->name : "";
}

bool peer_dtls_keys(const struct peer_dtls *dtls, uint8_t *ret_keys, size_t size)
{
    static const char label[] = "EXTRACTOR-dtls_srtp";
    return SSL_export_keying_material(dtls->ssl, ret_keys, size, label, sizeof label - 1, NULL, 0,
                                      0) == 1;
}
