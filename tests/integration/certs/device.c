/* The agency's seal in a PKCS#11 device: SoftHSM2, each test with a token of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "certs/certs.h"
#include "certs/edge/der.h"
#include "certs/edge/device_part.h"
#include "tests/support/device.h"
#include "tests/support/signer.h"

#define NOW SIGNER_NOW
#define MESSAGE "các thuộc tính được ký"

static bool verifies(struct bytes certificate, const struct certs_device_signature *signature)
{
    X509 *parsed = NULL;
    struct buffer der = {0};
    assert_int_equal(der_parse_certificate(certificate, &parsed), ERR_OK);
    struct bytes value = {signature->bytes, signature->size};
    if (!signature->is_rsa) {
        assert_int_equal(signature->size, CERTS_RAW_SIGNATURE_BYTES);
        assert_int_equal(der_of_ecdsa(signature->bytes, &der), ERR_OK);
        value = buffer_bytes(&der);
    }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL,
                                        X509_get0_pubkey(parsed), NULL) == 1 &&
                EVP_DigestVerify(context, value.data, value.size, (const uint8_t *)MESSAGE,
                                 strlen(MESSAGE)) == 1;
    EVP_MD_CTX_free(context);
    buffer_done(&der);
    X509_free(parsed);
    return good;
}

static enum certs_device_fault sign(struct device_fixture *f, const char *pin, utc_ms_t now,
                                    struct certs_device_signature *ret_signature)
{
    return certs_device_sign(f->device, bytes_of(pin), bytes_of(MESSAGE), now, ret_signature);
}

struct province {
    struct device_fixture f;
    char folder[64];
    struct certs_ca *ca;
    struct certs_issued issued;
};

static void province_open(struct province *p, const char *module)
{
    char path[128];
    signer_folder(p->folder);
    snprintf(path, sizeof path, "%s/ca", p->folder);
    assert_int_equal(certs_ca_open(path, "tỉnh Lam Giang", NOW, &p->ca), ERR_OK);
    device_open(&p->f, module);
    device_make(&p->f);
    p->issued = device_certify(&p->f, p->ca, NOW);
}

static void province_close(struct province *p)
{
    certs_issued_done(&p->issued);
    device_close(&p->f);
    certs_ca_close(p->ca);
    signer_remove_folder(p->folder);
}

static void a_key_made_in_the_device_signs_what_its_certificate_verifies(void **unused)
{
    (void)unused;
    struct province p;
    struct certs_device_signature signature;
    struct buffer certificate = {0};
    province_open(&p, NULL);
    assert_int_equal(certs_device_certificate(p.f.device, &certificate), CERTS_DEVICE_FINE);
    assert_true(bytes_equal(buffer_bytes(&certificate), buffer_bytes(&p.issued.certificate)));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sign(&p.f, DEVICE_PIN, NOW, &signature), CERTS_DEVICE_FINE);
        assert_false(signature.is_rsa);
        assert_true(verifies(buffer_bytes(&certificate), &signature));
    }
    buffer_done(&certificate);
    province_close(&p);
}

static void its_signature_makes_a_cms_that_verifies(void **unused)
{
    (void)unused;
    struct province p;
    struct certs_device_signature signature;
    struct buffer attributes = {0};
    struct buffer cms = {0};
    struct certs_trust *trust = NULL;
    struct certs_signer signer;
    char path[128];
    const uint8_t digest[CERTS_SHA256_BYTES] = {1, 2, 3};
    province_open(&p, NULL);
    struct bytes certificate = buffer_bytes(&p.issued.certificate);
    struct bytes issuer = certs_ca_issuing(p.ca);
    assert_int_equal(certs_signed_attributes(certificate, digest, &attributes), ERR_OK);
    assert_int_equal(
        certs_device_sign(p.f.device, device_pin(), buffer_bytes(&attributes), NOW, &signature),
        CERTS_DEVICE_FINE);
    assert_int_equal(certs_cms_assemble(certificate, &issuer, 1, digest, signature.bytes, &cms),
                     ERR_OK);
    snprintf(path, sizeof path, "%s/ca/root.pem", p.folder);
    assert_int_equal(certs_trust_load(path, &trust), ERR_OK);
    assert_int_equal(certs_cms_verify(buffer_bytes(&cms), digest, trust, NOW, &signer),
                     CERTS_FAULT_NONE);
    assert_string_equal(signer.name, "Ủy ban nhân dân tỉnh Lam Giang");
    certs_trust_free(trust);
    buffer_done(&attributes);
    buffer_done(&cms);
    province_close(&p);
}

static void a_wrong_pin_is_counted_and_the_third_brings_a_rest(void **unused)
{
    (void)unused;
    struct province p;
    struct certs_device_signature signature;
    province_open(&p, NULL);
    assert_int_equal(sign(&p.f, "000000", NOW, &signature), CERTS_DEVICE_PIN_WRONG);
    assert_int_equal(certs_device_wrong_pins(p.f.device), 1);
    assert_int_equal(sign(&p.f, DEVICE_PIN, NOW, &signature), CERTS_DEVICE_FINE);
    assert_int_equal(certs_device_wrong_pins(p.f.device), 0);

    for (uint32_t i = 1; i <= CERTS_DEVICE_WRONG_PINS_MAX; i++) {
        assert_int_equal(sign(&p.f, "000000", NOW, &signature), CERTS_DEVICE_PIN_WRONG);
        assert_int_equal(certs_device_wrong_pins(p.f.device), i);
    }
    /* Not even the right one is passed on, so nobody learns anything meanwhile. */
    assert_int_equal(sign(&p.f, DEVICE_PIN, NOW + 1, &signature), CERTS_DEVICE_PIN_REST);
    assert_int_equal(sign(&p.f, DEVICE_PIN, NOW + CERTS_DEVICE_REST_MS, &signature),
                     CERTS_DEVICE_FINE);
    province_close(&p);
}

