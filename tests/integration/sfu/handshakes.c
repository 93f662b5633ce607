/* Handshakes that run on Jobs threads, as a worker sees them; the worker's clock is the test's. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "sfu/edge/handshakes.h"
#include "sfu/edge/transform.h"
#include "tests/support/client_identity.h"

enum { ENDPOINTS = 4, JOB_THREADS = 2, JOB_QUEUE = 64, ROUNDS_MAX = 20, PATIENCE_MS = 2000 };

static const struct handle somebody = {.index = 2, .generation = 1};
static const struct handle successor = {.index = 2, .generation = 3};
static const struct udp_address peer = {.port = 4000};
static const usec_t begin = 1000 * USEC_PER_SEC;

struct scene {
    struct jobs *jobs;
    struct dtls_identity *identity;
    struct cipher *cipher;
    struct handshakes *handshakes;
    SSL_CTX *context;
    SSL *client;
    int wire;
    struct dtls_fingerprint expected;
    usec_t now;
    uint32_t keys;
    uint32_t failures;
};

static int open_scene(void **state)
{
    static struct scene scene;
    int ends[2];
    scene = (struct scene){.now = begin, .context = client_identity_context(NULL)};
    assert_int_equal(jobs_create(JOB_THREADS, JOB_QUEUE, &scene.jobs), ERR_OK);
    assert_int_equal(dtls_identity_create(NULL, NULL, &scene.identity), ERR_OK);
    assert_int_equal(cipher_create(SFU_CIPHER_AUTO, &scene.cipher), ERR_OK);
    assert_int_equal(
        handshakes_create(ENDPOINTS, scene.identity, scene.cipher, scene.jobs, &scene.handshakes),
        ERR_OK);
    memcpy(scene.expected.hash, "sha-256", sizeof "sha-256");
    assert_int_equal(X509_digest(SSL_CTX_get0_certificate(scene.context), EVP_sha256(),
                                 scene.expected.digest, &scene.expected.size),
                     1);
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    scene.client = SSL_new(scene.context);
    BIO *bio = BIO_new_socket(ends[0], BIO_CLOSE);
    SSL_set_bio(scene.client, bio, bio);
    SSL_set_connect_state(scene.client);
    SSL_set_options(scene.client, SSL_OP_NO_QUERY_MTU);
    DTLS_set_link_mtu(scene.client, 1200);
    scene.wire = ends[1];
    *state = &scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;
    handshakes_destroy(scene->handshakes);
    jobs_destroy(scene->jobs);
    dtls_identity_destroy(scene->identity);
    cipher_destroy(scene->cipher);
    SSL_free(scene->client);
    SSL_CTX_free(scene->context);
    close(scene->wire);
    return 0;
}

static enum err give(struct scene *scene, struct handle endpoint, struct bytes datagram)
{
    return handshakes_on_datagram(scene->handshakes, scene->now, endpoint, &peer, &scene->expected,
                                  datagram);
}

/* What the client has sent, to the handshakes; how many datagrams that was. */
static uint32_t carry_over(struct scene *scene, struct handle endpoint)
{
    uint8_t data[LIMIT_DATAGRAM_BYTES];
    uint32_t count = 0;
    ssize_t got;
    while ((got = recv(scene->wire, data, sizeof data, 0)) > 0) {
        assert_int_equal(give(scene, endpoint, (struct bytes){data, (size_t)got}), ERR_OK);
        count++;
    }
    return count;
}

static void take_outputs(struct scene *scene, struct handle endpoint)
{
    struct handshake_output output;
    while (handshakes_next(scene->handshakes, scene->now, &output)) {
        assert_true(handle_equal(output.endpoint, endpoint));
        switch (output.kind) {
        case HANDSHAKE_SEND:
            assert_true(udp_address_equal(&output.to, &peer));
            assert_true(send(scene->wire, output.datagram.data, output.datagram.size, 0) > 0);
            break;
        case HANDSHAKE_KEYS:
            scene->keys++;
            transform_destroy_pair(&output.keys);
            break;
        case HANDSHAKE_FAILED:
            scene->failures++;
            break;
        }
    }
}

static bool wait_for_jobs(const struct scene *scene)
{
    struct pollfd back = {.fd = handshakes_fd(scene->handshakes), .events = POLLIN};
    return poll(&back, 1, PATIENCE_MS) == 1;
}

static bool shake_hands(struct scene *scene, struct handle endpoint)
{
    for (int round = 0; round < ROUNDS_MAX && !scene->failures; round++) {
        if (SSL_do_handshake(scene->client) == 1)
            return true;
        if (carry_over(scene, endpoint) > 0)
            assert_true(wait_for_jobs(scene));
        take_outputs(scene, endpoint);
    }
    return false;
}

static void keys_come_back_once(void **state)
{
    struct scene *scene = *state;
    assert_true(shake_hands(scene, somebody));
    assert_int_equal(scene->keys, 1);
    assert_int_equal(scene->failures, 0);
}

static void a_wrong_certificate_fails_once(void **state)
{
    struct scene *scene = *state;
    scene->expected.digest[0] ^= 1;
    assert_false(shake_hands(scene, somebody));
    assert_int_equal(scene->keys, 0);
    assert_int_equal(scene->failures, 1);
    uint8_t more = 22;
    assert_int_equal(give(scene, somebody, (struct bytes){&more, 1}), ERR_WRONG_STATE);
}

