/* The whole signing round with keys made here, judged by our verifier and by others' tools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/judge.h"

static struct paper_place place;

static int setup(void **state)
{
    (void)state;
    paper_open(&place);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    paper_close(&place);
    return 0;
}

static void both_signatures_are_valid_and_named(void **state)
{
    (void)state;
    struct verify_report report = paper_verify(&place, buffer_bytes(&place.twice));
    if (report.reason)
        fail_msg("refused: %s", report.reason->code);
    assert_int_equal(report.verdict, VERIFY_VALID);
    assert_int_equal(report.signature_count, 2);
    assert_string_equal(report.signatures[0].field, "secretary");
    assert_string_equal(report.signatures[0].signer.name, "Phạm Thùy Dương");
    assert_string_equal(report.signatures[0].signer.position, "Chuyên viên");
    assert_true(report.signatures[0].at == place.now);
    assert_string_equal(report.signatures[1].field, "chair");
    assert_string_equal(report.signatures[1].signer.name, "Lê Văn Ước");
    assert_true(report.signatures[1].at == place.now + 60000);
    assert_int_equal(report.pages, 2);
}

static void the_unsigned_minutes_are_unsigned_and_the_first_signature_stands_alone(void **state)
{
    (void)state;
    struct verify_report report = paper_verify(&place, buffer_bytes(&place.base));
    assert_int_equal(report.verdict, VERIFY_UNSIGNED);
    assert_string_equal(report.reason->code, "pdf.unsigned");
    report = paper_verify(&place, buffer_bytes(&place.once));
    assert_int_equal(report.verdict, VERIFY_VALID);
    assert_int_equal(report.signature_count, 1);
}

static void each_signing_only_adds_to_the_file(void **state)
{
    (void)state;
    assert_true(place.once.size > place.base.size && place.twice.size > place.once.size);
    assert_memory_equal(place.once.data, place.base.data, place.base.size);
    assert_memory_equal(place.twice.data, place.once.data, place.once.size);
}

static void the_chair_may_sign_before_the_secretary(void **state)
{
    (void)state;
    struct buffer chair = paper_sign(&place, buffer_bytes(&place.base), PAPER_FIELD_CHAIR,
                                     &place.chair, "Lê Văn Ước", place.now);
    struct buffer both = paper_sign(&place, buffer_bytes(&chair), PAPER_FIELD_SECRETARY,
                                    &place.secretary, "Phạm Thùy Dương", place.now);
    struct buffer all = paper_sign(&place, buffer_bytes(&both), PAPER_FIELD_AGENCY, &place.chair,
                                   "Văn phòng UBND tỉnh", place.now);
    assert_string_equal(paper_code(&place, buffer_bytes(&all)), "valid");
    buffer_done(&all);
    buffer_done(&both);
    buffer_done(&chair);
}

static void a_field_is_signed_once_and_must_exist(void **state)
{
    (void)state;
    struct pades_prepared prepared;
    struct pades_request request = {.field = "secretary", .name = "X", .at = place.now};
    assert_int_equal(pades_prepare(buffer_bytes(&place.twice), &request, &prepared), ERR_CONFLICT);
    request.field = "minister";
    assert_int_equal(pades_prepare(buffer_bytes(&place.twice), &request, &prepared), ERR_UNKNOWN);
    request.field = "agency";
    assert_int_equal(pades_prepare(bytes_of("%PDF-1.7\nnot ours"), &request, &prepared),
                     ERR_FORMAT);
}

static void only_the_expected_key_over_the_prepared_bytes_completes(void **state)
{
    (void)state;
    struct pades_prepared prepared;
    struct pades_request request = {.field = "agency", .name = "X", .at = place.now};
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    struct bytes certificate = buffer_bytes(&place.chair.issued.certificate);
    assert_int_equal(pades_prepare(buffer_bytes(&place.twice), &request, &prepared), ERR_OK);
    struct buffer before = paper_copy(buffer_bytes(&prepared.file));

    signer_answer(&place.secretary, prepared.digest, raw); /* somebody else's key */
    assert_int_equal(pades_complete(&prepared.file, prepared.byte_range, certificate, NULL, 0, raw),
                     ERR_AUTH);
    uint8_t other[CERTS_SHA256_BYTES] = {1}; /* the right key, other bytes */
    signer_answer(&place.chair, other, raw);
    assert_int_equal(pades_complete(&prepared.file, prepared.byte_range, certificate, NULL, 0, raw),
                     ERR_AUTH);
    assert_true(bytes_equal(buffer_bytes(&before), buffer_bytes(&prepared.file)));

    signer_answer(&place.chair, prepared.digest, raw);
    assert_int_equal(pades_complete(&prepared.file, prepared.byte_range, certificate, NULL, 0, raw),
                     ERR_OK);
    assert_int_equal(/* a second time the gap is no longer empty */
                     pades_complete(&prepared.file, prepared.byte_range, certificate, NULL, 0, raw),
                     ERR_FORMAT);
    buffer_done(&before);
    pades_prepared_done(&prepared);
}