static void no_pin_and_one_too_long_are_wrong_ones(void **unused)
{
    (void)unused;
    struct province p;
    char lengthy[CERTS_DEVICE_PIN_BYTES * 8];
    struct certs_device_signature signature;
    memset(lengthy, '1', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = '\0';
    province_open(&p, NULL);
    assert_int_equal(sign(&p.f, "", NOW, &signature), CERTS_DEVICE_PIN_WRONG);
    assert_int_equal(sign(&p.f, lengthy, NOW, &signature), CERTS_DEVICE_PIN_WRONG);
    province_close(&p);
}

static void a_device_that_locks_itself_is_told_from_a_wrong_pin(void **unused)
{
    (void)unused;
    struct province p;
    struct certs_device_signature signature;
    province_open(&p, LOCKING_DEVICE);
    assert_int_equal(sign(&p.f, "000000", NOW, &signature), CERTS_DEVICE_PIN_WRONG);
    assert_false(certs_device_is_at_last_try(p.f.device));
    assert_int_equal(sign(&p.f, "000000", NOW, &signature), CERTS_DEVICE_PIN_WRONG);
    assert_true(certs_device_is_at_last_try(p.f.device));
    assert_int_equal(sign(&p.f, "000000", NOW, &signature), CERTS_DEVICE_PIN_WRONG);
    assert_int_equal(sign(&p.f, DEVICE_PIN, NOW + CERTS_DEVICE_REST_MS, &signature),
                     CERTS_DEVICE_PIN_LOCKED);
    province_close(&p);
}

static void a_token_pulled_out_and_put_back_needs_no_restart(void **unused)
{
    (void)unused;
    struct province p;
    struct certs_device_signature signature;
    struct buffer certificate = {0};
    province_open(&p, LOCKING_DEVICE);
    setenv("DEVICE_PULLED", "yes", 1);
    assert_int_equal(sign(&p.f, DEVICE_PIN, NOW, &signature), CERTS_DEVICE_NO_TOKEN);
    assert_int_equal(certs_device_certificate(p.f.device, &certificate), CERTS_DEVICE_NO_TOKEN);
    unsetenv("DEVICE_PULLED");
    assert_int_equal(sign(&p.f, DEVICE_PIN, NOW, &signature), CERTS_DEVICE_FINE);
    province_close(&p);
}

/* -- a seal whose key is RSA ------------------------------------------------------------------ */

/* A pair in the token, found by its label alone since it has no id. */
static EVP_PKEY *make_rsa(struct device_fixture *f, CK_ULONG bits)
{
    struct pkcs11_session session = {0};
    struct buffer modulus = {0};
    CK_OBJECT_HANDLE halves[2];
    CK_BBOOL yes = CK_TRUE;
    unsigned char exponent[] = {1, 0, 1};
    unsigned char label[] = "con-dau";
    CK_MECHANISM how = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE public_half[] = {{CKA_TOKEN, &yes, sizeof yes},
                                  {CKA_MODULUS_BITS, &bits, sizeof bits},
                                  {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent}};
    CK_ATTRIBUTE private_half[] = {{CKA_TOKEN, &yes, sizeof yes},
                                   {CKA_SIGN, &yes, sizeof yes},
                                   {CKA_LABEL, label, sizeof label - 1}};
    assert_int_equal(device_login(f->device, true, device_pin(), NOW, &session), CERTS_DEVICE_FINE);
    assert_int_equal(session.module->calls->C_GenerateKeyPair(session.handle, &how, public_half, 3,
                                                              private_half, 3, &halves[0],
                                                              &halves[1]),
                     CKR_OK);
    assert_int_equal(pkcs11_read(&session, halves[0], CKA_MODULUS, 512, &modulus), CKR_OK);
    pkcs11_end(&session);

    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *n = BN_bin2bn(modulus.data, (int)modulus.size, NULL);
    BIGNUM *e = BN_bin2bn(exponent, sizeof exponent, NULL);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e), 1);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    buffer_done(&modulus);
    return key;
}

