/* One handshake of ours against OpenSSL's own client, datagram by datagram. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/srtp.h>

#include "sfu/edge/dtls.h"
#include "tests/support/client_identity.h"

enum { ROUNDS_MAX = 20, SMALL_MTU_BYTES = 256, KEY_BYTES = 16, SALT_BYTES = 12 };

static const char every_profile[] =
    "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM";

/* A socket pair keeps the borders of datagrams; the test carries them between the two. */
struct pair {
    struct dtls_identity *identity;
    struct dtls *server;
    SSL_CTX *context;
    SSL *client;
    int wire;
    enum dtls_state state;
    struct dtls_datagrams out;
    bool reversed; /* each flight of the client arrives in reverse order */
    uint32_t lose; /* that many datagrams of the server */
    uint32_t client_datagrams;
};

static struct dtls_fingerprint digest_of(SSL_CTX *context, const char *hash, const EVP_MD *method)
{
    struct dtls_fingerprint fingerprint = {0};
    memcpy(fingerprint.hash, hash, strlen(hash) + 1);
    X509 *certificate = SSL_CTX_get0_certificate(context);
    if (certificate)
        assert_int_equal(X509_digest(certificate, method, fingerprint.digest, &fingerprint.size),
                         1);
    return fingerprint;
}

static void open_pair(struct pair *pair, SSL_CTX *context,
                      const struct dtls_fingerprint *fingerprint)
{
    int ends[2];
    *pair = (struct pair){.context = context};
    assert_int_equal(dtls_identity_create(NULL, NULL, &pair->identity), ERR_OK);
    assert_int_equal(dtls_create(pair->identity, fingerprint, &pair->server), ERR_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    pair->client = SSL_new(context);
    BIO *bio = BIO_new_socket(ends[0], BIO_CLOSE);
    assert_true(pair->client && bio);
    SSL_set_bio(pair->client, bio, bio);
    SSL_set_connect_state(pair->client);
    SSL_set_options(pair->client, SSL_OP_NO_QUERY_MTU);
    DTLS_set_link_mtu(pair->client, 1200);
    pair->wire = ends[1];
}

static void close_pair(struct pair *pair)
{
    SSL_free(pair->client);
    SSL_CTX_free(pair->context);
    dtls_destroy(pair->server);
    dtls_identity_destroy(pair->identity);
    close(pair->wire);
}

static void deliver_to_client(struct pair *pair)
{
    for (uint32_t i = 0; i < pair->out.count; i++) {
        if (pair->lose > 0) {
            pair->lose--;
            continue;
        }
        assert_true(send(pair->wire, pair->out.data[i], pair->out.size[i], 0) > 0);
    }
    pair->out.count = 0;
}

static void deliver_to_server(struct pair *pair)
{
    static struct dtls_datagrams flight;
    flight.count = 0;
    ssize_t got;
    while (flight.count < LIMIT_HANDSHAKE_DATAGRAMS &&
           (got = recv(pair->wire, flight.data[flight.count], LIMIT_DATAGRAM_BYTES, 0)) > 0)
        flight.size[flight.count++] = (uint16_t)got;
    pair->client_datagrams += flight.count;
    for (uint32_t i = 0; i < flight.count; i++) {
        uint32_t at = pair->reversed ? flight.count - 1 - i : i;
        pair->state = dtls_on_datagram(
            pair->server, (struct bytes){flight.data[at], flight.size[at]}, &pair->out);
    }
}

/* Until the client is done or the rounds are used up. */
static bool shake_hands(struct pair *pair)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        int result = SSL_do_handshake(pair->client);
        deliver_to_server(pair);
        deliver_to_client(pair);
        if (result == 1)
            return pair->state == DTLS_DONE;
        if (pair->state == DTLS_FAILED)
            return false;
    }
    return false;
}

