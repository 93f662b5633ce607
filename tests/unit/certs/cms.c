#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/cms.h>
#include <openssl/pem.h>

#include "tests/support/signer.h"

struct place {
    char folder[64];
    struct certs_ca *ca;
    struct certs_trust *trust;
    struct signer signer;
};

static const uint8_t digest[CERTS_SHA256_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8};

static struct certs_trust *trust_of(struct bytes der)
{
    const unsigned char *at = der.data;
    X509 *root = d2i_X509(NULL, &at, (long)der.size);
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, root);
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    struct certs_trust *trust = NULL;
    struct bytes pem = {(const uint8_t *)data, (size_t)size};
    assert_int_equal(certs_trust_parse(pem, &trust), ERR_OK);
    BIO_free(bio);
    X509_free(root);
    return trust;
}

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char path[128];
    signer_folder(place->folder);
    (void)snprintf(path, sizeof path, "%s/ca", place->folder);
    *state = place;
    if (certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) != ERR_OK)
        return -1;
    place->trust = trust_of(certs_ca_root(place->ca));
    place->signer = signer_make(place->ca, "Lê Văn Ước", "Chủ tịch", 7, SIGNER_NOW);
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;
    signer_done(&place->signer);
    certs_trust_free(place->trust);
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

static struct buffer cms_by(const struct place *place, const struct signer *signer)
{
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    struct buffer cms = {0};
    signer_answer(signer, digest, raw);
    assert_int_equal(
        certs_cms_assemble(buffer_bytes(&signer->issued.certificate), chain, 1, digest, raw, &cms),
        ERR_OK);
    return cms;
}

static enum certs_fault verify_at(const struct place *place, struct bytes cms, utc_ms_t at)
{
    struct certs_signer signer;
    return certs_cms_verify(cms, digest, place->trust, at, &signer);
}

static enum certs_fault verify(const struct place *place, struct bytes cms)
{
    return verify_at(place, cms, SIGNER_NOW);
}

static CMS_ContentInfo *parse(struct bytes der)
{
    const unsigned char *at = der.data;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)der.size);
    assert_non_null(cms);
    return cms;
}

static struct buffer write_and_free(CMS_ContentInfo *cms)
{
    unsigned char *data = NULL;
    int size = i2d_CMS_ContentInfo(cms, &data);
    struct buffer der = {0};
    assert_int_equal(buffer_put(&der, (struct bytes){data, (size_t)size}), ERR_OK);
    OPENSSL_free(data);
    CMS_ContentInfo_free(cms);
    return der;
}

static void a_signature_made_elsewhere_verifies_and_names_its_signer(void **state)
{
    struct place *place = *state;
    struct buffer cms = cms_by(place, &place->signer);
    struct certs_signer signer;
    assert_int_equal(
        certs_cms_verify(buffer_bytes(&cms), digest, place->trust, SIGNER_NOW, &signer),
        CERTS_FAULT_NONE);
    assert_string_equal(signer.name, "Lê Văn Ước");
    assert_string_equal(signer.position, "Chủ tịch");
    assert_non_null(strstr(signer.subject, "CN=Lê Văn Ước"));
    assert_string_equal(signer.serial, place->signer.issued.serial);
    assert_true(signer.not_after == place->signer.issued.not_after);
    buffer_done(&cms);
}

/* What the client signs must be, byte for byte, what the CMS holds. */
static void the_signed_attributes_are_exactly_the_three_of_the_profile(void **state)
{
    struct place *place = *state;
    struct buffer attributes = {0};
    assert_int_equal(certs_signed_attributes(buffer_bytes(&place->signer.issued.certificate),
                                             digest, &attributes),
                     ERR_OK);
    struct buffer cms = cms_by(place, &place->signer);
    /* In the CMS the SET's tag is the implicit [0] (RFC 5652, section 5.4). */
    attributes.data[0] = 0xA0;
    assert_non_null(memmem(cms.data, cms.size, attributes.data, attributes.size));

    CMS_ContentInfo *parsed = parse(buffer_bytes(&cms));
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(parsed), 0);
    assert_int_equal(CMS_signed_get_attr_count(signer), 3);
    assert_int_equal(CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1), -1);
    CMS_ContentInfo_free(parsed);
    buffer_done(&cms);
    buffer_done(&attributes);
}

static void a_signature_by_another_key_is_not_assembled(void **state)
{
    struct place *place = *state;
    struct signer other = signer_make(place->ca, "Kẻ Khác", "", 8, SIGNER_NOW);
    struct buffer cms = {0};
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    signer_answer(&other, digest, raw);
    assert_int_equal(certs_cms_assemble(buffer_bytes(&place->signer.issued.certificate), NULL, 0,
                                        digest, raw, &cms),
                     ERR_AUTH);
    memset(raw, 0, sizeof raw);
    assert_int_equal(certs_cms_assemble(buffer_bytes(&place->signer.issued.certificate), NULL, 0,
                                        digest, raw, &cms),
                     ERR_AUTH);
    signer_done(&other);
}

