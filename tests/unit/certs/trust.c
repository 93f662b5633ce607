/* Anchors as files: which count for whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "tests/support/signer.h"

struct place {
    char folder[64];
    struct certs_ca *ca;
    struct certs_ca *other;
    struct signer signer;
    struct buffer cms;
    struct certs_stamp stamp;
};

static const uint8_t digest[CERTS_SHA256_BYTES] = {1, 2, 3};

static const char *path_in(const struct place *place, const char *name, char path[256])
{
    (void)snprintf(path, 256, "%s/%s", place->folder, name);
    return path;
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    char path[256];
    struct certs_trust *trust = NULL;
    signer_folder(place->folder);
    if (certs_ca_open(path_in(place, "ca", path), "Tỉnh Lam Giang", SIGNER_NOW, &place->ca) !=
            ERR_OK ||
        certs_ca_open(path_in(place, "other", path), "Tỉnh Khác", SIGNER_NOW, &place->other) !=
            ERR_OK ||
        certs_trust_load(path_in(place, "ca/root.pem", path), &trust) != ERR_OK)
        return -1;
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    place->signer = signer_make(place->ca, "Lê Văn Ước", "", 1, SIGNER_NOW);
    signer_answer(&place->signer, digest, raw);
    struct certs_ask ask = {.ca = place->ca, .trust = trust};
    if (certs_cms_assemble(buffer_bytes(&place->signer.issued.certificate), chain, 1, digest, raw,
                           &place->cms) != ERR_OK ||
        certs_tsa_ask(&ask, digest, SIGNER_NOW, &place->stamp) != ERR_OK)
        return -1;
    certs_trust_free(trust);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    buffer_done(&place->cms);
    buffer_done(&place->stamp.token);
    signer_done(&place->signer);
    certs_ca_close(place->ca);
    certs_ca_close(place->other);
    signer_remove_folder(place->folder);
    free(place);
    return 0;
}

/* Whether a person's signature, and a timestamp, are trusted through the folder `trust`. */
static void judge(const struct place *place, bool people, bool tsa)
{
    struct certs_trust *trust = NULL;
    struct certs_signer signer;
    struct certs_timestamp timestamp;
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    char path[256];
    assert_int_equal(certs_trust_load(path_in(place, "trust", path), &trust), ERR_OK);
    assert_int_equal(
        certs_cms_verify(buffer_bytes(&place->cms), digest, trust, SIGNER_NOW, &signer),
        people ? CERTS_FAULT_NONE : CERTS_FAULT_UNTRUSTED);
    assert_int_equal(certs_timestamp_verify(buffer_bytes(&place->stamp.token), digest, trust, chain,
                                            1, SIGNER_NOW, &timestamp),
                     tsa ? CERTS_FAULT_NONE : CERTS_FAULT_UNTRUSTED);
    certs_trust_free(trust);
}

static void copy(const struct place *place, const char *from, const char *to)
{
    char path[256];
    uint8_t text[4096];
    FILE *file = fopen(path_in(place, from, path), "rb");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text, file);
    assert_int_equal(fclose(file), 0);
    file = fopen(path_in(place, to, path), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void make_folders(const struct place *place)
{
    static const char *const names[] = {"trust", "trust/people", "trust/tsa"};
    char path[256];
    for (size_t n = 0; n < 3; n++)
        assert_int_equal(mkdir(path_in(place, names[n], path), 0700), 0);
}

static void an_anchor_counts_for_the_purpose_of_its_folder(void **state)
{
    struct place *place = *state;
    char path[256];
    make_folders(place);
    copy(place, "other/root.pem", "trust/people/other.pem");
    judge(place, false, false);
    copy(place, "ca/root.pem", "trust/people/province.crt");
    judge(place, true, false);
    copy(place, "ca/root.pem", "trust/tsa/province.pem");
    judge(place, true, true);
    assert_int_equal(unlink(path_in(place, "trust/people/province.crt", path)), 0);
    judge(place, false, true);
    copy(place, "ca/root.pem", "trust/both.pem");
    assert_int_equal(unlink(path_in(place, "trust/tsa/province.pem", path)), 0);
    judge(place, true, true);
}

static void a_ca_that_is_no_root_helps_and_ends_no_chain(void **state)
{
    struct place *place = *state;
    make_folders(place);
    copy(place, "ca/issuing.pem", "trust/people/issuing.pem");
    judge(place, false, false);
}

static void what_is_no_certificate_is_passed_over_and_nothing_is_an_error(void **state)
{
    struct place *place = *state;
    struct certs_trust *trust = NULL;
    char path[256];
    make_folders(place);
    assert_int_equal(certs_trust_load(path_in(place, "trust", path), &trust), ERR_FORMAT);
    copy(place, "ca/register", "trust/people/README");
    assert_int_equal(certs_trust_load(path_in(place, "trust", path), &trust), ERR_FORMAT);
    copy(place, "ca/root.pem", "trust/people/province.pem");
    judge(place, true, false);
    assert_int_equal(certs_trust_load(path_in(place, "nowhere", path), &trust), ERR_UNKNOWN);
    assert_null(trust);
}

static void the_founded_folder_trusts_the_province_for_both_and_is_left_alone(void **state)
{
    struct place *place = *state;
    char path[256], other[256];
    (void)path_in(place, "trust", path);
    assert_int_equal(certs_trust_found(path, "province", certs_ca_root(place->ca)), ERR_OK);
    judge(place, true, true);
    assert_int_equal(unlink(path_in(place, "trust/tsa/province.pem", other)), 0);
    assert_int_equal(certs_trust_found(path, "province", certs_ca_root(place->ca)), ERR_OK);
    judge(place, true, false);
}

/* The sandboxed child reads the gathered text: cut anywhere, it must not mean more. */
static void every_truncation_of_the_gathered_text_is_judged(void **state)
{
    struct place *place = *state;
    struct buffer pem = {0};
    char path[256];
    make_folders(place);
    copy(place, "other/root.pem", "trust/people/other.pem");
    copy(place, "ca/root.pem", "trust/tsa/province.pem");
    assert_int_equal(certs_trust_gather(path_in(place, "trust", path), &pem), ERR_OK);
    for (size_t size = 0; size <= pem.size; size++) {
        struct certs_trust *trust = NULL;
        struct certs_signer signer;
        if (certs_trust_parse((struct bytes){pem.data, size}, &trust) != ERR_OK)
            continue;
        assert_int_equal(
            certs_cms_verify(buffer_bytes(&place->cms), digest, trust, SIGNER_NOW, &signer),
            CERTS_FAULT_UNTRUSTED);
        certs_trust_free(trust);
    }
    buffer_done(&pem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_anchor_counts_for_the_purpose_of_its_folder, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_ca_that_is_no_root_helps_and_ends_no_chain, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_no_certificate_is_passed_over_and_nothing_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_founded_folder_trusts_the_province_for_both_and_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_of_the_gathered_text_is_judged, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