static struct buffer certificate_of(EVP_PKEY *subject)
{
    EVP_PKEY *issuer = signer_key("P-256");
    X509 *certificate = X509_new();
    struct buffer der = {0};
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    assert_int_equal(X509_set_pubkey(certificate, subject), 1);
    assert_true(X509_sign(certificate, issuer, EVP_sha256()) > 0);
    assert_int_equal(der_of_certificate(certificate, &der), ERR_OK);
    X509_free(certificate);
    EVP_PKEY_free(issuer);
    return der;
}

static void an_rsa_key_signs_and_one_too_short_is_refused(void **unused)
{
    (void)unused;
    static const struct {
        CK_ULONG bits;
        enum certs_device_fault fault;
    } cases[] = {{2048, CERTS_DEVICE_FINE}, {1024, CERTS_DEVICE_KEY_KIND}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct device_fixture f;
        struct certs_device_signature signature;
        device_open(&f, NULL);
        assert_int_equal(certs_device_make_token(f.device, bytes_of("87654321"), device_pin()),
                         CERTS_DEVICE_FINE);
        EVP_PKEY *key = make_rsa(&f, cases[i].bits);
        struct buffer certificate = certificate_of(key);
        assert_int_equal(
            certs_device_keep_certificate(f.device, device_pin(), buffer_bytes(&certificate)),
            CERTS_DEVICE_FINE);
        assert_int_equal(sign(&f, DEVICE_PIN, NOW, &signature), cases[i].fault);
        if (cases[i].fault == CERTS_DEVICE_FINE) {
            assert_true(signature.is_rsa);
            assert_int_equal(signature.size, cases[i].bits / 8);
            assert_true(verifies(buffer_bytes(&certificate), &signature));
        }
        buffer_done(&certificate);
        EVP_PKEY_free(key);
        device_close(&f);
    }
}

static void a_certificate_of_a_key_that_is_not_in_the_device_is_not_kept(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < 4; i++) {
        bool has_rsa = i < 2;
        struct device_fixture f;
        struct buffer csr = {0};
        EVP_PKEY *own = NULL;
        device_open(&f, NULL);
        assert_int_equal(certs_device_make_token(f.device, bytes_of("87654321"), device_pin()),
                         CERTS_DEVICE_FINE);
        if (has_rsa)
            own = make_rsa(&f, 2048);
        else
            assert_int_equal(certs_device_make_key(f.device, device_pin(), "x", &csr),
                             CERTS_DEVICE_FINE);
        EVP_PKEY *other = i % 2 == 0 ? signer_key("P-256") : EVP_RSA_gen(2048);
        struct buffer certificate = certificate_of(other);
        assert_int_equal(
            certs_device_keep_certificate(f.device, device_pin(), buffer_bytes(&certificate)),
            CERTS_DEVICE_NO_KEY);
        buffer_done(&certificate);
        buffer_done(&csr);
        EVP_PKEY_free(other);
        EVP_PKEY_free(own);
        device_close(&f);
    }
}

static void what_is_missing_is_named(void **unused)
{
    (void)unused;
    struct certs_device *device = NULL;
    struct device_fixture f;
    struct certs_device_signature signature;
    struct buffer certificate = {0};
    const struct certs_device_place nowhere = {"/nowhere/module.so", "", ""};
    const struct certs_device_place other = {"libz.so.1", "", ""};
    assert_int_equal(certs_device_open(&nowhere, &device), CERTS_DEVICE_NO_MODULE);
    assert_int_equal(certs_device_open(&other, &device), CERTS_DEVICE_NO_MODULE);
    device_open(&f, NULL);
    assert_int_equal(sign(&f, DEVICE_PIN, NOW, &signature), CERTS_DEVICE_NO_TOKEN);
    device_make(&f);
    assert_int_equal(sign(&f, DEVICE_PIN, NOW, &signature), CERTS_DEVICE_NO_CERTIFICATE);
    assert_int_equal(certs_device_certificate(f.device, &certificate), CERTS_DEVICE_NO_CERTIFICATE);
    assert_int_equal(certs_device_make_token(f.device, bytes_of("87654321"), device_pin()),
                     CERTS_DEVICE_FAILED);
    device_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_made_in_the_device_signs_what_its_certificate_verifies),
        cmocka_unit_test(its_signature_makes_a_cms_that_verifies),
        cmocka_unit_test(a_wrong_pin_is_counted_and_the_third_brings_a_rest),
        cmocka_unit_test(no_pin_and_one_too_long_are_wrong_ones),
        cmocka_unit_test(a_device_that_locks_itself_is_told_from_a_wrong_pin),
        cmocka_unit_test(a_token_pulled_out_and_put_back_needs_no_restart),
        cmocka_unit_test(an_rsa_key_signs_and_one_too_short_is_refused),
        cmocka_unit_test(a_certificate_of_a_key_that_is_not_in_the_device_is_not_kept),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
