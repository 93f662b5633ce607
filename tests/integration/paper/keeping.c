/* Timestamps, validation data and their renewal: what a paper proves years after, from itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/stamp.h"
#include "tests/support/forge.h"
#include "tests/support/judge.h"
#include "tests/support/keep.h"

#define YEAR_MS (365 * SIGNER_DAY_MS)
enum { TEN_YEARS_DAYS = 3653 };

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

static void expect(struct bytes pdf, utc_ms_t at, const char *code)
{
    assert_string_equal(keep_code(&place, pdf, at), code);
}

static struct buffer stamped_once(void)
{
    return keep_sign(&place, buffer_bytes(&place.base), PAPER_FIELD_SECRETARY, &place.secretary,
                     "Phạm Thùy Dương", place.now);
}

static void a_timestamp_tells_when_a_signature_was_made_and_by_whose_word(void **state)
{
    (void)state;
    struct buffer file = stamped_once();
    struct verify_report report = keep_verify(&place, buffer_bytes(&file), place.now + 3600000);
    assert_string_equal(report.reason ? report.reason->code : "valid", "valid");
    assert_int_equal(report.signatures[0].source, VERIFY_TIME_STAMP);
    assert_true(report.signatures[0].trusted_at == place.now);
    assert_non_null(strstr(report.signatures[0].stamped_by, "CN="));
    assert_int_equal(report.signatures[0].history.proven, CERTS_PROVEN_NOTHING);
    buffer_done(&file);

    report = keep_verify(&place, buffer_bytes(&place.once), place.now + 3600000);
    assert_int_equal(report.signatures[0].source, VERIFY_TIME_CLAIMED);
    assert_true(report.signatures[0].trusted_at == 0);
}

static void the_whole_life_of_a_paper_is_told(void **state)
{
    (void)state;
    struct buffer file = keep_whole(&place);
    if (getenv("KEEP_FILE")) {
        FILE *out = fopen(getenv("KEEP_FILE"), "w");
        fwrite(file.data, 1, file.size, out);
        fclose(out);
    }
    struct verify_report report = keep_verify(&place, buffer_bytes(&file), place.now + 3600000);
    assert_string_equal(report.reason ? report.reason->code : "valid", "valid");
    assert_int_equal(report.verdict, VERIFY_VALID);
    assert_int_equal(report.signature_count, 3);
    assert_int_equal(report.stamp_count, 2);
    assert_int_equal(report.filled_count, 1);
    static const enum pdf_change_kind kinds[] = {PDF_CHANGE_SIGNED,   PDF_CHANGE_SIGNED,
                                                 PDF_CHANGE_ARCHIVED, PDF_CHANGE_FILLED,
                                                 PDF_CHANGE_SIGNED,   PDF_CHANGE_ARCHIVED};
    assert_int_equal(report.change_count, sizeof kinds / sizeof *kinds);
    for (size_t i = 0; i < report.change_count; i++)
        assert_int_equal(report.changes[i].kind, kinds[i]);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(report.signatures[i].source, VERIFY_TIME_STAMP);
        assert_int_equal(report.signatures[i].history.proven, CERTS_PROVEN_GOOD);
    }
    assert_true(report.stamps[1].facts.at == place.now + 240000);
    buffer_done(&file);
}

/* -- times ---------------------------------------------------------------------------------------
 */

static void a_signature_outlives_its_certificate_as_long_as_the_last_timestamp_holds(void **state)
{
    (void)state;
    struct buffer bare = stamped_once();
    struct buffer file = keep_archive(&place, buffer_bytes(&bare), place.now + 60000);
    /* A personal certificate lasts three years, a timestamp authority's five. */
    expect(buffer_bytes(&place.once), place.now + 4 * YEAR_MS, "certificate.expired");
    expect(buffer_bytes(&bare), place.now + 4 * YEAR_MS, "valid");
    expect(buffer_bytes(&file), place.now + 4 * YEAR_MS, "valid");
    expect(buffer_bytes(&file), place.now + 6 * YEAR_MS, "timestamp.expired");
    expect(buffer_bytes(&file), place.now - YEAR_MS, "timestamp.early");
    buffer_done(&file);
    buffer_done(&bare);
}

/* By the program, from the file and the anchors alone, the clock ten years on, and without a
 * network where that can be taken away. */
static void expect_in_ten_years(const struct paper_place *where, struct bytes pdf)
{
    char path[256];
    paper_save(where, "renewed.pdf", pdf, path);
    int status =
        judge_run("$(unshare -n true 2>/dev/null && echo unshare -n) faketime -f +%dd %s verify %s "
                  "--trust %s 2>&1",
                  TEN_YEARS_DAYS, getenv("DIENHONG"), path, where->root_path);
    if (status != 0 || judge_count("\"verdict\":\"valid\"") == 0)
        fail_msg("%s", judge_said);
}

