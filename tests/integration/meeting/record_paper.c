/* Invitation and notice of conclusions, made from the record of a real meeting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/meeting_fixture.h"
#include "tests/support/sheet.h"

#define DO(user, ...) fixture_do(&f, f.user, (struct meeting_command){__VA_ARGS__})

static struct meeting_fixture f;

static int setup(void **state)
{
    fixture_open(&f);
    return sheet_open(state);
}

static int teardown(void **state)
{
    fixture_close(&f);
    return sheet_close(state);
}

/* The paper's text in one line, in sheet.output. */
static void make(enum paper_kind kind)
{
    struct meeting_paper_request request = {.meeting = f.meeting, .kind = kind};
    struct meeting_paper *paper = NULL;
    struct buffer pdf = {0};
    assert_int_equal(meeting_paper_prepare(f.service, &request, &paper), ERR_OK);
    assert_int_equal(meeting_paper_write(paper, &pdf), ERR_OK);
    meeting_paper_free(paper);
    sheet_save(buffer_bytes(&pdf));
    buffer_done(&pdf);
    assert_int_equal(sheet_run("pdftotext -raw %s - | tr -s '\\f\\n' ' '", sheet.path), 0);
}

static void expect(const char *text)
{
    if (!strstr(sheet.output, text))
        fail_msg("not on the paper: %s\n%s", text, sheet.output);
}

static void the_invitation_names_who_what_when_and_where(void **state)
{
    (void)state;
    fixture_announce(&f);
    const struct meeting_state *meeting = fixture_state(&f);
    make(PAPER_INVITATION);
    expect("GIẤY MỜI");
    expect(meeting->title);
    expect("ỦY BAN NHÂN DÂN TỈNH LAM GIANG");
    expect("/GM-UBND");
    expect("Ủy ban nhân dân tỉnh Lam Giang trân trọng kính mời:");
    expect("Chủ trì: ");
    expect("Thời gian: ");
    expect(meeting->place);
    for (uint32_t i = 0; i < meeting->agenda_count; i++)
        expect(meeting->agenda[i].title);
    for (uint32_t i = 1; i < meeting->participant_count; i++)
        if (meeting->participants[i].capacity != CAPACITY_TECHNICIAN)
            expect(meeting->participants[i].name);
    expect("TM. ỦY BAN NHÂN DÂN TỈNH");
    expect(meeting->participants[0].name);
    expect("Lam Giang, ngày");
}

static void conclusions_are_noticed_only_once_there_are_any(void **state)
{
    (void)state;
    struct meeting_paper_request request = {.meeting = f.meeting, .kind = PAPER_NOTICE};
    struct meeting_paper *paper = NULL;
    assert_int_equal(meeting_paper_prepare(f.service, &request, &paper), ERR_WRONG_STATE);
    request.kind = PAPER_MINUTES; /* by minutes.finalise alone */
    assert_int_equal(meeting_paper_prepare(f.service, &request, &paper), ERR_UNSUPPORTED);
    request = (struct meeting_paper_request){.meeting = 12345, .kind = PAPER_INVITATION};
    assert_int_equal(meeting_paper_prepare(f.service, &request, &paper), ERR_UNKNOWN);
    request = (struct meeting_paper_request){
        .meeting = f.meeting, .kind = PAPER_INVITATION, .signer = 12345};
    assert_int_equal(meeting_paper_prepare(f.service, &request, &paper), ERR_UNKNOWN);
    assert_null(paper);

    assert_int_equal(DO(secretary, .action = ACTION_ENTER), ERR_OK);
    assert_int_equal(DO(chair, .action = ACTION_ENTER), ERR_OK);
    assert_int_equal(DO(chair, .action = ACTION_START), ERR_OK);
    assert_int_equal(DO(secretary, .action = ACTION_CONCLUSION_ADD,
                        .of.conclusion_add = {"Giao các xã hoàn thành trước 15/12."}),
                     ERR_OK);
    assert_int_equal(DO(secretary, .action = ACTION_CONCLUSION_ADD,
                        .of.conclusion_add = {"Sở Tài chính tổng hợp"}),
                     ERR_OK);
    assert_int_equal(DO(chair, .action = ACTION_END), ERR_OK);
    make(PAPER_NOTICE);
    expect("THÔNG BÁO Kết luận của");
    expect("/TB-UBND");
    expect("kết luận như sau: 1. Giao các xã hoàn thành trước 15/12. 2. Sở Tài chính tổng hợp.");
    expect("biết, thực hiện./.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_invitation_names_who_what_when_and_where),
        cmocka_unit_test(conclusions_are_noticed_only_once_there_are_any),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
