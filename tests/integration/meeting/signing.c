/* Final minutes signed by secretary and chair with keys of their own, as the browser does it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "meeting/edge/paper/pdf_verify.h"
#include "tests/support/meeting_fixture.h"
#include "tests/support/minutes_signing.h"

#define DO(user, ...) fixture_do(&f, f.user, (struct meeting_command){__VA_ARGS__})

static void make_final(struct meeting_fixture *f)
{
    fixture_open(f);
    fixture_make_ca(f);
    fixture_start(f);
    assert_int_equal(fixture_do(f, f->chair, (struct meeting_command){.action = ACTION_END}),
                     ERR_OK);
    struct meeting_command finalise = {.action = ACTION_MINUTES_FINALISE};
    assert_int_equal(fixture_do(f, f->secretary, finalise), ERR_OK);
    const struct state_minutes *minutes = &fixture_state(f)->minutes;
    assert_int_equal(minutes->stage, MINUTES_FINAL);
    assert_int_equal(minutes->revision, 1);
    assert_int_equal(strlen(minutes->code), 16);
}

static void secretary_and_chair_sign_and_both_signatures_hold(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    char secretary_serial[65];
    char chair_serial[65];
    uint64_t id = 0;
    make_final(&f);
    struct signer secretary = person(&f, f.secretary, secretary_serial);
    struct signer chair = person(&f, f.chair, chair_serial);

    const struct refusal *early = prepare(&f, f.chair, MINUTES_FIELD_CHAIR, chair_serial, &id);
    assert_string_equal(early->code, "signing.secretary_first");
    assert_null(prepare(&f, f.secretary, MINUTES_FIELD_SECRETARY, secretary_serial, &id));
    assert_null(complete(&f, &secretary, f.secretary, id));
    assert_int_equal(fixture_state(&f)->minutes.stage, MINUTES_SECRETARY_SIGNED);
    assert_null(meeting_signing_find(f.service, id, f.secretary, f.now));

    fixture_reopen(&f); /* a restart between the two signatures changes nothing */
    assert_null(prepare(&f, f.chair, MINUTES_FIELD_CHAIR, chair_serial, &id));
    assert_null(complete(&f, &chair, f.chair, id));
    assert_int_equal(fixture_state(&f)->phase, PHASE_MINUTES_SIGNED);

    struct buffer file = file_of(&f, fixture_state(&f)->minutes.sha256);
    struct verify_report *report = malloc(sizeof *report);
    pdf_verify(buffer_bytes(&file), f.trust, f.now, report);
    assert_int_equal(report->verdict, VERIFY_VALID);
    assert_int_equal(report->signature_count, 2);
    file.data[file.size / 2] ^= 1;
    pdf_verify(buffer_bytes(&file), f.trust, f.now, report);
    assert_int_equal(report->verdict, VERIFY_INVALID);
    free(report);
    buffer_done(&file);

    struct issued_file issued;
    assert_int_equal(
        meeting_issued_by_code(f.service, bytes_of(fixture_state(&f)->minutes.code), &issued),
        ERR_OK);
    assert_string_equal(issued.sha256, fixture_state(&f)->minutes.sha256);
    assert_false(issued.voided);
    signer_done(&secretary);
    signer_done(&chair);
    fixture_close(&f);
}

static void another_key_another_person_and_other_bytes_are_refused(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    char secretary_serial[65];
    char chair_serial[65];
    uint64_t id = 0;
    make_final(&f);
    struct signer secretary = person(&f, f.secretary, secretary_serial);
    struct signer chair = person(&f, f.chair, chair_serial);
    assert_string_equal(prepare(&f, f.chair, MINUTES_FIELD_SECRETARY, chair_serial, &id)->code,
                        "signing.wrong_person");
    assert_string_equal(prepare(&f, f.secretary, MINUTES_FIELD_SECRETARY, chair_serial, &id)->code,
                        "signing.unknown_certificate");
    assert_null(prepare(&f, f.secretary, MINUTES_FIELD_SECRETARY, secretary_serial, &id));
    assert_null(meeting_signing_find(f.service, id, f.chair, f.now));
    assert_string_equal(complete(&f, &chair, f.secretary, id)->code, "signing.wrong_key");

    /* a good signature, but over other bytes than the prepared ones */
    uint8_t digest[CERTS_SHA256_BYTES] = {1};
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    signer_answer(&secretary, digest, raw);
    struct meeting_receipt receipt = meeting_signing_complete(
        f.service, id, f.secretary, (struct bytes){raw, sizeof raw}, f.now);
    assert_string_equal(fixture_wait(&f, &receipt, NULL)->code, "signing.wrong_key");
    assert_null(complete(&f, &secretary, f.secretary, id)); /* the failures cost nothing */
    signer_done(&secretary);
    signer_done(&chair);
    fixture_close(&f);
}

