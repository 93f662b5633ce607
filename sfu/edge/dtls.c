#include "sfu/edge/dtls.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/srtp.h>
#include <openssl/x509.h>

static const char dtls_srtp_label[] = "EXTRACTOR-dtls_srtp"; /* RFC 5764, section 4.2 */

/* RFC 6347, section 4.2.4.1, suggests 1 s, and less for time-sensitive applications. */
enum { DTLS_FIRST_TIMEOUT_US = 400 * 1000, DTLS_LONGEST_TIMEOUT_US = 8 * 1000 * 1000 };

struct dtls {
    SSL *ssl;
    enum dtls_state state;
    struct dtls_fingerprint expected;
    struct bytes in;            /* the datagram that OpenSSL may read now; empty: none */
    struct dtls_datagrams *out; /* of the running call */
};

/* ---- Datagrams for OpenSSL ------------------------------------------------------------------- */

/* A memory BIO would join datagrams to a stream; this one keeps their borders. */
static int dtls_bio_write(BIO *bio, const char *data, int size)
{
    struct dtls *dtls = BIO_get_data(bio);
    struct dtls_datagrams *out = dtls->out;
    if (size < 0 || size > LIMIT_DATAGRAM_BYTES)
        return -1;
    /* A datagram that has no place is lost, as datagrams may be; the timer repeats the flight. */
    if (out && out->count < LIMIT_HANDSHAKE_DATAGRAMS) {
        memcpy(out->data[out->count], data, (size_t)size);
        out->size[out->count++] = (uint16_t)size;
    }
    return size;
}

static int dtls_bio_read(BIO *bio, char *data, int capacity)
{
    struct dtls *dtls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (dtls->in.size == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t size = dtls->in.size < (size_t)capacity ? dtls->in.size : (size_t)capacity;
    memcpy(data, dtls->in.data, size);
    dtls->in.size = 0;
    return (int)size;
}

static long dtls_bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *dtls_bio_method;

static void dtls_make_bio_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams");
    if (!method || !BIO_meth_set_write(method, dtls_bio_write) ||
        !BIO_meth_set_read(method, dtls_bio_read) || !BIO_meth_set_ctrl(method, dtls_bio_ctrl)) {
        BIO_meth_free(method);
        return;
    }
    dtls_bio_method = method;
}

/* A method table for the whole process, made once and never changed. */
static BIO *dtls_bio_new(struct dtls *dtls)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, dtls_make_bio_method);
    BIO *bio = dtls_bio_method ? BIO_new(dtls_bio_method) : NULL;
    if (!bio)
        return NULL;
    BIO_set_data(bio, dtls);
    BIO_set_init(bio, 1);
    return bio;
}

/* ---- The peer's certificate ------------------------------------------------------------------ */

static bool dtls_matches(const struct dtls_fingerprint *expected, const X509 *certificate)
{
    const EVP_MD *hash = NULL;
    if (strcmp(expected->hash, "sha-256") == 0)
        hash = EVP_sha256();
    else if (strcmp(expected->hash, "sha-384") == 0)
        hash = EVP_sha384();
    else if (strcmp(expected->hash, "sha-512") == 0)
        hash = EVP_sha512();
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!hash || X509_digest(certificate, hash, digest, &size) != 1)
        return false;
    return size == expected->size && bytes_equal_secret(digest, expected->digest, size);
}

/* Instead of a chain: the certificate is right when its digest is (RFC 8122, section 6.2). */
static int dtls_on_certificate(X509_STORE_CTX *store, void *argument)
{
    (void)argument;
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    const struct dtls *dtls = SSL_get_app_data(ssl);
    const X509 *certificate = X509_STORE_CTX_get0_cert(store);
    if (certificate && dtls_matches(&dtls->expected, certificate))
        return 1;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

void dtls_require_certificate(SSL_CTX *context)
{
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context, dtls_on_certificate, NULL);
}

/* ---- The handshake --------------------------------------------------------------------------- */

static unsigned int dtls_next_timeout(SSL *ssl, unsigned int last_us)
{
    (void)ssl;
    if (last_us == 0)
        return DTLS_FIRST_TIMEOUT_US;
    return last_us < DTLS_LONGEST_TIMEOUT_US / 2 ? last_us * 2 : DTLS_LONGEST_TIMEOUT_US;
}

