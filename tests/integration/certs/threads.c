/* One authority used by several threads at once, as Jobs and the door do; for ThreadSanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/file.h>

#include "certs/edge/ca_part.h"
#include "certs/edge/crl.h"
#include "tests/support/signer.h"

enum { THREADS = 4, TURNS = 12 };

struct house {
    char folder[64];
    struct certs_ca *ca;
    struct certs_trust *trust;
};

static void house_open(struct house *house)
{
    char path[128];
    *house = (struct house){.ca = NULL};
    signer_folder(house->folder);
    (void)snprintf(path, sizeof path, "%s/ca", house->folder);
    assert_int_equal(certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &house->ca), ERR_OK);
    (void)snprintf(path, sizeof path, "%s/ca/root.pem", house->folder);
    assert_int_equal(certs_trust_load(path, &house->trust), ERR_OK);
}

static void house_close(struct house *house)
{
    certs_trust_free(house->trust);
    certs_ca_close(house->ca);
    signer_remove_folder(house->folder);
}

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
    struct house house;
    struct hand hands[THREADS];
    house_open(&house);
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
    house_close(&house);
}

/* -- lists ------------------------------------------------------------------------------------ */

static void revoke_somebody(struct certs_ca *ca, uint64_t id)
{
    struct signer signer = signer_make(ca, "Lê Văn Ước", "", id, SIGNER_NOW);
    assert_int_equal(
        certs_register_revoke(ca, signer.issued.serial, CERTS_REASON_SUPERSEDED, SIGNER_NOW),
        ERR_OK);
    signer_done(&signer);
}

struct list_maker {
    pthread_t thread;
    struct certs_ca *ca;
    struct buffer crl;
    enum err err;
};

static void *make_list(void *argument)
{
    struct list_maker *maker = argument;
    maker->err = certs_crl(maker->ca, SIGNER_NOW, &maker->crl);
    return NULL;
}

/* Another process has the folder: whoever wants to write there waits, whoever reads does not. */
static void who_waits_for_the_folder_keeps_nobody_from_reading(void **state)
{
    (void)state;
    struct house house;
    char path[128];
    house_open(&house);
    revoke_somebody(house.ca, 1);
    (void)snprintf(path, sizeof path, "%s/ca/lock", house.folder);
    int folder = open(path, O_RDWR | O_CLOEXEC);
    assert_true(folder >= 0);
    assert_int_equal(flock(folder, LOCK_EX), 0);

    struct list_maker maker = {.ca = house.ca};
    assert_int_equal(pthread_create(&maker.thread, NULL, make_list, &maker), 0);
    while (pthread_mutex_trylock(&house.ca->change) != EBUSY) {
        (void)pthread_mutex_unlock(&house.ca->change);
        (void)sched_yield();
    }
    const uint8_t digest[CERTS_SHA256_BYTES] = {1};
    struct certs_ask ask = {.ca = house.ca, .trust = house.trust};
    struct certs_stamp stamp = {0};
    struct certs_entry entry;
    uint32_t cursor = 0;
    assert_int_equal(certs_tsa_ask(&ask, digest, SIGNER_NOW, &stamp), ERR_OK);
    assert_true(certs_register_next(house.ca, &cursor, &entry));
    assert_int_equal(flock(folder, LOCK_UN), 0);

    assert_int_equal(pthread_join(maker.thread, NULL), 0);
    assert_int_equal(maker.err, ERR_OK);
    assert_true(maker.crl.size > 0);
    buffer_done(&maker.crl);
    buffer_done(&stamp.token);
    (void)close(folder);
    house_close(&house);
}

enum { LISTS = 20 };

struct lister {
    pthread_t thread;
    struct certs_ca *ca;
    uint64_t first_id;
    struct buffer lists[LISTS];
    uint32_t failed;
};

static void *revoke_and_list(void *argument)
{
    struct lister *lister = argument;
    for (uint64_t n = 0; n < LISTS; n++) {
        revoke_somebody(lister->ca, lister->first_id + n);
        lister->failed += certs_crl(lister->ca, SIGNER_NOW, &lister->lists[n]) != ERR_OK;
    }
    return NULL;
}

static uint64_t number_of(struct bytes der, uint32_t *ret_revoked)
{
    X509_CRL *crl = NULL;
    uint64_t number = 0;
    assert_int_equal(crl_parse(der, &crl), ERR_OK);
    ASN1_INTEGER *held = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
    assert_int_equal(ASN1_INTEGER_get_uint64(&number, held), 1);
    *ret_revoked = (uint32_t)sk_X509_REVOKED_num(X509_CRL_get_REVOKED(crl));
    ASN1_INTEGER_free(held);
    X509_CRL_free(crl);
    return number;
}

/* Two openings of one folder are as far apart as two processes. Each list holds what its maker had
 * revoked before it asked. */
static void two_who_make_lists_never_give_one_number_to_two(void **state)
{
    (void)state;
    struct house house;
    char path[128];
    static struct lister listers[2];
    house_open(&house);
    (void)snprintf(path, sizeof path, "%s/ca", house.folder);
    listers[0] = (struct lister){.ca = house.ca, .first_id = 1};
    listers[1] = (struct lister){.first_id = 1000};
    assert_int_equal(certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &listers[1].ca), ERR_OK);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&listers[i].thread, NULL, revoke_and_list, &listers[i]), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(listers[i].thread, NULL), 0);
        assert_int_equal(listers[i].failed, 0);
    }
    for (size_t i = 0; i < 2; i++)
        for (size_t n = 0; n < LISTS; n++) {
            uint32_t revoked = 0, revoked_there = 0;
            uint64_t number = number_of(buffer_bytes(&listers[i].lists[n]), &revoked);
            assert_true(revoked > n);
            for (size_t k = 0; k < LISTS; k++)
                if (number_of(buffer_bytes(&listers[1 - i].lists[k]), &revoked_there) == number)
                    assert_true(bytes_equal(buffer_bytes(&listers[1 - i].lists[k]),
                                            buffer_bytes(&listers[i].lists[n])));
            if (n > 0)
                assert_true(number >
                            number_of(buffer_bytes(&listers[i].lists[n - 1]), &revoked_there));
        }
    for (size_t i = 0; i < 2; i++)
        for (size_t n = 0; n < LISTS; n++)
            buffer_done(&listers[i].lists[n]);
    certs_ca_close(listers[1].ca);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_authority_serves_many_threads),
        cmocka_unit_test(who_waits_for_the_folder_keeps_nobody_from_reading),
        cmocka_unit_test(two_who_make_lists_never_give_one_number_to_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
