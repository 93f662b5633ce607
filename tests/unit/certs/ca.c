#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "tests/support/signer.h"

struct place {
    char folder[64];
    char ca_path[128];
    char cert_path[128];
    char key_path[128];
    struct certs_ca *ca;
};

static int setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    signer_folder(place->folder);
    (void)snprintf(place->ca_path, sizeof place->ca_path, "%s/ca", place->folder);
    (void)snprintf(place->cert_path, sizeof place->cert_path, "%s/tls.pem", place->folder);
    (void)snprintf(place->key_path, sizeof place->key_path, "%s/tls-key.pem", place->folder);
    *state = place;
    return certs_ca_open(place->ca_path, "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) == ERR_OK ? 0
                                                                                             : -1;
}

static int teardown(void **state)
{
    struct place *place = *state;
    certs_ca_close(place->ca);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

static X509 *load(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    assert_non_null(certificate);
    return certificate;
}

static X509 *parse(struct bytes der)
{
    const unsigned char *at = der.data;
    X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
    assert_non_null(certificate);
    return certificate;
}

static void a_second_opening_finds_the_same_authority(void **state)
{
    struct place *place = *state;
    struct certs_ca *again = NULL;
    assert_int_equal(certs_ca_open(place->ca_path, "Other", SIGNER_NOW, &again), ERR_OK);
    assert_true(bytes_equal(certs_ca_root(place->ca), certs_ca_root(again)));
    assert_true(bytes_equal(certs_ca_issuing(place->ca), certs_ca_issuing(again)));
    certs_ca_close(again);
}

static void keys_are_readable_by_their_owner_only(void **state)
{
    struct place *place = *state;
    const char *const names[] = {"root-key.pem", "issuing-key.pem"};
    for (size_t i = 0; i < 2; i++) {
        char path[256];
        struct stat info;
        (void)snprintf(path, sizeof path, "%s/%s", place->ca_path, names[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
    }
}

static void the_issuing_authority_may_certify_no_other(void **state)
{
    struct place *place = *state;
    X509 *issuing = parse(certs_ca_issuing(place->ca));
    X509 *root = parse(certs_ca_root(place->ca));
    assert_int_equal(X509_get_pathlen(issuing), 0);
    assert_int_equal(X509_get_pathlen(root), -1);
    assert_int_equal(X509_verify(issuing, X509_get0_pubkey(root)), 1);
    assert_int_equal(X509_get_key_usage(issuing), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
    X509_free(root);
    X509_free(issuing);
}

static void a_folder_with_something_else_in_it_is_refused(void **state)
{
    struct place *place = *state;
    struct certs_ca *ca = NULL;
    /* The test's own folder holds the CA's folder: not empty, and no CA. */
    assert_int_equal(certs_ca_open(place->folder, "X", SIGNER_NOW, &ca), ERR_FORMAT);
    char path[256];
    (void)snprintf(path, sizeof path, "%s/issuing-key.pem", place->ca_path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(certs_ca_open(place->ca_path, "X", SIGNER_NOW, &ca), ERR_FORMAT);
    assert_null(ca);
}

static void the_tls_certificate_names_every_host_and_address(void **state)
{
    struct place *place = *state;
    const char *const names[] = {"hop.lamgiang.example", "192.0.2.7", "2001:db8::7", "localhost"};
    assert_int_equal(
        certs_tls_ensure(place->ca, names, 4, place->cert_path, place->key_path, SIGNER_NOW),
        ERR_OK);
    X509 *tls = load(place->cert_path);
    assert_int_equal(X509_check_host(tls, "hop.lamgiang.example", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(tls, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(tls, "192.0.2.7", 0), 1);
    assert_int_equal(X509_check_ip_asc(tls, "2001:db8::7", 0), 1);
    assert_int_equal(X509_check_ip_asc(tls, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(tls, "::1", 0), 1);
    assert_int_equal(X509_check_host(tls, "evil.example", 0, 0, NULL), 0);
    GENERAL_NAMES *held = X509_get_ext_d2i(tls, NID_subject_alt_name, NULL, NULL);
    assert_int_equal(sk_GENERAL_NAME_num(held), 6); /* localhost once */
    GENERAL_NAMES_free(held);
    assert_int_equal(X509_get_key_usage(tls) & KU_NON_REPUDIATION, 0);
    X509_free(tls);
}

static void the_tls_pair_is_kept_until_names_change_or_its_end_nears(void **state)
{
    struct place *place = *state;
    const char *const names[] = {"a.example", "b.example"};
    X509 *seen[4];
    const struct {
        size_t names;
        utc_ms_t now;
    } calls[4] = {{2, SIGNER_NOW},
                  {2, SIGNER_NOW + 300 * SIGNER_DAY_MS},
                  {1, SIGNER_NOW + 300 * SIGNER_DAY_MS},
                  {1, SIGNER_NOW + 680 * SIGNER_DAY_MS}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(certs_tls_ensure(place->ca, names, calls[i].names, place->cert_path,
                                          place->key_path, calls[i].now),
                         ERR_OK);
        seen[i] = load(place->cert_path);
    }
    assert_int_equal(X509_cmp(seen[0], seen[1]), 0);
    assert_int_not_equal(X509_cmp(seen[1], seen[2]), 0);
    assert_int_not_equal(X509_cmp(seen[2], seen[3]), 0);
    for (size_t i = 0; i < 4; i++)
        X509_free(seen[i]);
}

static void a_name_that_is_no_host_is_refused(void **state)
{
    struct place *place = *state;
    const char *const bad[] = {"", "a b", "-x", ".x", "x,DNS:evil", "x\ny", "tỉnh"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(
            certs_tls_ensure(place->ca, &bad[i], 1, place->cert_path, place->key_path, SIGNER_NOW),
            ERR_FORMAT);
    assert_int_not_equal(access(place->cert_path, F_OK), 0);
}

static void the_dtls_pair_is_self_signed_and_kept(void **state)
{
    struct place *place = *state;
    assert_int_equal(certs_dtls_ensure(place->cert_path, place->key_path, SIGNER_NOW), ERR_OK);
    X509 *first = load(place->cert_path);
    assert_int_equal(certs_dtls_ensure(place->cert_path, place->key_path, SIGNER_NOW), ERR_OK);
    X509 *second = load(place->cert_path);
    assert_int_equal(X509_cmp(first, second), 0);
    assert_int_equal(X509_verify(first, X509_get0_pubkey(first)), 1);
    X509_free(first);
    X509_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_opening_finds_the_same_authority, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_are_readable_by_their_owner_only, setup, teardown),
        cmocka_unit_test_setup_teardown(the_issuing_authority_may_certify_no_other, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_folder_with_something_else_in_it_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_tls_certificate_names_every_host_and_address, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_tls_pair_is_kept_until_names_change_or_its_end_nears,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_name_that_is_no_host_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(the_dtls_pair_is_self_signed_and_kept, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