static void assert_same_keys(const struct pair *pair)
{
    struct dtls_keys keys;
    uint8_t material[2 * (KEY_BYTES + SALT_BYTES)];
    assert_int_equal(dtls_export_keys(pair->server, &keys), ERR_OK);
    assert_int_equal(keys.profile, SRTP_AEAD_AES_128_GCM);
    assert_int_equal(SSL_export_keying_material(pair->client, material, sizeof material,
                                                "EXTRACTOR-dtls_srtp", 19, NULL, 0, 0),
                     1);
    assert_memory_equal(keys.client_key, material, KEY_BYTES);
    assert_memory_equal(keys.server_key, material + KEY_BYTES, KEY_BYTES);
    assert_memory_equal(keys.client_salt, material + 2 * KEY_BYTES, SALT_BYTES);
    assert_memory_equal(keys.server_salt, material + 2 * KEY_BYTES + SALT_BYTES, SALT_BYTES);
}

static void both_sides_export_the_same_keys(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = client_identity_context(NULL);
    struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
    open_pair(&pair, context, &expected);
    assert_true(shake_hands(&pair));
    assert_same_keys(&pair);
    close_pair(&pair);
}

static void the_server_prefers_aes_128_gcm(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = client_identity_context(every_profile);
    struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
    open_pair(&pair, context, &expected);
    assert_true(shake_hands(&pair));
    assert_same_keys(&pair);
    close_pair(&pair);
}

/* By an ALPN list of one long name: a browser's is as long for other reasons. */
static void lengthen_hello(SSL *client)
{
    uint8_t names[256] = {255, 'x'};
    assert_int_equal(SSL_set_alpn_protos(client, names, sizeof names), 0);
}

static void a_client_hello_may_span_datagrams_in_any_order(void **state)
{
    (void)state;
    for (int reversed = 0; reversed < 2; reversed++) {
        struct pair pair;
        SSL_CTX *context = client_identity_context(every_profile);
        struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
        open_pair(&pair, context, &expected);
        DTLS_set_link_mtu(pair.client, SMALL_MTU_BYTES);
        lengthen_hello(pair.client);
        pair.reversed = reversed == 1;
        assert_int_equal(SSL_do_handshake(pair.client), -1);
        deliver_to_server(&pair);
        assert_true(pair.client_datagrams >= 2);
        assert_int_equal(pair.state, DTLS_HANDSHAKING);
        assert_true(pair.out.count > 0); /* the whole hello was understood */
        deliver_to_client(&pair);
        pair.reversed = false;
        assert_true(shake_hands(&pair));
        assert_same_keys(&pair);
        close_pair(&pair);
    }
}

static void every_agreed_digest_of_the_certificate_is_accepted(void **state)
{
    (void)state;
    const struct {
        const char *hash;
        const EVP_MD *method;
    } hashes[] = {{"sha-256", EVP_sha256()}, {"sha-384", EVP_sha384()}, {"sha-512", EVP_sha512()}};
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        struct pair pair;
        SSL_CTX *context = client_identity_context(NULL);
        struct dtls_fingerprint expected = digest_of(context, hashes[i].hash, hashes[i].method);
        open_pair(&pair, context, &expected);
        assert_true(shake_hands(&pair));
        close_pair(&pair);
    }
}

static void a_certificate_that_the_offer_did_not_name_is_refused(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = client_identity_context(NULL);
    struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
    expected.digest[31] ^= 1;
    open_pair(&pair, context, &expected);
    assert_false(shake_hands(&pair));
    assert_int_equal(pair.state, DTLS_FAILED);
    close_pair(&pair);
}

static void an_unknown_kind_of_digest_is_refused(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = client_identity_context(NULL);
    struct dtls_fingerprint expected = digest_of(context, "sha-1", EVP_sha1());
    open_pair(&pair, context, &expected);
    assert_false(shake_hands(&pair));
    assert_int_equal(pair.state, DTLS_FAILED);
    close_pair(&pair);
}

static void a_client_without_a_certificate_is_refused(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = SSL_CTX_new(DTLS_client_method());
    assert_int_equal(SSL_CTX_set_tlsext_use_srtp(context, every_profile), 0);
    struct dtls_fingerprint expected = {.hash = "sha-256", .size = 32};
    open_pair(&pair, context, &expected);
    assert_false(shake_hands(&pair));
    assert_int_equal(pair.state, DTLS_FAILED);
    close_pair(&pair);
}

