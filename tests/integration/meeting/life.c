/* One meeting, the whole way, through the service on a real database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "tests/support/meeting_fixture.h"

#define DO(user, ...) fixture_do(&f, f.user, (struct meeting_command){__VA_ARGS__})

static void lives_from_plan_to_end_and_survives_a_restart(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    fixture_open(&f);
    fixture_start(&f);
    assert_int_equal(DO(members[1], .action = ACTION_FLOOR_REQUEST), ERR_OK);
    assert_int_equal(DO(chair, .action = ACTION_FLOOR_GRANT,
                        .of.participant = {fixture_participant(&f, f.members[1])}),
                     ERR_OK);
    assert_int_equal(fixture_state(&f)->stage, fixture_participant(&f, f.members[1]));
    assert_int_equal(DO(members[1], .action = ACTION_FLOOR_RELEASE), ERR_OK);
    assert_int_equal(
        DO(chair, .action = ACTION_VOTE_OPEN, .of.vote_open = {"Thông qua kế hoạch tháng 12?"}),
        ERR_OK);
    uint64_t vote = fixture_state(&f)->votes[0].id;
    assert_int_equal(fixture_state(&f)->votes[0].eligible, 6);
    assert_int_equal(DO(chair, .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_AGREE}),
                     ERR_OK);
    assert_int_equal(
        DO(members[0], .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_ABSTAIN}), ERR_OK);
    assert_int_equal(
        DO(members[0], .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_AGREE}),
        ERR_CONFLICT);
    assert_int_equal(DO(chair, .action = ACTION_END), ERR_CONFLICT);
    assert_int_equal(DO(chair, .action = ACTION_VOTE_CLOSE, .of.vote_close = {vote}), ERR_OK);
    assert_int_equal(DO(secretary, .action = ACTION_CONCLUSION_ADD,
                        .of.conclusion_add = {"Giao các xã hoàn thành trước 15/12."}),
                     ERR_OK);
    assert_int_equal(DO(chair, .action = ACTION_END), ERR_OK);

    uint64_t seq = fixture_state(&f)->seq;
    fixture_reopen(&f);
    const struct meeting_state *state = fixture_state(&f);
    assert_int_equal(state->seq, seq);
    assert_int_equal(state->phase, PHASE_ENDED);
    assert_int_equal(state->votes[0].tally[CHOICE_AGREE], 1);
    assert_int_equal(state->votes[0].tally[CHOICE_ABSTAIN], 1);
    assert_int_equal(state->conclusion_count, 1);
    assert_int_equal(state->speech_count, 1);

    struct log_report report;
    assert_int_equal(meeting_log_verify(f.folder, &report), ERR_OK);
    assert_true(report.intact);
    assert_int_equal(report.events, seq);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lives_from_plan_to_end_and_survives_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
