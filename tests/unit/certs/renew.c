/* What the authority itself uses never ends while the authority runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/x509v3.h>

#include "tests/support/signer.h"

#define YEAR_MS (365 * SIGNER_DAY_MS)

struct place {
    char folder[64];
    struct certs_ca *ca;
    struct certs_trust *trust;
    struct certs_ask ask;
    struct signer signer;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char path[128];
    signer_folder(place->folder);
    (void)snprintf(path, sizeof path, "%s/ca", place->folder);
    if (certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) != ERR_OK)
        return -1;
    (void)snprintf(path, sizeof path, "%s/ca/root.pem", place->folder);
    if (certs_trust_load(path, &place->trust) != ERR_OK)
        return -1;
    place->ask = (struct certs_ask){.ca = place->ca, .trust = place->trust};
    place->signer = signer_make(place->ca, "Lê Văn Ước", "", 1, SIGNER_NOW);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    signer_done(&place->signer);
    certs_trust_free(place->trust);
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

static uint32_t count(const struct place *place, enum certs_kind kind)
{
    struct certs_entry entry;
    uint32_t cursor = 0, found = 0;
    while (certs_register_next(place->ca, &cursor, &entry))
        found += entry.kind == kind;
    return found;
}

static void year_after_year_statuses_and_stamps_hold(void **state)
{
    struct place *place = *state;
    const uint8_t digest[CERTS_SHA256_BYTES] = {3};
    for (int64_t year = 0; year < 8; year++) {
        utc_ms_t now = SIGNER_NOW + year * YEAR_MS;
        struct certs_stamp stamp = {0};
        struct certs_proof proofs[2] = {{.kind = CERTS_PROOF_CRL}};
        assert_int_equal(certs_ca_renew(place->ca, now), ERR_OK);
        assert_int_equal(certs_tsa_ask(&place->ask, digest, now, &stamp), ERR_OK);
        assert_true(stamp.facts.not_after >= now + 2 * YEAR_MS);
        assert_int_equal(certs_proof_ask(&place->ask,
                                         buffer_bytes(&place->signer.issued.certificate),
                                         certs_ca_issuing(place->ca), now, &proofs[0]),
                         ERR_OK);
        assert_int_equal(certs_proof_ask(&place->ask, certs_ca_issuing(place->ca),
                                         certs_ca_root(place->ca), now, &proofs[1]),
                         ERR_OK);
        buffer_done(&stamp.token);
        buffer_done(&proofs[0].der);
        buffer_done(&proofs[1].der);
    }
    assert_int_equal(count(place, CERTS_KIND_OCSP), 8);
    assert_int_equal(count(place, CERTS_KIND_TSA), 2); /* at the start, and in the fourth year */
}

/* Others ask where a TSA's certificate says; that the place moves later is no reason for another.
 */
static void a_tsa_of_before_the_address_was_known_is_replaced_once(void **state)
{
    struct place *place = *state;
    static const char *const urls[] = {"https://one.example/pki", "https://two.example/pki"};
    for (size_t n = 0; n < 2; n++) {
        assert_int_equal(certs_ca_set_url(place->ca, urls[n]), ERR_OK);
        assert_int_equal(certs_ca_renew(place->ca, SIGNER_NOW), ERR_OK);
        assert_int_equal(count(place, CERTS_KIND_TSA), 2);
    }
}

static void nothing_is_made_while_what_there_is_runs_on(void **state)
{
    struct place *place = *state;
    struct buffer first = {0}, later = {0};
    assert_int_equal(certs_crl(place->ca, SIGNER_NOW, &first), ERR_OK);
    for (int n = 1; n < 100; n++)
        assert_int_equal(certs_ca_renew(place->ca, SIGNER_NOW + n * INT64_C(60000)), ERR_OK);
    assert_int_equal(certs_crl(place->ca, SIGNER_NOW + INT64_C(6000000), &later), ERR_OK);
    assert_true(bytes_equal(buffer_bytes(&first), buffer_bytes(&later)));
    assert_int_equal(count(place, CERTS_KIND_OCSP), 1);
    assert_int_equal(count(place, CERTS_KIND_TSA), 1);
    buffer_done(&first);
    buffer_done(&later);
}

static uint64_t number_of(struct bytes der)
{
    const unsigned char *at = der.data;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.size);
    ASN1_INTEGER *held = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
    uint64_t number = 0;
    assert_int_equal(ASN1_INTEGER_get_uint64(&number, held), 1);
    ASN1_INTEGER_free(held);
    X509_CRL_free(crl);
    return number;
}

/* Also over a new start, and when the clock was put back. */
static void every_list_has_a_higher_number_than_the_one_before(void **state)
{
    struct place *place = *state;
    static const int64_t days[] = {0, 1, 2, 1, 9};
    uint64_t before = 0;
    for (size_t n = 0; n < sizeof days / sizeof *days; n++) {
        utc_ms_t now = SIGNER_NOW + days[n] * SIGNER_DAY_MS;
        struct buffer crl = {0};
        char path[128];
        (void)snprintf(path, sizeof path, "%s/ca", place->folder);
        certs_ca_close(place->ca);
        assert_int_equal(certs_ca_open(path, "", now, &place->ca), ERR_OK);
        assert_int_equal(certs_crl(place->ca, now, &crl), ERR_OK);
        assert_true(number_of(buffer_bytes(&crl)) > before);
        before = number_of(buffer_bytes(&crl));
        buffer_done(&crl);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(year_after_year_statuses_and_stamps_hold, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_tsa_of_before_the_address_was_known_is_replaced_once,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_made_while_what_there_is_runs_on, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_list_has_a_higher_number_than_the_one_before, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