static void an_endpoint_that_leaves_in_mid_handshake_is_forgotten(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(SSL_do_handshake(scene->client), -1);
    assert_true(carry_over(scene, somebody) > 0);
    handshakes_forget(scene->handshakes, somebody);
    assert_true(wait_for_jobs(scene));
    take_outputs(scene, somebody);
    assert_int_equal(scene->keys + scene->failures, 0);
    uint8_t peeked;
    assert_int_equal(SSL_do_handshake(scene->client), -1); /* no answer came */
    assert_int_equal(recv(scene->wire, &peeked, 1, 0), -1);
}

static void the_end_of_a_worker_waits_for_what_runs(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(SSL_do_handshake(scene->client), -1);
    assert_true(carry_over(scene, somebody) > 0);
    /* close_scene() destroys it with the job still out; a sanitizer would tell. */
}

static void the_next_tenant_of_a_place_begins_anew(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(SSL_do_handshake(scene->client), -1);
    assert_true(carry_over(scene, somebody) > 0);
    assert_true(wait_for_jobs(scene));
    SSL_clear(scene->client);
    SSL_set_connect_state(scene->client);
    SSL_set_options(scene->client, SSL_OP_NO_QUERY_MTU);
    DTLS_set_link_mtu(scene->client, 1200);
    assert_int_equal(SSL_do_handshake(scene->client), -1);
    assert_true(carry_over(scene, successor) > 0);
    struct handshake_output output;
    while (scene->keys == 0 && wait_for_jobs(scene)) {
        while (handshakes_next(scene->handshakes, scene->now, &output)) {
            assert_true(handle_equal(output.endpoint, successor));
            if (output.kind == HANDSHAKE_SEND) {
                assert_true(send(scene->wire, output.datagram.data, output.datagram.size, 0) > 0);
            } else {
                assert_int_equal(output.kind, HANDSHAKE_KEYS);
                transform_destroy_pair(&output.keys);
                scene->keys++;
            }
        }
        (void)SSL_do_handshake(scene->client);
        (void)carry_over(scene, successor);
    }
    assert_int_equal(scene->keys, 1);
}

static void it_lingers_after_the_first_media_and_then_ends(void **state)
{
    struct scene *scene = *state;
    uint8_t more = 22;
    assert_false(handshakes_wants_media(scene->handshakes, somebody));
    assert_true(shake_hands(scene, somebody));
    assert_true(handshakes_wants_media(scene->handshakes, somebody));
    handshakes_on_media(scene->handshakes, scene->now, somebody);
    assert_false(handshakes_wants_media(scene->handshakes, somebody));
    scene->now += HANDSHAKE_LINGER_US - 1;
    handshakes_on_tick(scene->handshakes, scene->now);
    assert_int_equal(give(scene, somebody, (struct bytes){&more, 1}), ERR_OK);
    assert_true(wait_for_jobs(scene));
    take_outputs(scene, somebody);
    scene->now += 1;
    assert_true(handshakes_deadline(scene->handshakes) <= scene->now);
    handshakes_on_tick(scene->handshakes, scene->now);
    assert_int_equal(give(scene, somebody, (struct bytes){&more, 1}), ERR_WRONG_STATE);
    assert_int_equal(handshakes_deadline(scene->handshakes), USEC_NEVER);
}

static void a_client_that_stops_answering_fails_in_the_end(void **state)
{
    struct scene *scene = *state;
    assert_int_equal(SSL_do_handshake(scene->client), -1);
    assert_true(carry_over(scene, somebody) > 0);
    assert_true(wait_for_jobs(scene));
    take_outputs(scene, somebody);
    assert_true(handshakes_deadline(scene->handshakes) < begin + USEC_PER_SEC);
    scene->now = begin + HANDSHAKE_TIMEOUT_US;
    handshakes_on_tick(scene->handshakes, scene->now);
    assert_true(wait_for_jobs(scene));
    take_outputs(scene, somebody);
    assert_int_equal(scene->failures, 1);
}

static void what_waits_for_one_endpoint_is_bounded(void **state)
{
    struct scene *scene = *state;
    uint8_t noise[100] = {22};
    uint32_t refused = 0;
    for (int i = 0; i < 1000; i++)
        if (give(scene, somebody, (struct bytes){noise, sizeof noise}) == ERR_FULL)
            refused++;
    assert_true(refused >= 1000 - 2 * LIMIT_HANDSHAKE_DATAGRAMS);
}

#define SCENE_TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(keys_come_back_once),
        SCENE_TEST(a_wrong_certificate_fails_once),
        SCENE_TEST(an_endpoint_that_leaves_in_mid_handshake_is_forgotten),
        SCENE_TEST(the_end_of_a_worker_waits_for_what_runs),
        SCENE_TEST(the_next_tenant_of_a_place_begins_anew),
        SCENE_TEST(it_lingers_after_the_first_media_and_then_ends),
        SCENE_TEST(a_client_that_stops_answering_fails_in_the_end),
        SCENE_TEST(what_waits_for_one_endpoint_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
