/* From two signatures to a distributed paper: number, number in the file, seal from a device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "meeting/edge/paper/pdf_verify.h"
#include "tests/support/clerk_desk.h"

static void report_read(struct meeting_fixture *f, const char *sha256,
                        struct verify_report *ret_report)
{
    struct buffer file = file_of(f, sha256);
    pdf_verify(buffer_bytes(&file), f->trust, f->now, ret_report);
    buffer_done(&file);
}

static void a_paper_leaves_the_house_numbered_sealed_and_valid(void **unused)
{
    (void)unused;
    static struct desk desk;
    static struct verify_report report;
    struct meeting_fixture *f = &desk.f;
    desk_open(&desk);
    number(f);
    /* Nobody vouches for the number yet: what the code leads to is what the chair signed. */
    report_read(f, fixture_state(f)->minutes.sha256, &report);
    assert_int_equal(report.verdict, VERIFY_VALID);
    assert_int_equal(report.filled_count, 0);

    assert_null(seal(f, DEVICE_PIN));
    assert_int_equal(issue_of(f)->stage, ISSUE_SEALED);
    report_read(f, fixture_state(f)->minutes.sha256, &report);
    assert_int_equal(report.verdict, VERIFY_VALID);
    assert_true(report.sealed);
    assert_int_equal(report.signature_count, 3);
    assert_string_equal(report.filled[0].text, "01");
    assert_string_equal(report.signatures[2].signer.serial, desk.seal.serial);

    assert_int_equal(clerk_does(f, (struct meeting_command){.action = ACTION_ISSUE_DISTRIBUTE}),
                     ERR_OK);
    assert_int_equal(fixture_state(f)->phase, PHASE_PUBLISHED);
    assert_int_equal(issue_of(f)->recipient_count, FIXTURE_COMMUNES);
    struct meeting_command receive = {.action = ACTION_ISSUE_RECEIVE,
                                      .of.issue_receive.issue_id = issue_of(f)->id};
    for (int i = 0; i < FIXTURE_COMMUNES; i++)
        assert_int_equal(fixture_do(f, f->members[i], receive), ERR_OK);
    fixture_reopen(f);
    assert_int_equal(issue_of(f)->received_count, FIXTURE_COMMUNES);
    desk_close(&desk);
}

static void a_wrong_pin_changes_nothing_and_the_right_one_still_seals(void **unused)
{
    (void)unused;
    static struct desk desk;
    struct meeting_fixture *f = &desk.f;
    desk_open(&desk);
    number(f);
    assert_string_equal(seal(f, "000000")->code, "seal.pin_wrong");
    assert_string_equal(seal(f, "")->code, "seal.pin_wrong");
    assert_int_equal(issue_of(f)->stage, ISSUE_WRITTEN);
    assert_null(seal(f, DEVICE_PIN));
    assert_string_equal(seal(f, DEVICE_PIN)->code, "issue.already_sealed");
    desk_close(&desk);
}

static void nobody_but_the_clerk_seals_and_never_without_a_device(void **unused)
{
    (void)unused;
    static struct desk desk;
    struct meeting_fixture *f = &desk.f;
    desk_open(&desk);
    number(f);
    struct meeting_receipt receipt =
        meeting_issue_seal(f->service, f->meeting, f->chair, bytes_of(DEVICE_PIN), f->now);
    assert_string_equal(receipt.refusal->code, "action.forbidden");
    f->seal = NULL;
    fixture_reopen(f);
    assert_false(meeting_can_seal(f->service));
    assert_string_equal(seal(f, DEVICE_PIN)->code, "seal.no_device");
    desk_close(&desk);
}

/* The server ended after the number was given and before it stood in the file. */
static void a_number_that_a_crash_kept_from_its_file_is_written_at_the_next_start(void **unused)
{
    (void)unused;
    static struct desk desk;
    struct meeting_fixture *f = &desk.f;
    desk_open(&desk);
    struct jobs *jobs = f->jobs;
    f->jobs = NULL; /* nobody is there to write it */
    fixture_reopen(f);
    assert_int_equal(clerk_does(f, (struct meeting_command){.action = ACTION_ISSUE_NUMBER}),
                     ERR_OK);
    f->jobs = jobs;
    fixture_reopen(f);
    wait_written(f);
    assert_null(seal(f, DEVICE_PIN));
    desk_close(&desk);
}

static void a_recalled_paper_and_its_successor_are_told_apart_by_their_codes(void **unused)
{
    (void)unused;
    static struct desk desk;
    struct meeting_fixture *f = &desk.f;
    struct issued_file old = {0}, issued;
    struct meeting_issue found;
    desk_open(&desk);
    for (int turn = 0; turn < 2; turn++) {
        number(f);
        assert_null(seal(f, DEVICE_PIN));
        assert_int_equal(clerk_does(f, (struct meeting_command){.action = ACTION_ISSUE_DISTRIBUTE}),
                         ERR_OK);
        assert_int_equal(
            meeting_issued_by_hash(f->service, fixture_state(f)->minutes.sha256, &issued), ERR_OK);
        assert_int_equal(issued.issue, issue_of(f)->id);
        assert_false(issued.voided);
        if (turn == 1)
            break;
        old = issued;
        assert_int_equal(clerk_does(f, (struct meeting_command){.action = ACTION_ISSUE_RECALL,
                                                                .of.reason = {"Sai số liệu."}}),
                         ERR_OK);
        assert_int_equal(
            fixture_do(f, f->secretary, (struct meeting_command){.action = ACTION_MINUTES_REOPEN}),
            ERR_OK);
        minutes_sign(f);
    }
    assert_int_equal(meeting_issued_by_code(f->service, bytes_of(old.code), &old), ERR_OK);
    assert_int_equal(meeting_issue_find(f->service, old.issue, &found), ERR_OK);
    assert_int_equal(found.issue->stage, ISSUE_RECALLED);
    assert_int_equal(found.issue->replaced_by, issued.issue);
    assert_string_not_equal(old.code, issued.code);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_leaves_the_house_numbered_sealed_and_valid),
        cmocka_unit_test(a_wrong_pin_changes_nothing_and_the_right_one_still_seals),
        cmocka_unit_test(nobody_but_the_clerk_seals_and_never_without_a_device),
        cmocka_unit_test(a_number_that_a_crash_kept_from_its_file_is_written_at_the_next_start),
        cmocka_unit_test(a_recalled_paper_and_its_successor_are_told_apart_by_their_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
