/* The clerk's desk: what may be numbered, sealed, distributed and recalled, by whom and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "meeting/core/guard.h"
#include "tests/support/meeting_core.h"

#define DO(user, ...) core_do(core, user, (struct meeting_command){__VA_ARGS__})
#define ACCEPTED(user, ...) assert_null(DO(user, __VA_ARGS__))
#define REFUSED(code_, user, ...)                                                                  \
    do {                                                                                           \
        const struct refusal *refused = DO(user, __VA_ARGS__);                                     \
        assert_non_null(refused);                                                                  \
        assert_string_equal(refused->code, code_);                                                 \
    } while (0)

#define WRITTEN_SHA "1111111111111111111111111111111111111111111111111111111111111111"
#define SEALED_SHA "2222222222222222222222222222222222222222222222222222222222222222"

#define NUMBER(user) ACCEPTED(user, .action = ACTION_ISSUE_NUMBER)
#define WRITE(user) ACCEPTED(user, .action = ACTION_ISSUE_WRITE, .of.issue_file = {0, WRITTEN_SHA})
#define SEAL(user) ACCEPTED(user, .action = ACTION_ISSUE_SEAL, .of.issue_file = {"0c", SEALED_SHA})
#define DISTRIBUTE(user) ACCEPTED(user, .action = ACTION_ISSUE_DISTRIBUTE)

static int set_up(void **state)
{
    struct meeting_core *core = malloc(sizeof *core);
    core_open(core);
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    core_close(*state);
    free(*state);
    return 0;
}

static const struct state_issue *issue_of(const struct meeting_core *core, uint32_t index)
{
    assert_true(index < core->state.issue_count);
    return &core->state.issues[index];
}

static void distribute(struct meeting_core *core)
{
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    NUMBER(CORE_CLERK);
    WRITE(CORE_CLERK);
    SEAL(CORE_CLERK);
    DISTRIBUTE(CORE_CLERK);
}

static void a_paper_goes_from_number_to_receipt(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    NUMBER(CORE_CLERK);
    assert_int_equal(issue_of(core, 0)->number, 1);
    assert_int_equal(issue_of(core, 0)->year, 2026);
    assert_string_equal(issue_of(core, 0)->symbol, "UBND");
    assert_string_equal(issue_of(core, 0)->sha256, core->state.minutes.sha256);
    WRITE(CORE_CLERK);
    assert_string_equal(issue_of(core, 0)->sha256, WRITTEN_SHA);
    assert_string_not_equal(core->state.minutes.sha256, WRITTEN_SHA); /* until the seal */
    SEAL(CORE_CLERK);
    assert_string_equal(core->state.minutes.sha256, SEALED_SHA);
    DISTRIBUTE(CORE_CLERK);
    assert_int_equal(core->state.phase, PHASE_PUBLISHED);
    assert_int_equal(issue_of(core, 0)->recipient_count, 2);
    ACCEPTED(CORE_MEMBER, .action = ACTION_ISSUE_RECEIVE,
             .of.issue_receive = {issue_of(core, 0)->id, 0});
    assert_int_equal(issue_of(core, 0)->received_count, 1);
    assert_int_equal(issue_of(core, 0)->recipients[0].received_by, CORE_MEMBER);
    assert_int_equal(issue_of(core, 0)->recipients[1].received_at, 0);
}

static void nothing_is_numbered_before_the_chair_has_signed(void **state)
{
    struct meeting_core *core = *state;
    for (enum meeting_phase phase = PHASE_DRAFT; phase < PHASE_MINUTES_SIGNED; phase++) {
        core_bring_to(core, phase);
        REFUSED("action.wrong_state", CORE_CLERK, .action = ACTION_ISSUE_NUMBER);
    }
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    NUMBER(CORE_CLERK);
}

