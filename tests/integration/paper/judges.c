/* What other programs say of a paper that went the whole way: signed twice with timestamps,
 * archived, numbered, sealed, archived again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_signature.h"
#include "tests/support/judge.h"
#include "tests/support/keep.h"

static struct paper_place place;
static struct buffer paper;
static char path[256];

static int setup(void **state)
{
    (void)state;
    paper_open(&place);
    paper = keep_whole(&place);
    paper_save(&place, "paper.pdf", buffer_bytes(&paper), path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buffer_done(&paper);
    paper_close(&place);
    return 0;
}

/* Every signature or timestamp of the file: what it covers, and its CMS or token. */
struct part {
    bool is_stamp;
    uint8_t digest[CERTS_SHA256_BYTES];
    struct buffer covered;
    struct buffer cms;
};

enum { PARTS = 5 };
static struct part parts[PARTS];

static void read_parts(void)
{
    struct pdf_map map;
    struct pdf_form form;
    const char *code = NULL;
    size_t at = 0;
    assert_int_equal(pdf_map_parse(buffer_bytes(&paper), &map, &code), ERR_OK);
    assert_true(pdf_form_read(&map, map.revision_count - 1, &form));
    for (size_t i = 0; i < form.count; i++) {
        const struct pdf_field *field = &form.fields[i];
        if (field->signature == 0)
            continue;
        struct pdf_signature read;
        size_t revision = 0;
        const struct pdf_object *object = NULL;
        while (!object)
            object = pdf_map_find(&map, ++revision, field->signature);
        assert_null(field->is_stamp ? pdf_signature_read_stamp(&map, revision, object, &read)
                                    : pdf_signature_read(&map, revision, object, &read));
        struct part *part = &parts[at++];
        part->is_stamp = field->is_stamp;
        assert_null(pdf_signature_cms(&read, &part->cms));
        const uint64_t *range = read.byte_range;
        assert_int_equal(pades_digest(buffer_bytes(&paper), range, part->digest), ERR_OK);
        part->covered = paper_copy((struct bytes){paper.data, range[1]});
        assert_int_equal(
            buffer_put(&part->covered, (struct bytes){paper.data + range[2], range[3]}), ERR_OK);
    }
    assert_int_equal(at, PARTS);
    pdf_map_done(&map);
}

static void parts_done(void)
{
    for (size_t i = 0; i < PARTS; i++) {
        buffer_done(&parts[i].covered);
        buffer_done(&parts[i].cms);
    }
}

static void openssl_verifies_every_signature_as_cades(void **state)
{
    (void)state;
    read_parts();
    size_t signatures = 0;
    for (size_t i = 0; i < PARTS; i++) {
        char content[256];
        char cms[256];
        if (parts[i].is_stamp)
            continue;
        paper_save(&place, "content", buffer_bytes(&parts[i].covered), content);
        paper_save(&place, "cms", buffer_bytes(&parts[i].cms), cms);
        int status = judge_run("openssl cms -verify -cades -binary -inform DER -in %s -content %s "
                               "-CAfile %s -attime %lld -out /dev/null 2>&1",
                               cms, content, place.root_path, (long long)(place.now / 1000 + 200));
        if (status != 0)
            fail_msg("openssl: %s", judge_said);
        assert_int_equal(judge_count("Verification successful"), 1);
        signatures++;
    }
    assert_int_equal(signatures, 3);
    parts_done();
}

