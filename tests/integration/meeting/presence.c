/* Who is there: several windows, broken lines, restarts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/meeting_fixture.h"

#define DO(user, ...) fixture_do(&f, f.user, (struct meeting_command){__VA_ARGS__})

static void only_the_last_window_closed_is_a_departure(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    fixture_open(&f);
    fixture_start(&f);
    uint64_t seq = fixture_state(&f)->seq;
    assert_int_equal(DO(members[0], .action = ACTION_ENTER), ERR_OK);
    assert_int_equal(DO(members[0], .action = ACTION_LEAVE), ERR_OK);
    assert_int_equal(fixture_state(&f)->seq, seq);
    assert_int_equal(DO(members[0], .action = ACTION_LEAVE), ERR_OK);
    assert_int_equal(fixture_state(&f)->seq, seq + 1);
    assert_false(state_user_find(fixture_state(&f), f.members[0])->present);
    assert_int_equal(DO(members[0], .action = ACTION_LEAVE), ERR_OK); /* late, and harmless */
    assert_int_equal(fixture_state(&f)->seq, seq + 1);
    fixture_close(&f);
}

static void a_restart_keeps_who_comes_back_and_ends_who_does_not(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    fixture_open(&f);
    fixture_start(&f);
    assert_int_equal(DO(chair, .action = ACTION_FLOOR_GRANT,
                        .of.participant = {fixture_participant(&f, f.members[1])}),
                     ERR_OK);
    utc_ms_t vouched = fixture_state(&f)->last_at;
    f.now += 30000;
    fixture_reopen(&f);
    assert_int_equal(fixture_state(&f)->present_count, 6);
    assert_int_equal(meeting_deadline(f.service), f.now + MEETING_RETURN_MS);
    assert_int_equal(DO(chair, .action = ACTION_ENTER), ERR_OK);
    assert_int_equal(DO(members[0], .action = ACTION_ENTER), ERR_OK);
    meeting_tick(f.service, f.now + MEETING_RETURN_MS - 2001);
    assert_int_equal(fixture_state(&f)->present_count, 6);
    f.now += MEETING_RETURN_MS;
    meeting_tick(f.service, f.now);
    assert_int_equal(meeting_flush(f.service), ERR_OK);
    const struct meeting_state *state = fixture_state(&f);
    assert_int_equal(state->present_count, 2);
    assert_int_equal(state->floor_holder, 0);
    assert_int_equal(state_user_find(state, f.chair)->span_count, 1);
    assert_int_equal(state_user_find(state, f.chair)->spans[0].out_at, 0);
    assert_int_equal(state_user_find(state, f.members[1])->spans[0].out_at, vouched);
    assert_int_equal(meeting_deadline(f.service), INT64_MAX);
    fixture_close(&f);
}

static void people_see_a_meeting_once_they_are_invited(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    uint32_t cursor = 0;
    fixture_open(&f);
    struct meeting_plan plan = {.actor = f.secretary,
                                .title = "Họp trù bị",
                                .place = "",
                                .start_at = FIXTURE_START + 1,
                                .end_at = FIXTURE_START + 2,
                                .chair_id = f.chair,
                                .secretary_id = f.secretary};
    struct meeting_receipt draft = meeting_create(f.service, &plan, f.now);
    assert_null(draft.refusal);
    fixture_announce(&f);
    assert_false(meeting_is_visible(f.service, draft.id, f.members[0]));
    assert_true(meeting_is_visible(f.service, f.meeting, f.members[0]));
    assert_int_equal(meeting_next_of(f.service, f.members[0], &cursor)->id, f.meeting);
    assert_null(meeting_next_of(f.service, f.members[0], &cursor));
    cursor = 0; /* the chair sees both, the later one first */
    assert_int_equal(meeting_next_of(f.service, f.chair, &cursor)->id, draft.id);
    assert_int_equal(meeting_next_of(f.service, f.chair, &cursor)->id, f.meeting);
    plan.actor = f.members[0];
    assert_string_equal(meeting_create(f.service, &plan, f.now).refusal->code, "action.forbidden");
    plan.actor = plan.secretary_id = f.chair;
    assert_string_equal(meeting_create(f.service, &plan, f.now).refusal->code,
                        "meeting.same_person");
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_last_window_closed_is_a_departure),
        cmocka_unit_test(a_restart_keeps_who_comes_back_and_ends_who_does_not),
        cmocka_unit_test(people_see_a_meeting_once_they_are_invited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