static void nobody_but_the_clerk_numbers_seals_distributes_or_recalls(void **state)
{
    struct meeting_core *core = *state;
    static const enum meeting_action actions[] = {ACTION_ISSUE_NUMBER, ACTION_ISSUE_WRITE,
                                                  ACTION_ISSUE_SEAL, ACTION_ISSUE_DISTRIBUTE,
                                                  ACTION_ISSUE_RECALL};
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    for (uint64_t user = CORE_CHAIR; user < CORE_CLERK; user++)
        for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
            REFUSED("action.forbidden", user, .action = actions[i]);
    /* and the clerk, who is not at the meeting, may do nothing else */
    const struct actor_office clerk = core_office(CORE_CLERK);
    assert_int_equal(guard_actions_in_office(&core->state, CORE_CLERK, &clerk),
                     UINT64_C(1) << ACTION_ISSUE_NUMBER);
}

static void each_step_waits_for_the_one_before_it(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    REFUSED("issue.not_numbered", CORE_CLERK, .action = ACTION_ISSUE_SEAL);
    REFUSED("issue.not_numbered", CORE_CLERK, .action = ACTION_ISSUE_DISTRIBUTE);
    REFUSED("issue.not_numbered", CORE_CLERK, .action = ACTION_ISSUE_RECALL);
    NUMBER(CORE_CLERK);
    REFUSED("issue.already_numbered", CORE_CLERK, .action = ACTION_ISSUE_NUMBER);
    REFUSED("issue.number_not_written", CORE_CLERK, .action = ACTION_ISSUE_SEAL);
    REFUSED("issue.not_sealed", CORE_CLERK, .action = ACTION_ISSUE_DISTRIBUTE);
    WRITE(CORE_CLERK);
    REFUSED("issue.not_sealed", CORE_CLERK, .action = ACTION_ISSUE_DISTRIBUTE);
    SEAL(CORE_CLERK);
    REFUSED("issue.already_sealed", CORE_CLERK, .action = ACTION_ISSUE_SEAL);
    DISTRIBUTE(CORE_CLERK);
    REFUSED("issue.already_distributed", CORE_CLERK, .action = ACTION_ISSUE_DISTRIBUTE);
}

/* Builds before the clerk's desk published minutes without a number. */
static void a_meeting_that_an_older_log_calls_published_can_still_be_numbered(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    struct event_row row = {
        .seq = core->state.seq + 1, .at = core->now, .event = {.kind = EVENT_MEETING_PUBLISHED}};
    assert_int_equal(fold(&core->state, &row), ERR_OK);
    core->row_count++; /* its place in the log */
    NUMBER(CORE_CLERK);
    WRITE(CORE_CLERK);
    SEAL(CORE_CLERK);
    DISTRIBUTE(CORE_CLERK);
    assert_int_equal(core->state.phase, PHASE_PUBLISHED);
}

static void a_receipt_is_given_once_and_only_by_a_recipient(void **state)
{
    struct meeting_core *core = *state;
    distribute(core);
    uint64_t id = issue_of(core, 0)->id;
    REFUSED("action.forbidden", CORE_OBSERVER, .action = ACTION_ISSUE_RECEIVE,
            .of.issue_receive = {id, 0});
    REFUSED("action.forbidden", CORE_CLERK, .action = ACTION_ISSUE_RECEIVE,
            .of.issue_receive = {id, 0});
    REFUSED("issue.unknown", CORE_MEMBER, .action = ACTION_ISSUE_RECEIVE,
            .of.issue_receive = {id + 99, 0});
    ACCEPTED(CORE_MEMBER, .action = ACTION_ISSUE_RECEIVE, .of.issue_receive = {id, 0});
    REFUSED("issue.already_received", CORE_MEMBER, .action = ACTION_ISSUE_RECEIVE,
            .of.issue_receive = {id, 0});
    ACCEPTED(CORE_MEMBER_2, .action = ACTION_ISSUE_RECEIVE, .of.issue_receive = {id, 0});
    assert_int_equal(issue_of(core, 0)->received_count, 2);
}

