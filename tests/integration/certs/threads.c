/* One authority used by several threads at once, as Jobs and the door do; for ThreadSanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "tests/support/signer.h"

enum { THREADS = 4, TURNS = 12 };

struct house {
    char folder[64];
    struct certs_ca *ca;
    struct certs_trust *trust;
};

struct hand {
    pthread_t thread;
    struct house *house;
    uint64_t number;
    uint32_t failed;
};

static void turn(struct hand *hand, uint64_t n)
{
    struct house *house = hand->house;
    const uint8_t digest[CERTS_SHA256_BYTES] = {(uint8_t)n};
    struct certs_ask ask = {.ca = house->ca, .trust = house->trust};
    struct certs_stamp stamp = {0};
    struct certs_proof proof = {0};
    struct buffer crl = {0};
    struct signer signer =
        signer_make(house->ca, "Lê Văn Ước", "", hand->number * TURNS + n + 1, SIGNER_NOW);
    struct bytes certificate = buffer_bytes(&signer.issued.certificate);
    bool fine = certs_tsa_ask(&ask, digest, SIGNER_NOW, &stamp) == ERR_OK &&
                certs_register_revoke(house->ca, signer.issued.serial, CERTS_REASON_SUPERSEDED,
                                      SIGNER_NOW) == ERR_OK &&
                certs_proof_ask(&ask, certificate, certs_ca_issuing(house->ca), SIGNER_NOW,
                                &proof) == ERR_OK &&
                proof.standing.status == CERTS_STATUS_REVOKED &&
                certs_crl(house->ca, SIGNER_NOW, &crl) == ERR_OK &&
                certs_ca_renew(house->ca, SIGNER_NOW) == ERR_OK;
    hand->failed += fine ? 0 : 1;
    buffer_done(&stamp.token);
    buffer_done(&proof.der);
    buffer_done(&crl);
    signer_done(&signer);
}

static void *work(void *argument)
{
    struct hand *hand = argument;
    for (uint64_t n = 0; n < TURNS; n++)
        turn(hand, n);
    return NULL;
}

static void one_authority_serves_many_threads(void **state)
{
    (void)state;
    struct house house = {0};
    struct hand hands[THREADS];
    char path[128];
    signer_folder(house.folder);
    (void)snprintf(path, sizeof path, "%s/ca", house.folder);
    assert_int_equal(certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &house.ca), ERR_OK);
    (void)snprintf(path, sizeof path, "%s/ca/root.pem", house.folder);
    assert_int_equal(certs_trust_load(path, &house.trust), ERR_OK);
    for (uint64_t n = 0; n < THREADS; n++) {
        hands[n] = (struct hand){.house = &house, .number = n};
        assert_int_equal(pthread_create(&hands[n].thread, NULL, work, &hands[n]), 0);
    }
    for (size_t n = 0; n < THREADS; n++) {
        assert_int_equal(pthread_join(hands[n].thread, NULL), 0);
        assert_int_equal(hands[n].failed, 0);
    }

    uint32_t cursor = 0, revoked = 0;
    struct certs_entry entry;
    while (certs_register_next(house.ca, &cursor, &entry))
        revoked += entry.is_revoked;
    assert_int_equal(revoked, THREADS * TURNS);
    certs_trust_free(house.trust);
    certs_ca_close(house.ca);
    signer_remove_folder(house.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_authority_serves_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
