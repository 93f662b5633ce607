/* Timestamps and proofs of validity asked over HTTP, of a server that answers as told, also badly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <pthread.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "tests/support/signer.h"

enum manner {
    FAITHFUL,
    SILENT,  /* takes the connection and says nothing */
    BUSY,    /* 503 */
    MOVED,   /* a redirect to itself */
    ENDLESS, /* more than anybody asked for */
    NOISE,   /* 200, and something else */
    NO_OCSP, /* the list is there, the responder is not */
    STOPPED, /* ends the thread */
};

struct house {
    char folder[64];
    struct certs_ca *ca;
    struct certs_trust *trust;
    struct certs_ask ask;
    struct signer signer;
    char tsa_url[CERTS_URL_BYTES];
    int listener;
    pthread_t thread;
    _Atomic enum manner manner;
};

static const uint8_t digest[CERTS_SHA256_BYTES] = {9};

/* -- the other machine ------------------------------------------------------------------------ */

/* Head and body of one request; the body's place and size in ret_body. */
static size_t receive(int fd, char *text, size_t capacity, struct bytes *ret_body)
{
    size_t size = 0;
    for (;;) {
        ssize_t got = recv(fd, text + size, capacity - 1 - size, 0);
        if (got <= 0)
            return 0;
        size += (size_t)got;
        text[size] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        const char *length = strcasestr(text, "\r\nContent-Length: ");
        size_t wanted = length ? strtoul(length + 18, NULL, 10) : 0;
        if (end && size >= (size_t)(end + 4 - text) + wanted) {
            *ret_body = (struct bytes){(const uint8_t *)end + 4, wanted};
            return size;
        }
    }
}

static void respond(int fd, const char *status, const char *more, struct bytes body)
{
    char head[256];
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n", status,
                        body.size, more);
    (void)send(fd, head, (size_t)size, MSG_NOSIGNAL);
    if (body.size > 0)
        (void)send(fd, body.data, body.size, MSG_NOSIGNAL);
}

static void answer_well(struct house *house, int fd, const char *request, struct bytes body)
{
    struct buffer answer = {0};
    enum err err = ERR_UNKNOWN;
    bool is_list = strncmp(request, "GET /pki/crl ", 13) == 0;
    if (is_list)
        err = certs_crl(house->ca, SIGNER_NOW, &answer);
    else if (strncmp(request, "POST /tsa ", 10) == 0)
        err = certs_tsa_answer(house->ca, body, SIGNER_NOW, &answer);
    else if (house->manner != NO_OCSP && strncmp(request, "POST /pki/ocsp ", 15) == 0)
        err = certs_ocsp_answer(house->ca, body, SIGNER_NOW, &answer);
    respond(fd, err == ERR_OK ? "200 OK" : "404 Not Found", "", buffer_bytes(&answer));
    buffer_done(&answer);
}

static void answer_endlessly(int fd)
{
    static uint8_t much[LIMIT_TSA_RESPONSE_BYTES + 1];
    respond(fd, "200 OK", "", (struct bytes){much, sizeof much});
}

static void serve_one(struct house *house, int fd)
{
    char text[16 * 1024];
    char location[CERTS_URL_BYTES + 32];
    struct bytes body, nothing = {NULL, 0};
    if (receive(fd, text, sizeof text, &body) == 0)
        return;
    enum manner manner = house->manner;
    switch (manner) {
    case SILENT:
        (void)recv(fd, text, sizeof text, 0); /* until the other side is tired of it */
        break;
    case BUSY:
        respond(fd, "503 Service Unavailable", "", nothing);
        break;
    case MOVED:
        (void)snprintf(location, sizeof location, "Location: %s\r\n", house->tsa_url);
        respond(fd, "302 Found", location, nothing);
        break;
    case ENDLESS:
        answer_endlessly(fd);
        break;
    case NOISE:
        respond(fd, "200 OK", "", bytes_of("<html>Chào mừng</html>"));
        break;
    case FAITHFUL:
    case NO_OCSP:
    case STOPPED:
        answer_well(house, fd, text, body);
        break;
    }
}

