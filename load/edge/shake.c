/* DTLS 1.2 as a client (RFC 6347, RFC 5764). The object, 74 kB, lives only while hands are shaken:
 * the server's flight is the last one, so nothing of ours can be asked for again. */
#include <string.h>
#include <sys/time.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "load/edge/crowd.h"

enum { LINK_MTU_BYTES = 1200, FIRST_TIMEOUT_US = 400 * 1000, LONGEST_TIMEOUT_US = 4 * 1000 * 1000 };

/* ---- Datagrams for OpenSSL ------------------------------------------------------------------- */

static int bio_write(BIO *bio, const char *data, int size)
{
    struct peer *peer = BIO_get_data(bio);
    if (size < 0 || size > PORT_DATAGRAM_BYTES)
        return -1;
    peer_send(peer, (const uint8_t *)data, (size_t)size);
    return size;
}

static int bio_read(BIO *bio, char *data, int capacity)
{
    struct peer *peer = BIO_get_data(bio);
    struct bytes *in = &peer->shaking_in;
    BIO_clear_retry_flags(bio);
    if (in->size == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t size = in->size < (size_t)capacity ? in->size : (size_t)capacity;
    memcpy(data, in->data, size);
    in->size = 0;
    return (int)size;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static BIO_METHOD *bio_method;

static void make_bio_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "crowd");
    if (method && BIO_meth_set_write(method, bio_write) && BIO_meth_set_read(method, bio_read) &&
        BIO_meth_set_ctrl(method, bio_ctrl))
        bio_method = method;
    else
        BIO_meth_free(method);
}

/* A table for the whole process, made once and never changed. */
static BIO *bio_new(struct peer *peer)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_bio_method);
    BIO *bio = bio_method ? BIO_new(bio_method) : NULL;
    if (!bio)
        return NULL;
    BIO_set_data(bio, peer);
    BIO_set_init(bio, 1);
    return bio;
}

static unsigned int next_timeout(SSL *ssl, unsigned int last_us)
{
    (void)ssl;
    if (last_us == 0)
        return FIRST_TIMEOUT_US;
    return last_us < LONGEST_TIMEOUT_US / 2 ? last_us * 2 : LONGEST_TIMEOUT_US;
}

/* ---- The handshake --------------------------------------------------------------------------- */

enum err shake_begin(struct peer *peer)
{
    peer->ssl = SSL_new(peer->load->identity.context);
    BIO *bio = peer->ssl ? bio_new(peer) : NULL;
    if (!bio) {
        shake_end(peer);
        return ERR_NO_MEMORY;
    }
    SSL_set_bio(peer->ssl, bio, bio);
    SSL_set_connect_state(peer->ssl);
    DTLS_set_link_mtu(peer->ssl, LINK_MTU_BYTES);
    DTLS_set_timer_cb(peer->ssl, next_timeout);
    return ERR_OK;
}

enum shake_result shake_step(struct peer *peer, struct bytes datagram)
{
    ERR_clear_error(); /* the queue is the thread's, not the connection's */
    peer->shaking_in = datagram;
    if (datagram.size == 0 && DTLSv1_handle_timeout(peer->ssl) < 0)
        return SHAKE_FAILED;
    int result = SSL_do_handshake(peer->ssl);
    peer->shaking_in.size = 0;
    if (result == 1)
        return SHAKE_DONE;
    int reason = SSL_get_error(peer->ssl, result);
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? SHAKE_GOES_ON
                                                                           : SHAKE_FAILED;
}

usec_t shake_deadline(const struct peer *peer)
{
    struct timeval left;
    if (DTLSv1_get_timeout(peer->ssl, &left) != 1)
        return peer->load->now + FIRST_TIMEOUT_US;
    return peer->load->now + (usec_t)left.tv_sec * USEC_PER_SEC + (usec_t)left.tv_usec;
}

bool shake_is_certified(const struct peer *peer)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    const X509 *certificate = SSL_get0_peer_certificate(peer->ssl);
    return certificate && X509_digest(certificate, EVP_sha256(), digest, &size) == 1 &&
           size == OFFER_DIGEST_BYTES && memcmp(digest, peer->digest, size) == 0;
}

void shake_end(struct peer *peer)
{
    SSL_free(peer->ssl);
    peer->ssl = NULL;
}