static void renewed_in_time_a_paper_is_valid_in_ten_years(void **state)
{
    (void)state;
    struct paper_place old; /* its authority will have moved on by years */
    paper_open(&old);
    struct buffer file = keep_whole(&old);
    struct preserve_facts facts;
    size_t renewals = 0;
    utc_ms_t end = old.now + TEN_YEARS_DAYS * SIGNER_DAY_MS;
    for (utc_ms_t now = old.now + 3600000; now < end;) {
        assert_int_equal(preserve_read(buffer_bytes(&file), &facts), ERR_OK);
        utc_ms_t due = preserve_due_at(&facts, now);
        assert_true(due > now && facts.stamp_ends_at > due);
        if (due >= end)
            break;
        now = due;
        assert_int_equal(preserve_needs(&facts, now), PRESERVE_RENEW);
        assert_int_equal(certs_ca_renew(old.ca, now), ERR_OK);
        struct buffer renewed = keep_archive(&old, buffer_bytes(&file), now);
        buffer_done(&file);
        file = renewed;
        renewals++;
        assert_string_equal(keep_code(&old, buffer_bytes(&file), now + 1000), "valid");
    }
    assert_true(renewals >= 1 && renewals <= 3);
    assert_string_equal(keep_code(&old, buffer_bytes(&file), end), "valid");
    expect_in_ten_years(&old, buffer_bytes(&file));
    buffer_done(&file);
    paper_close(&old);
}

/* -- revocation ----------------------------------------------------------------------------------
 */

static void signer_revoke(const struct signer *signer, utc_ms_t at)
{
    assert_int_equal(
        certs_register_revoke(place.ca, signer->issued.serial, CERTS_REASON_KEY_COMPROMISE, at),
        ERR_OK);
}

static void revoked_after_signing_the_signature_stands_and_revoked_before_it_does_not(void **state)
{
    (void)state;
    struct signer signer = signer_make(place.ca, "Đỗ Hữu Nghĩa", "Chánh Văn phòng", 9, place.now);
    struct buffer before = keep_sign(&place, buffer_bytes(&place.base), PAPER_FIELD_CHAIR, &signer,
                                     "Đỗ Hữu Nghĩa", place.now);
    signer_revoke(&signer, place.now + 60000);
    struct buffer after = keep_sign(&place, buffer_bytes(&place.base), PAPER_FIELD_CHAIR, &signer,
                                    "Đỗ Hữu Nghĩa", place.now + 120000);
    struct buffer good = keep_archive(&place, buffer_bytes(&before), place.now + 180000);
    struct buffer bad = keep_archive(&place, buffer_bytes(&after), place.now + 180000);

    struct verify_report report = keep_verify(&place, buffer_bytes(&good), place.now + 3600000);
    assert_int_equal(report.verdict, VERIFY_VALID);
    assert_int_equal(report.signatures[0].history.proven, CERTS_PROVEN_REVOKED_LATER);
    assert_true(report.signatures[0].history.revoked_at == place.now + 60000);
    expect(buffer_bytes(&bad), place.now + 3600000, "certificate.revoked");
    buffer_done(&bad);
    buffer_done(&good);
    buffer_done(&after);
    buffer_done(&before);
    signer_done(&signer);
}

/* -- timestamps that are not what they seem ------------------------------------------------------
 */

static void a_rogue_authoritys_timestamp_is_not_trusted(void **state)
{
    (void)state;
    struct paper_place rogue;
    paper_open(&rogue);
    /* Our people's signatures, stamped by another province's authority. */
    struct paper_place mixed = place;
    mixed.ca = rogue.ca;
    mixed.trust = rogue.trust;
    struct buffer file = keep_archive(&mixed, buffer_bytes(&place.twice), place.now + 120000);
    expect(buffer_bytes(&file), place.now + 3600000, "timestamp.untrusted");
    buffer_done(&file);
    paper_close(&rogue);
}

static void a_timestamp_of_another_file_is_noticed(void **state)
{
    (void)state;
    struct stamp_material nothing = {.certificate_count = 0};
    struct certs_ask ask = keep_ask(&place);
    struct pades_prepared prepared;
    struct certs_stamp stamp;
    const uint8_t other[CERTS_SHA256_BYTES] = {1, 2, 3};
    assert_int_equal(stamp_prepare(buffer_bytes(&place.twice), &nothing, &prepared), ERR_OK);
    assert_int_equal(certs_tsa_ask(&ask, other, place.now, &stamp), ERR_OK);
    assert_int_equal(
        stamp_complete(&prepared.file, prepared.byte_range, buffer_bytes(&stamp.token)), ERR_OK);
    expect(buffer_bytes(&prepared.file), place.now + 3600000, "timestamp.other");
    buffer_done(&stamp.token);
    pades_prepared_done(&prepared);
}

static void an_empty_timestamp_is_noticed(void **state)
{
    (void)state;
    struct stamp_material nothing = {.certificate_count = 0};
    struct pades_prepared prepared;
    assert_int_equal(stamp_prepare(buffer_bytes(&place.twice), &nothing, &prepared), ERR_OK);
    expect(buffer_bytes(&prepared.file), place.now + 3600000, "timestamp.invalid");
    pades_prepared_done(&prepared);
}

