#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/x509v3.h>

#include "tests/support/signer.h"

struct place {
    char folder[64];
    struct certs_ca *ca;
};

static const struct certs_person person = {"Nguyễn Thị Hồng Thắm", "Phó Chủ tịch",
                                           "UBND xã Yên Hòa", "Tỉnh Lam Giang", 42};

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char path[128];
    signer_folder(place->folder);
    (void)snprintf(path, sizeof path, "%s/ca", place->folder);
    *state = place;
    return certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) == ERR_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct place *place = *state;
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

static enum err issue(struct place *place, struct bytes csr, struct certs_issued *issued)
{
    return certs_issue_personal(place->ca, &person, csr, SIGNER_NOW, issued);
}

static X509 *parse(struct bytes der)
{
    const unsigned char *at = der.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
    assert_non_null(certificate);
    return certificate;
}

static void the_name_comes_from_the_directory_and_never_from_the_request(void **state)
{
    struct signer signer =
        signer_make(((struct place *)*state)->ca, person.name, person.position, 42, SIGNER_NOW);
    X509 *certificate = parse(buffer_bytes(&signer.issued.certificate));
    char *text = X509_NAME_oneline(X509_get_subject_name(certificate), NULL, 0);
    assert_null(strstr(text, "Somebody Else"));
    OPENSSL_free(text);

    const X509_NAME *name = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char *utf8 = NULL;
    ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    assert_string_equal((char *)utf8, person.name);
    OPENSSL_free(utf8);
    X509_free(certificate);
    signer_done(&signer);
}

static void the_certificate_is_for_signing_documents_only(void **state)
{
    struct place *place = *state;
    struct signer signer = signer_make(place->ca, person.name, person.position, 42, SIGNER_NOW);
    X509 *certificate = parse(buffer_bytes(&signer.issued.certificate));
    X509 *issuing = parse(certs_ca_issuing(place->ca));
    assert_int_equal(X509_get_key_usage(certificate), KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
    assert_int_equal(X509_check_ca(certificate), 0);
    assert_int_equal(X509_verify(certificate, X509_get0_pubkey(issuing)), 1);
    assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(certificate), signer.key), 1);
    assert_true(signer.issued.not_before <= SIGNER_NOW);
    assert_true(signer.issued.not_after == SIGNER_NOW + 1095 * SIGNER_DAY_MS);
    X509_free(issuing);
    X509_free(certificate);
    signer_done(&signer);
}

static void serial_numbers_are_random_and_positive(void **state)
{
    struct place *place = *state;
    struct signer a = signer_make(place->ca, person.name, person.position, 42, SIGNER_NOW);
    struct signer b = signer_make(place->ca, person.name, person.position, 42, SIGNER_NOW);
    assert_string_not_equal(a.issued.serial, b.issued.serial);
    assert_true(strlen(a.issued.serial) <= 32);
    X509 *certificate = parse(buffer_bytes(&a.issued.certificate));
    assert_int_equal(ASN1_STRING_type(X509_get0_serialNumber(certificate)), V_ASN1_INTEGER);
    X509_free(certificate);
    signer_done(&a);
    signer_done(&b);
}

static void a_request_whose_key_did_not_sign_it_is_refused(void **state)
{
    EVP_PKEY *key = signer_key("P-256");
    struct buffer csr = signer_csr(key);
    struct certs_issued issued = {0};
    csr.data[csr.size - 1] ^= 1; /* the last byte of s */
    assert_int_equal(issue(*state, buffer_bytes(&csr), &issued), ERR_AUTH);
    buffer_done(&csr);
    EVP_PKEY_free(key);
}

static void other_curves_and_rsa_are_refused(void **state)
{
    struct certs_issued issued = {0};
    EVP_PKEY *keys[] = {signer_key("P-384"), signer_key("secp256k1"), EVP_RSA_gen(2048)};
    for (size_t i = 0; i < 3; i++) {
        struct buffer csr = signer_csr(keys[i]);
        assert_int_equal(issue(*state, buffer_bytes(&csr), &issued), ERR_UNSUPPORTED);
        buffer_done(&csr);
        EVP_PKEY_free(keys[i]);
    }
}

static void every_truncation_and_every_extra_byte_is_refused(void **state)
{
    EVP_PKEY *key = signer_key("P-256");
    struct buffer csr = signer_csr(key);
    struct certs_issued issued = {0};
    for (size_t size = 0; size < csr.size; size++) {
        struct bytes part = {csr.data, size};
        assert_int_equal(issue(*state, part, &issued), ERR_FORMAT);
    }
    const uint8_t extra = 0;
    assert_int_equal(buffer_put(&csr, (struct bytes){&extra, 1}), ERR_OK);
    assert_int_equal(issue(*state, buffer_bytes(&csr), &issued), ERR_FORMAT);
    buffer_done(&csr);
    EVP_PKEY_free(key);
}

static void an_oversized_request_is_refused_unread(void **state)
{
    static const uint8_t zeros[LIMIT_CSR_BYTES + 1];
    struct certs_issued issued = {0};
    struct bytes csr = {zeros, sizeof zeros};
    assert_int_equal(issue(*state, csr, &issued), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_comes_from_the_directory_and_never_from_the_request),
        cmocka_unit_test(the_certificate_is_for_signing_documents_only),
        cmocka_unit_test(serial_numbers_are_random_and_positive),
        cmocka_unit_test(a_request_whose_key_did_not_sign_it_is_refused),
        cmocka_unit_test(other_curves_and_rsa_are_refused),
        cmocka_unit_test(every_truncation_and_every_extra_byte_is_refused),
        cmocka_unit_test(an_oversized_request_is_refused_unread),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