static void a_client_without_srtp_is_refused(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = client_identity_context("SRTP_AES128_CM_SHA1_32");
    struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
    open_pair(&pair, context, &expected);
    assert_false(shake_hands(&pair));
    assert_int_equal(pair.state, DTLS_FAILED);
    close_pair(&pair);
}

static void a_lost_flight_is_sent_again_when_its_time_is_up(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = client_identity_context(NULL);
    struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
    open_pair(&pair, context, &expected);
    assert_int_equal(dtls_timeout_us(pair.server), USEC_NEVER);
    assert_int_equal(SSL_do_handshake(pair.client), -1);
    deliver_to_server(&pair);
    pair.lose = pair.out.count;
    deliver_to_client(&pair);
    usec_t left = dtls_timeout_us(pair.server);
    assert_true(left > 0 && left < USEC_PER_SEC);
    /* OpenSSL's timer reads the clock itself: there is no way but to let the time pass. */
    usleep((useconds_t)left + 1000);
    assert_int_equal(dtls_on_timeout(pair.server, &pair.out), DTLS_HANDSHAKING);
    assert_true(pair.out.count > 0);
    deliver_to_client(&pair);
    assert_true(shake_hands(&pair));
    assert_same_keys(&pair);
    close_pair(&pair);
}

static void a_repeated_last_flight_is_answered_after_the_handshake(void **state)
{
    (void)state;
    struct pair pair;
    SSL_CTX *context = client_identity_context(NULL);
    struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
    open_pair(&pair, context, &expected);
    while (pair.state == DTLS_HANDSHAKING) {
        assert_int_equal(SSL_do_handshake(pair.client), -1);
        deliver_to_server(&pair);
        if (pair.state == DTLS_DONE)
            pair.lose = pair.out.count; /* our Finished never arrives */
        deliver_to_client(&pair);
    }
    assert_int_equal(pair.state, DTLS_DONE);
    usleep(1100 * 1000); /* the client's timer: one second */
    assert_true(DTLSv1_handle_timeout(pair.client) >= 0);
    deliver_to_server(&pair);
    assert_true(pair.out.count > 0);
    deliver_to_client(&pair);
    assert_int_equal(SSL_do_handshake(pair.client), 1);
    assert_same_keys(&pair);
    close_pair(&pair);
}

/* Records that are not whole, of another epoch, or of no known kind (RFC 6347, section 4.1.2.7). */
static void noise_between_the_flights_changes_nothing(void **state)
{
    (void)state;
    static const uint8_t noise[][20] = {{22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 255, 255, 1},
                                        {22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 40, 1, 2, 3, 4},
                                        {20, 254, 253, 0, 1, 0, 0, 0, 0, 0, 9, 0, 1, 1},
                                        {63}};
    struct pair pair;
    SSL_CTX *context = client_identity_context(NULL);
    struct dtls_fingerprint expected = digest_of(context, "sha-256", EVP_sha256());
    open_pair(&pair, context, &expected);
    assert_int_equal(SSL_do_handshake(pair.client), -1);
    deliver_to_server(&pair);
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        for (size_t size = 1; size <= sizeof noise[i]; size++) {
            assert_int_equal(
                dtls_on_datagram(pair.server, (struct bytes){noise[i], size}, &pair.out),
                DTLS_HANDSHAKING);
        }
    }
    deliver_to_client(&pair);
    assert_true(shake_hands(&pair));
    close_pair(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_export_the_same_keys),
        cmocka_unit_test(the_server_prefers_aes_128_gcm),
        cmocka_unit_test(a_client_hello_may_span_datagrams_in_any_order),
        cmocka_unit_test(every_agreed_digest_of_the_certificate_is_accepted),
        cmocka_unit_test(a_certificate_that_the_offer_did_not_name_is_refused),
        cmocka_unit_test(an_unknown_kind_of_digest_is_refused),
        cmocka_unit_test(a_client_without_a_certificate_is_refused),
        cmocka_unit_test(a_client_without_srtp_is_refused),
        cmocka_unit_test(a_lost_flight_is_sent_again_when_its_time_is_up),
        cmocka_unit_test(a_repeated_last_flight_is_answered_after_the_handshake),
        cmocka_unit_test(noise_between_the_flights_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