static void other_bytes_are_a_wrong_digest(void **state)
{
    struct place *place = *state;
    struct buffer cms = cms_by(place, &place->signer);
    const uint8_t other[CERTS_SHA256_BYTES] = {9};
    struct certs_signer signer;
    assert_int_equal(certs_cms_verify(buffer_bytes(&cms), other, place->trust, SIGNER_NOW, &signer),
                     CERTS_FAULT_DIGEST);
    buffer_done(&cms);
}

static void no_byte_can_be_flipped(void **state)
{
    struct place *place = *state;
    struct buffer cms = cms_by(place, &place->signer);
    for (size_t i = 0; i < cms.size; i++) {
        cms.data[i] ^= 1 << (i % 8);
        if (verify(place, buffer_bytes(&cms)) == CERTS_FAULT_NONE)
            fail_msg("a flip in byte %zu went unnoticed", i);
        cms.data[i] ^= 1 << (i % 8);
    }
    assert_int_equal(verify(place, buffer_bytes(&cms)), CERTS_FAULT_NONE);
    buffer_done(&cms);
}

static void every_truncation_and_every_extra_byte_is_refused(void **state)
{
    struct place *place = *state;
    struct buffer cms = cms_by(place, &place->signer);
    for (size_t size = 0; size < cms.size; size++)
        assert_int_equal(verify(place, (struct bytes){cms.data, size}), CERTS_FAULT_MALFORMED);
    const uint8_t extra = 0;
    assert_int_equal(buffer_put(&cms, (struct bytes){&extra, 1}), ERR_OK);
    assert_int_equal(verify(place, buffer_bytes(&cms)), CERTS_FAULT_MALFORMED);
    buffer_done(&cms);
}

static void the_chain_counts_at_the_time_asked_for(void **state)
{
    struct place *place = *state;
    struct buffer cms = cms_by(place, &place->signer);
    struct bytes der = buffer_bytes(&cms);
    assert_int_equal(verify_at(place, der, SIGNER_NOW - SIGNER_DAY_MS), CERTS_FAULT_NOT_YET_VALID);
    assert_int_equal(verify_at(place, der, SIGNER_NOW + 1094 * SIGNER_DAY_MS), CERTS_FAULT_NONE);
    assert_int_equal(verify_at(place, der, SIGNER_NOW + 1096 * SIGNER_DAY_MS), CERTS_FAULT_EXPIRED);
    buffer_done(&cms);
}

static void another_provinces_root_is_not_trusted(void **state)
{
    struct place *place = *state;
    char path[128];
    struct certs_ca *other = NULL;
    (void)snprintf(path, sizeof path, "%s/other", place->folder);
    assert_int_equal(certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &other), ERR_OK);
    struct certs_trust *trust = trust_of(certs_ca_root(other));
    struct buffer cms = cms_by(place, &place->signer);
    struct certs_signer signer;
    assert_int_equal(certs_cms_verify(buffer_bytes(&cms), digest, trust, SIGNER_NOW, &signer),
                     CERTS_FAULT_UNTRUSTED);
    buffer_done(&cms);
    certs_trust_free(trust);
    certs_ca_close(other);
}

/* Without the issuing CA's certificate no chain can be built. */
static void a_missing_issuer_is_not_trusted(void **state)
{
    struct place *place = *state;
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct buffer cms = {0};
    signer_answer(&place->signer, digest, raw);
    assert_int_equal(certs_cms_assemble(buffer_bytes(&place->signer.issued.certificate), NULL, 0,
                                        digest, raw, &cms),
                     ERR_OK);
    assert_int_equal(verify(place, buffer_bytes(&cms)), CERTS_FAULT_UNTRUSTED);
    buffer_done(&cms);
}

static void a_certificate_that_the_chain_does_not_need_is_refused(void **state)
{
    struct place *place = *state;
    struct signer other = signer_make(place->ca, "Kẻ Khác", "", 8, SIGNER_NOW);
    struct buffer cms = cms_by(place, &place->signer);
    CMS_ContentInfo *parsed = parse(buffer_bytes(&cms));
    const unsigned char *at = other.issued.certificate.data;
    X509 *stranger = d2i_X509(NULL, &at, (long)other.issued.certificate.size);
    assert_int_equal(CMS_add1_cert(parsed, stranger), 1);
    X509_free(stranger);
    struct buffer changed = write_and_free(parsed);
    assert_int_equal(verify(place, buffer_bytes(&changed)), CERTS_FAULT_UNUSED);
    buffer_done(&changed);
    buffer_done(&cms);
    signer_done(&other);
}