static void a_revoked_certificate_neither_begins_nor_ends_a_signature(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    char serial[65];
    uint64_t id = 0;
    make_final(&f);
    struct signer secretary = person(&f, f.secretary, serial);
    assert_null(prepare(&f, f.secretary, MINUTES_FIELD_SECRETARY, serial, &id));
    assert_int_equal(meeting_certificate_revoke(f.service, serial, f.secretary, "mất máy", f.now),
                     ERR_OK);
    assert_string_equal(complete(&f, &secretary, f.secretary, id)->code,
                        "signing.unknown_certificate");
    fixture_reopen(&f);
    assert_string_equal(prepare(&f, f.secretary, MINUTES_FIELD_SECRETARY, serial, &id)->code,
                        "signing.unknown_certificate");
    assert_int_equal(meeting_certificate_revoke(f.service, serial, f.secretary, "", f.now),
                     ERR_WRONG_STATE);
    signer_done(&secretary);
    fixture_close(&f);
}

static void reopening_voids_signatures_and_makes_a_prepared_file_stale(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    char serial[65];
    char old_code[17];
    uint64_t id = 0;
    make_final(&f);
    struct signer secretary = person(&f, f.secretary, serial);
    assert_null(prepare(&f, f.secretary, MINUTES_FIELD_SECRETARY, serial, &id));
    memcpy(old_code, fixture_state(&f)->minutes.code, sizeof old_code);
    assert_int_equal(DO(secretary, .action = ACTION_MINUTES_REOPEN), ERR_OK);
    assert_int_equal(
        DO(secretary, .action = ACTION_MINUTES_FINALISE, .of.minutes_finalise = {.revision = 1}),
        ERR_OK);
    assert_string_equal(complete(&f, &secretary, f.secretary, id)->code, "signing.stale");
    struct issued_file issued;
    assert_int_equal(meeting_issued_by_code(f.service, bytes_of(old_code), &issued), ERR_OK);
    assert_true(issued.voided);
    signer_done(&secretary);
    fixture_close(&f);
}

static void minutes_with_a_letter_that_cannot_be_printed_stay_a_draft(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    fixture_open(&f);
    fixture_make_ca(&f);
    fixture_start(&f);
    assert_int_equal(
        DO(chair, .action = ACTION_CONCLUSION_ADD, .of.conclusion_add = {"Nhất trí 😀"}), ERR_OK);
    assert_int_equal(DO(chair, .action = ACTION_END), ERR_OK);
    struct meeting_command finalise = {.action = ACTION_MINUTES_FINALISE};
    struct meeting_receipt receipt = fixture_submit(&f, f.secretary, finalise);
    const struct refusal *refusal = fixture_wait(&f, &receipt, NULL);
    assert_non_null(refusal);
    assert_string_equal(refusal->code, "minutes.unprintable_letter");
    assert_int_not_equal(fixture_state(&f)->minutes.stage, MINUTES_FINAL);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secretary_and_chair_sign_and_both_signatures_hold),
        cmocka_unit_test(another_key_another_person_and_other_bytes_are_refused),
        cmocka_unit_test(a_revoked_certificate_neither_begins_nor_ends_a_signature),
        cmocka_unit_test(minutes_with_a_letter_that_cannot_be_printed_stay_a_draft),
        cmocka_unit_test(reopening_voids_signatures_and_makes_a_prepared_file_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