static void *serve(void *argument)
{
    struct house *house = argument;
    while (house->manner != STOPPED) {
        int fd = accept(house->listener, NULL, NULL);
        if (fd < 0)
            continue;
        serve_one(house, fd);
        (void)close(fd);
    }
    return NULL;
}

/* -- the house -------------------------------------------------------------------------------- */

static uint16_t listen_anywhere(int *ret_listener)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *ret_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(*ret_listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(*ret_listener, 8), 0);
    assert_int_equal(getsockname(*ret_listener, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

static int set_up(void **state)
{
    struct house *house = calloc(1, sizeof *house);
    char path[128], url[64];
    signer_folder(house->folder);
    (void)snprintf(path, sizeof path, "%s/ca", house->folder);
    assert_int_equal(certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &house->ca), ERR_OK);
    (void)snprintf(path, sizeof path, "%s/ca/root.pem", house->folder);
    assert_int_equal(certs_trust_load(path, &house->trust), ERR_OK);
    uint16_t port = listen_anywhere(&house->listener);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/pki", port);
    (void)snprintf(house->tsa_url, sizeof house->tsa_url, "http://127.0.0.1:%u/tsa", port);
    assert_int_equal(certs_ca_set_url(house->ca, url), ERR_OK);
    house->signer = signer_make(house->ca, "Lê Văn Ước", "", 1, SIGNER_NOW);
    house->ask = (struct certs_ask){.tsa_url = house->tsa_url, .trust = house->trust};
    assert_int_equal(pthread_create(&house->thread, NULL, serve, house), 0);
    *state = house;
    return 0;
}

static int tear_down(void **state)
{
    struct house *house = *state;
    house->manner = STOPPED;
    (void)shutdown(house->listener, SHUT_RDWR);
    (void)pthread_join(house->thread, NULL);
    (void)close(house->listener);
    signer_done(&house->signer);
    certs_trust_free(house->trust);
    certs_ca_close(house->ca);
    signer_remove_folder(house->folder);
    free(house);
    return 0;
}

/* -- timestamps ------------------------------------------------------------------------------- */

/* The chain of a stranger's TSA is built with what stands in the trust folder. */
static struct certs_trust *trust_with_issuing(const struct house *house)
{
    struct buffer pem = {0}, more = {0};
    struct certs_trust *trust = NULL;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/ca/root.pem", house->folder);
    assert_int_equal(certs_trust_gather(path, &pem), ERR_OK);
    (void)snprintf(path, sizeof path, "%s/ca/issuing.pem", house->folder);
    assert_int_equal(certs_trust_gather(path, &more), ERR_OK);
    assert_int_equal(buffer_put(&pem, buffer_bytes(&more)), ERR_OK);
    assert_int_equal(certs_trust_parse(buffer_bytes(&pem), &trust), ERR_OK);
    buffer_done(&pem);
    buffer_done(&more);
    return trust;
}

static void another_machine_stamps(void **state)
{
    struct house *house = *state;
    struct certs_stamp stamp = {0};
    struct certs_trust *trust = trust_with_issuing(house);
    house->ask.trust = trust;
    assert_int_equal(certs_tsa_ask(&house->ask, digest, SIGNER_NOW, &stamp), ERR_OK);
    assert_int_equal(stamp.facts.at, SIGNER_NOW);
    buffer_done(&stamp.token);
    certs_trust_free(trust);
}

static void a_tsa_that_nobody_trusts_is_refused(void **state)
{
    struct house *house = *state;
    struct certs_stamp stamp = {0}; /* its chain lacks the issuing CA */
    assert_int_equal(certs_tsa_ask(&house->ask, digest, SIGNER_NOW, &stamp), ERR_AUTH);
    assert_null(stamp.token.data);
}

static void what_goes_wrong_has_its_own_name(void **state)
{
    struct house *house = *state;
    static const struct {
        enum manner manner;
        enum err err;
    } CASES[] = {{BUSY, ERR_AGAIN},
                 {MOVED, ERR_FORBIDDEN},
                 {ENDLESS, ERR_LIMIT},
                 {NOISE, ERR_FORMAT},
                 {SILENT, ERR_AGAIN}};
    house->ask.timeout_ms = 300; /* the silent one costs it */
    for (size_t n = 0; n < sizeof CASES / sizeof *CASES; n++) {
        struct certs_stamp stamp = {0};
        house->manner = CASES[n].manner;
        assert_int_equal(certs_tsa_ask(&house->ask, digest, SIGNER_NOW, &stamp), CASES[n].err);
        assert_null(stamp.token.data);
    }
}

static void nobody_there_is_for_later(void **state)
{
    struct house *house = *state;
    struct certs_stamp stamp = {0};
    int listener = -1;
    char url[64];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/tsa", listen_anywhere(&listener));
    (void)close(listener);
    house->ask.tsa_url = url;
    assert_int_equal(certs_tsa_ask(&house->ask, digest, SIGNER_NOW, &stamp), ERR_AGAIN);
    house->ask.tsa_url = "file:///etc/passwd";
    assert_int_equal(certs_tsa_ask(&house->ask, digest, SIGNER_NOW, &stamp), ERR_UNSUPPORTED);
}

/* -- proofs ----------------------------------------------------------------------------------- */

static enum err ask(const struct house *house, utc_ms_t now, struct certs_proof *ret_proof)
{
    return certs_proof_ask(&house->ask, buffer_bytes(&house->signer.issued.certificate),
                           certs_ca_issuing(house->ca), now, ret_proof);
}

static void the_responder_that_the_certificate_names_is_asked(void **state)
{
    struct house *house = *state;
    struct certs_proof proof = {0};
    assert_int_equal(ask(house, SIGNER_NOW, &proof), ERR_OK);
    assert_int_equal(proof.kind, CERTS_PROOF_OCSP);
    assert_int_equal(proof.standing.status, CERTS_STATUS_GOOD);
    buffer_done(&proof.der);
}

static void without_a_responder_the_list_tells(void **state)
{
    struct house *house = *state;
    struct certs_proof proof = {0};
    house->manner = NO_OCSP;
    assert_int_equal(certs_register_revoke(house->ca, house->signer.issued.serial,
                                           CERTS_REASON_KEY_COMPROMISE, SIGNER_NOW),
                     ERR_OK);
    assert_int_equal(ask(house, SIGNER_NOW, &proof), ERR_OK);
    assert_int_equal(proof.kind, CERTS_PROOF_CRL);
    assert_int_equal(proof.standing.status, CERTS_STATUS_REVOKED);
    assert_int_equal(proof.standing.reason, CERTS_REASON_KEY_COMPROMISE);
    buffer_done(&proof.der);
}

static void a_proof_that_has_ended_proves_nothing(void **state)
{
    struct house *house = *state;
    struct certs_proof proof = {0}; /* the other machine's clock stands at SIGNER_NOW */
    assert_int_equal(ask(house, SIGNER_NOW + 3 * SIGNER_DAY_MS, &proof), ERR_STALE);
    assert_null(proof.der.data);
}

static void a_certificate_that_names_nobody_cannot_be_asked_about(void **state)
{
    struct house *house = *state;
    struct certs_proof proof = {0};
    assert_int_equal(certs_proof_ask(&house->ask, certs_ca_issuing(house->ca),
                                     certs_ca_root(house->ca), SIGNER_NOW, &proof),
                     ERR_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_machine_stamps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_tsa_that_nobody_trusts_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_goes_wrong_has_its_own_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_there_is_for_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_responder_that_the_certificate_names_is_asked, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_a_responder_the_list_tells, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_proof_that_has_ended_proves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_certificate_that_names_nobody_cannot_be_asked_about,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