static void an_unsigned_attribute_is_refused(void **state)
{
    struct place *place = *state;
    struct buffer cms = cms_by(place, &place->signer);
    CMS_ContentInfo *parsed = parse(buffer_bytes(&cms));
    CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(parsed), 0);
    assert_int_equal(
        CMS_unsigned_add1_attr_by_NID(signer, NID_friendlyName, V_ASN1_UTF8STRING, "x", 1), 1);
    struct buffer changed = write_and_free(parsed);
    assert_int_equal(verify(place, buffer_bytes(&changed)), CERTS_FAULT_PROFILE);
    buffer_done(&changed);
    buffer_done(&cms);
}

/* Same key, same name, another serial: only signing-certificate-v2 tells them apart. */
static void a_certificate_swapped_for_another_of_the_same_key_is_refused(void **state)
{
    struct place *place = *state;
    struct buffer csr = signer_csr(place->signer.key);
    struct certs_person person = {"Lê Văn Ước", "Chủ tịch", "", "Tỉnh Lam Giang", 7};
    struct certs_issued twin = {0};
    assert_int_equal(
        certs_issue_personal(place->ca, &person, buffer_bytes(&csr), SIGNER_NOW, &twin), ERR_OK);

    /* A CMS for the twin, with the signature that was made for the first certificate. */
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct buffer cms = {0};
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    signer_answer(&place->signer, digest, raw);
    assert_int_equal(
        certs_cms_assemble(buffer_bytes(&twin.certificate), chain, 1, digest, raw, &cms), ERR_AUTH);

    /* Forged further: the first CMS, its certificate exchanged and its signer identifier too. */
    struct buffer genuine = cms_by(place, &place->signer);
    CMS_ContentInfo *parsed = parse(buffer_bytes(&genuine));
    CMS_ContentInfo *forged =
        CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED | CMS_BINARY);
    const unsigned char *at = twin.certificate.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)twin.certificate.size);
    CMS_SignerInfo *to = CMS_add1_signer(forged, certificate, place->signer.key, EVP_sha256(),
                                         CMS_PARTIAL | CMS_NOSMIMECAP);
    CMS_SignerInfo *from = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(parsed), 0);
    for (int i = 0; i < CMS_signed_get_attr_count(from); i++)
        assert_int_equal(CMS_signed_add1_attr(to, CMS_signed_get_attr(from, i)), 1);
    const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(from);
    ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(to), ASN1_STRING_get0_data(value),
                          ASN1_STRING_length(value));
    X509_free(certificate);
    CMS_ContentInfo_free(parsed);
    struct buffer swapped = write_and_free(forged);
    assert_int_equal(verify(place, buffer_bytes(&swapped)), CERTS_FAULT_ESS);

    buffer_done(&swapped);
    buffer_done(&genuine);
    buffer_done(&csr);
    certs_issued_done(&twin);
}

/* A TLS key signs as well as any; its certificate is not for that. */
static void a_server_certificate_cannot_sign_papers(void **state)
{
    struct place *place = *state;
    char cert_path[128];
    char key_path[128];
    (void)snprintf(cert_path, sizeof cert_path, "%s/tls.pem", place->folder);
    (void)snprintf(key_path, sizeof key_path, "%s/tls-key.pem", place->folder);
    assert_int_equal(certs_tls_ensure(place->ca, NULL, 0, cert_path, key_path, SIGNER_NOW), ERR_OK);
    FILE *file = fopen(cert_path, "r");
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    file = fopen(key_path, "r");
    struct signer signer = {.key = PEM_read_PrivateKey(file, NULL, NULL, NULL)};
    fclose(file);
    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);
    assert_int_equal(buffer_put(&signer.issued.certificate, (struct bytes){der, (size_t)size}),
                     ERR_OK);
    OPENSSL_free(der);
    X509_free(certificate);

    struct buffer cms = cms_by(place, &signer);
    assert_int_equal(verify(place, buffer_bytes(&cms)), CERTS_FAULT_USAGE);
    buffer_done(&cms);
    signer_done(&signer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_made_elsewhere_verifies_and_names_its_signer),
        cmocka_unit_test(the_signed_attributes_are_exactly_the_three_of_the_profile),
        cmocka_unit_test(a_signature_by_another_key_is_not_assembled),
        cmocka_unit_test(other_bytes_are_a_wrong_digest),
        cmocka_unit_test(no_byte_can_be_flipped),
        cmocka_unit_test(every_truncation_and_every_extra_byte_is_refused),
        cmocka_unit_test(the_chain_counts_at_the_time_asked_for),
        cmocka_unit_test(another_provinces_root_is_not_trusted),
        cmocka_unit_test(a_missing_issuer_is_not_trusted),
        cmocka_unit_test(a_certificate_that_the_chain_does_not_need_is_refused),
        cmocka_unit_test(an_unsigned_attribute_is_refused),
        cmocka_unit_test(a_certificate_swapped_for_another_of_the_same_key_is_refused),
        cmocka_unit_test(a_server_certificate_cannot_sign_papers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