/* Poppler's verifier, with the province's root in its own certificate store. */
static void pdfsig_calls_both_valid_and_trusted_and_a_flipped_byte_not(void **state)
{
    (void)state;
    char path[256];
    paper_save(&place, "twice.pdf", buffer_bytes(&place.twice), path);
    assert_int_equal(judge_run("mkdir -p %s/nss && certutil -N -d sql:%s/nss --empty-password && "
                               "certutil -A -d sql:%s/nss -n root -t CT,C,C -i %s 2>&1",
                               place.folder, place.folder, place.folder, place.root_path),
                     0);
    assert_int_equal(judge_run("pdfsig -nssdir sql:%s/nss %s 2>&1", place.folder, path), 0);
    assert_int_equal(judge_count("Signature is Valid."), 2);
    assert_int_equal(judge_count("Certificate is Trusted."), 2);
    assert_int_equal(judge_count("ETSI.CAdES.detached"), 2);
    assert_int_equal(judge_count("  - Total document signed"), 1);

    struct buffer flipped = paper_copy(buffer_bytes(&place.twice));
    flipped.data[place.base.size / 2] ^= 1;
    paper_save(&place, "flipped.pdf", buffer_bytes(&flipped), path);
    (void)judge_run("pdfsig -nssdir sql:%s/nss %s 2>&1", place.folder, path);
    assert_int_equal(judge_count("Signature is Valid."), 0);
    assert_int_equal(judge_count("Digest Mismatch"), 2);
    assert_int_equal(paper_verify(&place, buffer_bytes(&flipped)).verdict, VERIFY_INVALID);
    buffer_done(&flipped);
}

/* The offsets that a ByteRange of the file gives, by the number of the signature. */
static void read_range(const struct buffer *pdf, size_t number, uint64_t range[4])
{
    const uint8_t *at = pdf->data;
    for (size_t i = 0; i <= number; i++) {
        at = memmem(at, (size_t)(pdf->data + pdf->size - at), "/ByteRange [", 12);
        assert_non_null(at);
        at += 12;
    }
    unsigned long long numbers[4];
    assert_int_equal(sscanf((const char *)at, "%llu %llu %llu %llu", &numbers[0], &numbers[1],
                            &numbers[2], &numbers[3]),
                     4);
    for (size_t i = 0; i < 4; i++)
        range[i] = numbers[i];
}

static void openssl_verifies_the_cms_as_cades(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        uint64_t range[4];
        char content_path[256];
        char cms_path[256];
        read_range(&place.twice, i, range);
        struct buffer content = paper_copy((struct bytes){place.twice.data, range[1]});
        assert_int_equal(
            buffer_put(&content, (struct bytes){place.twice.data + range[2], range[3]}), ERR_OK);
        uint8_t cms[PADES_CONTENTS_BYTES];
        for (size_t j = 0; j < sizeof cms; j++) {
            unsigned byte = 0;
            assert_int_equal(
                sscanf((const char *)place.twice.data + range[1] + 1 + 2 * j, "%2x", &byte), 1);
            cms[j] = (uint8_t)byte;
        }
        size_t size = 4 + ((size_t)cms[2] << 8 | cms[3]);
        paper_save(&place, "content", buffer_bytes(&content), content_path);
        paper_save(&place, "cms", (struct bytes){cms, size}, cms_path);
        buffer_done(&content);
        int status =
            judge_run("openssl cms -verify -cades -binary -inform DER -in %s -content %s -CAfile "
                      "%s -attime %lld -out /dev/null 2>&1",
                      cms_path, content_path, place.root_path, (long long)(place.now / 1000 + 60));
        if (status != 0)
            fail_msg("openssl: %s", judge_said);
        assert_int_equal(judge_count("Verification successful"), 1);
        (void)judge_run("openssl cms -cmsout -print -inform DER -in %s 2>&1", cms_path);
        assert_int_equal(judge_count("signingTime"), 0);
    }
}

static void qpdf_finds_nothing_to_complain_of(void **state)
{
    (void)state;
    const struct buffer *files[] = {&place.base, &place.once, &place.twice};
    for (size_t i = 0; i < 3; i++) {
        char path[256];
        paper_save(&place, "check.pdf", buffer_bytes(files[i]), path);
        assert_int_equal(judge_run("qpdf --check %s 2>&1", path), 0);
        assert_int_equal(judge_count("WARNING"), 0);
        assert_int_equal(judge_count("No syntax or stream encoding errors found"), 1);
    }
}

static void the_report_is_the_protocols_object(void **state)
{
    (void)state;
    struct verify_report report = paper_verify(&place, buffer_bytes(&place.twice));
    struct buffer json = {0};
    assert_int_equal(pdf_verify_write_json(&report, &json), ERR_OK);
    const uint8_t end = 0;
    assert_int_equal(buffer_put(&json, (struct bytes){&end, 1}), ERR_OK);
    const char *const parts[] = {"{\"verdict\":\"valid\",\"reason\":null,\"signatures\":[{",
                                 "\"field\":\"secretary\",\"signer\":\"Phạm Thùy Dương\"",
                                 "\"role\":\"Chuyên viên\"", "\"notAfter\":", "\"pages\":2"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_non_null(strstr((const char *)json.data, parts[i]));
    buffer_done(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_signatures_are_valid_and_named),
        cmocka_unit_test(the_unsigned_minutes_are_unsigned_and_the_first_signature_stands_alone),
        cmocka_unit_test(each_signing_only_adds_to_the_file),
        cmocka_unit_test(the_chair_may_sign_before_the_secretary),
        cmocka_unit_test(a_field_is_signed_once_and_must_exist),
        cmocka_unit_test(only_the_expected_key_over_the_prepared_bytes_completes),
        cmocka_unit_test(pdfsig_calls_both_valid_and_trusted_and_a_flipped_byte_not),
        cmocka_unit_test(openssl_verifies_the_cms_as_cades),
        cmocka_unit_test(qpdf_finds_nothing_to_complain_of),
        cmocka_unit_test(the_report_is_the_protocols_object),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