static void a_recall_says_why_and_is_confirmed_too(void **state)
{
    struct meeting_core *core = *state;
    distribute(core);
    uint64_t id = issue_of(core, 0)->id;
    REFUSED("request.bad_text", CORE_CLERK, .action = ACTION_ISSUE_RECALL, .of.reason = {""});
    ACCEPTED(CORE_CLERK, .action = ACTION_ISSUE_RECALL, .of.reason = {"Sai số liệu mục 2."});
    assert_string_equal(issue_of(core, 0)->reason, "Sai số liệu mục 2.");
    REFUSED("issue.recalled", CORE_CLERK, .action = ACTION_ISSUE_RECALL, .of.reason = {"Nữa"});
    ACCEPTED(CORE_MEMBER, .action = ACTION_ISSUE_RECEIVE, .of.issue_receive = {id, 0});
    assert_true(issue_of(core, 0)->recipients[0].recall_seen_at > 0);
    assert_int_equal(issue_of(core, 0)->received_count, 0);
    REFUSED("issue.already_received", CORE_MEMBER, .action = ACTION_ISSUE_RECEIVE,
            .of.issue_receive = {id, 0});
}

static void signed_minutes_open_again_only_after_their_recall(void **state)
{
    struct meeting_core *core = *state;
    distribute(core);
    REFUSED("minutes.not_recalled", CORE_SECRETARY, .action = ACTION_MINUTES_REOPEN);
    ACCEPTED(CORE_CLERK, .action = ACTION_ISSUE_RECALL, .of.reason = {"Sai số liệu."});
    ACCEPTED(CORE_SECRETARY, .action = ACTION_MINUTES_REOPEN);
    assert_int_equal(core->state.phase, PHASE_ENDED);
    assert_int_equal(core->state.minutes.stage, MINUTES_DRAFT);
    assert_null(state_issue_now(&core->state));
}

static void what_replaces_a_recalled_paper_has_a_number_of_its_own_and_is_pointed_to(void **state)
{
    struct meeting_core *core = *state;
    distribute(core);
    ACCEPTED(CORE_CLERK, .action = ACTION_ISSUE_RECALL, .of.reason = {"Sai số liệu."});
    ACCEPTED(CORE_SECRETARY, .action = ACTION_MINUTES_REOPEN);
    distribute(core);
    assert_int_equal(core->state.issue_count, 2);
    assert_int_equal(issue_of(core, 1)->number, 2);
    assert_int_equal(issue_of(core, 0)->replaced_by, issue_of(core, 1)->id);
    assert_int_equal(issue_of(core, 0)->stage, ISSUE_RECALLED);
    assert_int_equal(core->state.phase, PHASE_PUBLISHED);
}

static void a_number_is_used_up_even_when_it_never_left_the_house(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    NUMBER(CORE_CLERK);
    ACCEPTED(CORE_CLERK, .action = ACTION_ISSUE_RECALL, .of.reason = {"Ghi nhầm loại văn bản."});
    ACCEPTED(CORE_SECRETARY, .action = ACTION_MINUTES_REOPEN);
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    NUMBER(CORE_CLERK);
    assert_int_equal(issue_of(core, 1)->number, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_paper_goes_from_number_to_receipt),
        TEST(nothing_is_numbered_before_the_chair_has_signed),
        TEST(nobody_but_the_clerk_numbers_seals_distributes_or_recalls),
        TEST(each_step_waits_for_the_one_before_it),
        TEST(a_meeting_that_an_older_log_calls_published_can_still_be_numbered),
        TEST(a_receipt_is_given_once_and_only_by_a_recipient),
        TEST(a_recall_says_why_and_is_confirmed_too),
        TEST(signed_minutes_open_again_only_after_their_recall),
        TEST(what_replaces_a_recalled_paper_has_a_number_of_its_own_and_is_pointed_to),
        TEST(a_number_is_used_up_even_when_it_never_left_the_house),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