/* The token in a CMS, or the document's own; over what it must be. */
static void check_token(struct bytes token, const uint8_t digest[CERTS_SHA256_BYTES])
{
    char token_path[256];
    char issuing[256];
    char hex[2 * CERTS_SHA256_BYTES + 1];
    (void)snprintf(issuing, sizeof issuing, "%s/ca/issuing.pem", place.folder);
    paper_save(&place, "token", token, token_path);
    hex_write(digest, CERTS_SHA256_BYTES, hex);
    int status =
        judge_run("openssl ts -verify -digest %s -in %s -token_in -CAfile %s -untrusted %s 2>&1",
                  hex, token_path, place.root_path, issuing);
    if (status != 0)
        fail_msg("openssl: %s", judge_said);
    assert_int_equal(judge_count("Verification: OK"), 1);
    hex[0] = hex[0] == '0' ? '1' : '0';
    assert_int_not_equal(
        judge_run("openssl ts -verify -digest %s -in %s -token_in -CAfile %s -untrusted %s 2>&1",
                  hex, token_path, place.root_path, issuing),
        0);
}

static void openssl_verifies_every_timestamp(void **state)
{
    (void)state;
    read_parts();
    for (size_t i = 0; i < PARTS; i++) {
        struct bytes cms = buffer_bytes(&parts[i].cms);
        if (parts[i].is_stamp) {
            check_token(cms, parts[i].digest);
            continue;
        }
        struct certs_carried carried;
        uint8_t digest[CERTS_SHA256_BYTES];
        assert_int_equal(certs_cms_carried(cms, &carried), ERR_OK);
        assert_int_equal(certs_cms_stamp_digest(cms, digest), ERR_OK);
        check_token(buffer_bytes(&carried.token), digest);
        certs_carried_done(&carried);
    }
    parts_done();
}

static void pdfsig_calls_all_three_valid_and_trusted(void **state)
{
    (void)state;
    assert_int_equal(judge_run("mkdir -p %s/nss && certutil -N -d sql:%s/nss --empty-password && "
                               "certutil -A -d sql:%s/nss -n root -t CT,C,C -i %s 2>&1",
                               place.folder, place.folder, place.folder, place.root_path),
                     0);
    assert_int_equal(judge_run("pdfsig -nssdir sql:%s/nss %s 2>&1", place.folder, path), 0);
    assert_int_equal(judge_count("Signature is Valid."), 3);
    assert_int_equal(judge_count("Certificate is Trusted."), 3);
    /* It knows no document timestamps, but sees that the last one covers everything. */
    assert_int_equal(judge_count("  - Total document signed"), 1);
    assert_int_equal(judge_count("Digest Mismatch"), 0);
}

static void pdfbox_and_bouncycastle_accept_signatures_timestamps_and_proofs(void **state)
{
    (void)state;
    /* One processor's worth: it lives for a second. */
    int status = judge_run("java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp %s " TESTS_FOLDER
                           "/integration/paper/Judge.java %s %s 2>&1",
                           JUDGE_CLASS_PATH, path, place.root_path);
    if (status != 0)
        fail_msg("%s", judge_said);
    assert_int_equal(judge_count(" good time=timestamp ocsp=good"), 3);
    assert_int_equal(judge_count("document timestamp good"), 2);

    struct buffer flipped = paper_copy(buffer_bytes(&paper));
    char flipped_path[256];
    flipped.data[place.base.size / 2] ^= 1;
    paper_save(&place, "flipped.pdf", buffer_bytes(&flipped), flipped_path);
    assert_int_not_equal(
        judge_run("java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp %s " TESTS_FOLDER
                  "/integration/paper/Judge.java %s %s 2>&1",
                  JUDGE_CLASS_PATH, flipped_path, place.root_path),
        0);
    buffer_done(&flipped);
}

static void qpdf_finds_nothing_to_complain_of(void **state)
{
    (void)state;
    assert_int_equal(judge_run("qpdf --check %s 2>&1", path), 0);
    assert_int_equal(judge_count("WARNING"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openssl_verifies_every_signature_as_cades),
        cmocka_unit_test(openssl_verifies_every_timestamp),
        cmocka_unit_test(pdfsig_calls_all_three_valid_and_trusted),
        cmocka_unit_test(pdfbox_and_bouncycastle_accept_signatures_timestamps_and_proofs),
        cmocka_unit_test(qpdf_finds_nothing_to_complain_of),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