enum err dtls_create(const struct dtls_identity *identity, const struct dtls_fingerprint *expected,
                     struct dtls **ret_dtls)
{
    struct dtls *dtls = calloc(1, sizeof *dtls);
    if (!dtls)
        return ERR_NO_MEMORY;
    dtls->expected = *expected;
    dtls->ssl = SSL_new(identity->context);
    BIO *bio = dtls->ssl ? dtls_bio_new(dtls) : NULL;
    if (!bio) {
        dtls_destroy(dtls);
        return ERR_NO_MEMORY;
    }
    SSL_set_app_data(dtls->ssl, dtls);
    SSL_set_bio(dtls->ssl, bio, bio);
    SSL_set_accept_state(dtls->ssl);
    DTLS_set_link_mtu(dtls->ssl, DTLS_LINK_MTU_BYTES);
    DTLS_set_timer_cb(dtls->ssl, dtls_next_timeout);
    *ret_dtls = dtls;
    return ERR_OK;
}

void dtls_destroy(struct dtls *dtls)
{
    if (!dtls)
        return;
    SSL_free(dtls->ssl);
    free(dtls);
}

static bool dtls_has_profile(const struct dtls *dtls)
{
    return SSL_get_selected_srtp_profile(dtls->ssl) != NULL;
}

static void dtls_judge(struct dtls *dtls, int result)
{
    if (result == 1) {
        dtls->state = dtls_has_profile(dtls) ? DTLS_DONE : DTLS_FAILED;
        return;
    }
    int reason = SSL_get_error(dtls->ssl, result);
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
        dtls->state = DTLS_FAILED;
}

enum dtls_state dtls_on_datagram(struct dtls *dtls, struct bytes datagram,
                                 struct dtls_datagrams *out)
{
    ERR_clear_error(); /* the queue is the thread's, not the connection's */
    dtls->in = datagram;
    dtls->out = out;
    if (dtls->state == DTLS_HANDSHAKING) {
        dtls_judge(dtls, SSL_do_handshake(dtls->ssl));
    } else if (dtls->state == DTLS_DONE) {
        /* A repeated last flight makes OpenSSL repeat ours; anything else is not for us. */
        uint8_t ignored[LIMIT_DATAGRAM_BYTES];
        (void)SSL_read(dtls->ssl, ignored, sizeof ignored);
    }
    dtls->in.size = 0;
    dtls->out = NULL;
    return dtls->state;
}

enum dtls_state dtls_on_timeout(struct dtls *dtls, struct dtls_datagrams *out)
{
    ERR_clear_error();
    dtls->out = out;
    if (dtls->state == DTLS_HANDSHAKING && DTLSv1_handle_timeout(dtls->ssl) < 0)
        dtls->state = DTLS_FAILED;
    dtls->out = NULL;
    return dtls->state;
}

usec_t dtls_timeout_us(const struct dtls *dtls)
{
    struct timeval left;
    if (dtls->state != DTLS_HANDSHAKING || DTLSv1_get_timeout(dtls->ssl, &left) != 1)
        return USEC_NEVER;
    return (usec_t)left.tv_sec * USEC_PER_SEC + (usec_t)left.tv_usec;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static bool dtls_key_sizes(unsigned long profile, uint32_t *ret_key, uint32_t *ret_salt)
{
    switch (profile) {
    case SRTP_AEAD_AES_128_GCM:
        *ret_key = 16;
        *ret_salt = 12; /* RFC 7714, section 14.2 */
        return true;
    case SRTP_AEAD_AES_256_GCM:
        *ret_key = 32;
        *ret_salt = 12;
        return true;
    case SRTP_AES128_CM_SHA1_80:
        *ret_key = 16;
        *ret_salt = 14; /* RFC 5764, section 4.1.2 */
        return true;
    default:
        return false;
    }
}

enum err dtls_export_keys(const struct dtls *dtls, struct dtls_keys *ret_keys)
{
    assert(dtls->state == DTLS_DONE);
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(dtls->ssl);
    struct dtls_keys keys = {.profile = profile ? profile->id : 0};
    if (!dtls_key_sizes(keys.profile, &keys.key_size, &keys.salt_size))
        return ERR_UNSUPPORTED;
    uint8_t material[2 * (sizeof keys.client_key + sizeof keys.client_salt)];
    size_t size = 2 * ((size_t)keys.key_size + keys.salt_size);
    if (SSL_export_keying_material(dtls->ssl, material, size, dtls_srtp_label,
                                   sizeof dtls_srtp_label - 1, NULL, 0, 0) != 1)
        return ERR_UNSUPPORTED;
    struct rd rd = rd_init((struct bytes){material, size});
    memcpy(keys.client_key, rd_bytes(&rd, keys.key_size).data, keys.key_size);
    memcpy(keys.server_key, rd_bytes(&rd, keys.key_size).data, keys.key_size);
    memcpy(keys.client_salt, rd_bytes(&rd, keys.salt_size).data, keys.salt_size);
    memcpy(keys.server_salt, rd_bytes(&rd, keys.salt_size).data, keys.salt_size);
    OPENSSL_cleanse(material, sizeof material);
    *ret_keys = keys;
    OPENSSL_cleanse(&keys, sizeof keys);
    return ERR_OK;
}
