/* OCSP requests that are not as they should be; what good ones get is ask.c's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/ocsp.h>

#include "base/limits.h"
#include "tests/support/signer.h"

struct place {
    char folder[64];
    struct certs_ca *ca;
    struct signer signer;
    X509 *certificate;
    X509 *issuer;
};

static X509 *parse(struct bytes der)
{
    const unsigned char *at = der.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
    assert_non_null(certificate);
    return certificate;
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char path[128];
    signer_folder(place->folder);
    (void)snprintf(path, sizeof path, "%s/ca", place->folder);
    if (certs_ca_open(path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) != ERR_OK)
        return -1;
    place->signer = signer_make(place->ca, "Lê Văn Ước", "", 1, SIGNER_NOW);
    place->certificate = parse(buffer_bytes(&place->signer.issued.certificate));
    place->issuer = parse(certs_ca_issuing(place->ca));
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    X509_free(place->certificate);
    X509_free(place->issuer);
    signer_done(&place->signer);
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

/* Asks `count` times about the one certificate. */
static OCSP_REQUEST *make(const struct place *place, int count)
{
    OCSP_REQUEST *request = OCSP_REQUEST_new();
    for (int n = 0; n < count; n++)
        assert_non_null(OCSP_request_add0_id(
            request, OCSP_cert_to_id(EVP_sha256(), place->certificate, place->issuer)));
    return request;
}

/* The response status; frees `request`. */
static int ask(const struct place *place, OCSP_REQUEST *request, OCSP_BASICRESP **ret_basic)
{
    unsigned char *der = NULL;
    struct buffer answer = {0};
    int size = i2d_OCSP_REQUEST(request, &der);
    assert_int_equal(
        certs_ocsp_answer(place->ca, (struct bytes){der, (size_t)size}, SIGNER_NOW, &answer),
        ERR_OK);
    const unsigned char *at = answer.data;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, (long)answer.size);
    assert_non_null(response);
    int status = OCSP_response_status(response);
    if (ret_basic)
        *ret_basic = OCSP_response_get1_basic(response);
    OCSP_RESPONSE_free(response);
    buffer_done(&answer);
    OPENSSL_free(der);
    OCSP_REQUEST_free(request);
    return status;
}

static void as_many_as_are_allowed_are_answered_and_no_more(void **state)
{
    struct place *place = *state;
    OCSP_BASICRESP *basic = NULL;
    assert_int_equal(ask(place, make(place, LIMIT_OCSP_CERTIFICATES), &basic),
                     OCSP_RESPONSE_STATUS_SUCCESSFUL);
    assert_int_equal(OCSP_resp_count(basic), LIMIT_OCSP_CERTIFICATES);
    OCSP_BASICRESP_free(basic);
    assert_int_equal(ask(place, make(place, LIMIT_OCSP_CERTIFICATES + 1), NULL),
                     OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);
    assert_int_equal(ask(place, make(place, 0), NULL), OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);
}

static void a_nonce_is_echoed_up_to_its_bound(void **state)
{
    struct place *place = *state;
    unsigned char nonce[129] = {5};
    OCSP_BASICRESP *basic = NULL;
    OCSP_REQUEST *request = make(place, 1);
    assert_int_equal(OCSP_request_add1_nonce(request, nonce, 128), 1);
    OCSP_REQUEST *copy = ASN1_item_dup(ASN1_ITEM_rptr(OCSP_REQUEST), request);
    assert_int_equal(ask(place, request, &basic), OCSP_RESPONSE_STATUS_SUCCESSFUL);
    assert_int_equal(OCSP_check_nonce(copy, basic), 1);
    OCSP_BASICRESP_free(basic);
    OCSP_REQUEST_free(copy);

    request = make(place, 1);
    assert_int_equal(OCSP_request_add1_nonce(request, nonce, 129), 1);
    assert_int_equal(ask(place, request, NULL), OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);
}

static void a_critical_extension_that_is_not_known_is_not_passed_over(void **state)
{
    struct place *place = *state;
    for (int critical = 0; critical <= 1; critical++) {
        OCSP_REQUEST *request = make(place, 1);
        ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
        assert_int_equal(ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05\x00", 2), 1);
        X509_EXTENSION *extension =
            X509_EXTENSION_create_by_NID(NULL, NID_id_pkix_OCSP_serviceLocator, critical, value);
        assert_int_equal(OCSP_REQUEST_add_ext(request, extension, -1), 1);
        assert_int_equal(ask(place, request, NULL), critical ? OCSP_RESPONSE_STATUS_MALFORMEDREQUEST
                                                             : OCSP_RESPONSE_STATUS_SUCCESSFUL);
        X509_EXTENSION_free(extension);
        ASN1_OCTET_STRING_free(value);
    }
}

static void every_truncation_and_every_extra_byte_is_malformed(void **state)
{
    struct place *place = *state;
    static const uint8_t MALFORMED[] = {0x30, 0x03, 0x0A, 0x01, 0x01};
    OCSP_REQUEST *request = make(place, 2);
    unsigned char *der = NULL;
    int size = i2d_OCSP_REQUEST(request, &der);
    assert_true(size > 0);
    uint8_t *longer = calloc(1, (size_t)size + 1);
    memcpy(longer, der, (size_t)size);
    for (size_t cut = 0; cut <= (size_t)size + 1; cut++) {
        struct buffer answer = {0};
        if (cut == (size_t)size)
            continue;
        assert_int_equal(
            certs_ocsp_answer(place->ca, (struct bytes){longer, cut}, SIGNER_NOW, &answer), ERR_OK);
        assert_true(
            bytes_equal(buffer_bytes(&answer), (struct bytes){MALFORMED, sizeof MALFORMED}));
        buffer_done(&answer);
    }
    free(longer);
    OPENSSL_free(der);
    OCSP_REQUEST_free(request);
}

/* The root's certificates are not the issuing CA's to vouch for. */
static void about_another_issuer_nothing_is_known(void **state)
{
    struct place *place = *state;
    X509 *root = parse(certs_ca_root(place->ca));
    OCSP_BASICRESP *basic = NULL;
    OCSP_REQUEST *request = OCSP_REQUEST_new();
    assert_non_null(
        OCSP_request_add0_id(request, OCSP_cert_to_id(EVP_sha1(), place->issuer, root)));
    assert_int_equal(ask(place, request, &basic), OCSP_RESPONSE_STATUS_SUCCESSFUL);
    assert_int_equal(OCSP_single_get0_status(OCSP_resp_get0(basic, 0), NULL, NULL, NULL, NULL),
                     V_OCSP_CERTSTATUS_UNKNOWN);
    OCSP_BASICRESP_free(basic);
    X509_free(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(as_many_as_are_allowed_are_answered_and_no_more, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_nonce_is_echoed_up_to_its_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_critical_extension_that_is_not_known_is_not_passed_over,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_and_every_extra_byte_is_malformed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(about_another_issuer_nothing_is_known, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