static void proofs_that_belong_to_no_signature_are_refused(void **state)
{
    (void)state;
    struct paper_place other;
    paper_open(&other);
    struct bytes issuers[] = {certs_ca_issuing(place.ca), certs_ca_issuing(other.ca)};
    struct stamp_material material = {.certificates = issuers, .certificate_count = 2};
    struct certs_ask ask = keep_ask(&place);
    struct pades_prepared prepared;
    struct certs_stamp stamp;
    assert_int_equal(stamp_prepare(buffer_bytes(&place.twice), &material, &prepared), ERR_OK);
    assert_int_equal(certs_tsa_ask(&ask, prepared.digest, place.now, &stamp), ERR_OK);
    assert_int_equal(
        stamp_complete(&prepared.file, prepared.byte_range, buffer_bytes(&stamp.token)), ERR_OK);
    expect(buffer_bytes(&prepared.file), place.now + 3600000, "archive.unused");
    buffer_done(&stamp.token);
    pades_prepared_done(&prepared);
    paper_close(&other);
}

/* Spread over the file: each of its revisions, tokens and proofs is hit. */
static void no_bit_of_an_archived_paper_can_be_flipped(void **state)
{
    (void)state;
    struct buffer file = keep_whole(&place);
    struct verify_report *report = malloc(sizeof *report);
    const size_t step = file.size / 397;
    for (size_t at = 13; at < file.size; at += step) {
        uint8_t bit = (uint8_t)(1u << (at % 8));
        file.data[at] ^= bit;
        pdf_verify(buffer_bytes(&file), place.trust, place.now + 3600000, report);
        if (report->verdict == VERIFY_VALID)
            fail_msg("a flip in byte %zu went unnoticed", at);
        file.data[at] ^= bit;
    }
    free(report);
    buffer_done(&file);
}

/* A timestamp is signed and encoded by others, and lies in a gap that its signature leaves out. */
static void no_digit_of_a_stamped_signature_can_be_changed(void **state)
{
    (void)state;
    struct buffer bare = stamped_once();
    struct verify_report *report = malloc(sizeof *report);
    size_t begin = forge_find(&bare, place.base.size, "/Contents <") + 11;
    size_t end = begin + 2 * PADES_CONTENTS_BYTES;
    size_t zeros = end;
    while (bare.data[zeros - 1] == '0')
        zeros--;
    for (size_t at = begin; at < end; at += at < zeros ? 7 : 501) {
        uint8_t old = bare.data[at];
        bare.data[at] = old == '0' ? '1' : '0';
        pdf_verify(buffer_bytes(&bare), place.trust, place.now + 3600000, report);
        if (report->verdict == VERIFY_VALID)
            fail_msg("digit %zu of the contents may be changed", at - begin);
        bare.data[at] = old;
    }
    free(report);
    buffer_done(&bare);
}

static void cut_off_anywhere_an_archived_paper_is_not_valid_but_at_its_revisions(void **state)
{
    (void)state;
    struct buffer file = keep_whole(&place);
    struct verify_report *report = malloc(sizeof *report);
    size_t valid = 0;
    for (size_t size = place.base.size + 1; size <= file.size; size++) {
        bool ends = memcmp(file.data + size - 6, "%%EOF\n", 6) == 0;
        if (!ends && size % 911 != 0)
            continue;
        pdf_verify((struct bytes){file.data, size}, place.trust, place.now + 3600000, report);
        if (report->verdict == VERIFY_VALID && !ends)
            fail_msg("cut at %zu it is called valid", size);
        valid += report->verdict == VERIFY_VALID;
    }
    assert_int_equal(valid, 5); /* all six but the number without its seal */
    free(report);
    buffer_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timestamp_tells_when_a_signature_was_made_and_by_whose_word),
        cmocka_unit_test(the_whole_life_of_a_paper_is_told),
        cmocka_unit_test(a_signature_outlives_its_certificate_as_long_as_the_last_timestamp_holds),
        cmocka_unit_test(renewed_in_time_a_paper_is_valid_in_ten_years),
        cmocka_unit_test(revoked_after_signing_the_signature_stands_and_revoked_before_it_does_not),
        cmocka_unit_test(a_rogue_authoritys_timestamp_is_not_trusted),
        cmocka_unit_test(a_timestamp_of_another_file_is_noticed),
        cmocka_unit_test(an_empty_timestamp_is_noticed),
        cmocka_unit_test(proofs_that_belong_to_no_signature_are_refused),
        cmocka_unit_test(no_bit_of_an_archived_paper_can_be_flipped),
        cmocka_unit_test(no_digit_of_a_stamped_signature_can_be_changed),
        cmocka_unit_test(cut_off_anywhere_an_archived_paper_is_not_valid_but_at_its_revisions),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
