/* What commands come to, in every phase and for everybody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/meeting_core.h"

#define DO(user, ...) core_do(core, user, (struct meeting_command){__VA_ARGS__})
#define ACCEPTED(user, ...) assert_null(DO(user, __VA_ARGS__))
#define REFUSED(code_, user, ...)                                                                  \
    do {                                                                                           \
        const struct refusal *refused = DO(user, __VA_ARGS__);                                     \
        assert_non_null(refused);                                                                  \
        assert_string_equal(refused->code, code_);                                                 \
    } while (0)

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

static void a_meeting_goes_its_way_and_back_to_draft_when_returned(void **state)
{
    struct meeting_core *core = *state;
    REFUSED("agenda.empty", CORE_SECRETARY, .action = ACTION_SUBMIT);
    core_bring_to(core, PHASE_SUBMITTED);
    REFUSED("action.forbidden", CORE_SECRETARY, .action = ACTION_APPROVE);
    ACCEPTED(CORE_CHAIR, .action = ACTION_RETURN, .of.reason = {"Bổ sung nội dung 2."});
    assert_int_equal(core->state.phase, PHASE_DRAFT);
    assert_string_equal(core->state.reason, "Bổ sung nội dung 2.");
    core_bring_to(core, PHASE_PUBLISHED);
    assert_null(core->state.reason);
    for (uint32_t action = 0; action < ACTION_COUNT; action++)
        assert_non_null(core_do(core, CORE_SECRETARY,
                                (struct meeting_command){.action = (enum meeting_action)action}));
}

static void the_first_to_enter_opens_the_room_and_a_second_window_changes_nothing(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_INVITED);
    ACCEPTED(CORE_TECHNICIAN, .action = ACTION_ENTER);
    assert_int_equal(core->state.phase, PHASE_CHECKING_IN);
    uint64_t seq = core->state.seq;
    ACCEPTED(CORE_TECHNICIAN, .action = ACTION_ENTER);
    assert_int_equal(core->state.seq, seq);
    assert_int_equal(core->state.present_count, 1);
    REFUSED("action.forbidden", CORE_OUTSIDER, .action = ACTION_ENTER);
}

static void who_comes_back_is_one_person_with_two_spans(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_LIVE);
    uint32_t present = core->state.present_count;
    ACCEPTED(CORE_MEMBER, .action = ACTION_LEAVE);
    assert_int_equal(core->state.present_count, present - 1);
    ACCEPTED(CORE_MEMBER, .action = ACTION_ENTER);
    assert_int_equal(core->state.present_count, present);
    const struct state_participant *member = state_user_find(&core->state, CORE_MEMBER);
    assert_int_equal(member->span_count, 2);
    assert_true(member->spans[0].out_at > 0 && member->spans[1].out_at == 0);
}

static void a_grant_ends_the_former_holders_floor_and_takes_the_stage(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_LIVE);
    uint64_t chair = core_participant(core, CORE_CHAIR);
    uint64_t first = core_participant(core, CORE_MEMBER);
    uint64_t second = core_participant(core, CORE_MEMBER_2);
    assert_int_equal(core->state.stage, chair);
    ACCEPTED(CORE_MEMBER, .action = ACTION_FLOOR_REQUEST);
    REFUSED("floor.already_requested", CORE_MEMBER, .action = ACTION_FLOOR_REQUEST);
    ACCEPTED(CORE_CHAIR, .action = ACTION_FLOOR_GRANT, .of.participant = {first});
    assert_int_equal(core->state.request_count, 0);
    REFUSED("floor.already_holder", CORE_CHAIR, .action = ACTION_FLOOR_GRANT,
            .of.participant = {first});
    ACCEPTED(CORE_CHAIR, .action = ACTION_FLOOR_GRANT, .of.participant = {second});
    assert_int_equal(core->state.floor_holder, second);
    assert_int_equal(core->state.stage, second);
    assert_true(core->state.speeches[0].to_at > 0);
    REFUSED("action.forbidden", CORE_MEMBER, .action = ACTION_FLOOR_RELEASE);
    ACCEPTED(CORE_MEMBER_2, .action = ACTION_FLOOR_RELEASE);
    assert_int_equal(core->state.stage, chair);
    REFUSED("floor.nobody", CORE_CHAIR, .action = ACTION_FLOOR_RELEASE);
}

static void leaving_gives_the_floor_back_and_forgets_a_request(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_LIVE);
    ACCEPTED(CORE_MEMBER_2, .action = ACTION_FLOOR_REQUEST);
    ACCEPTED(CORE_CHAIR, .action = ACTION_FLOOR_GRANT,
             .of.participant = {core_participant(core, CORE_MEMBER)});
    ACCEPTED(CORE_MEMBER, .action = ACTION_LEAVE);
    assert_int_equal(core->state.floor_holder, 0);
    assert_int_equal(core->state.stage, core_participant(core, CORE_CHAIR));
    ACCEPTED(CORE_MEMBER_2, .action = ACTION_LEAVE);
    assert_int_equal(core->state.request_count, 0);
    REFUSED("participant.absent", CORE_CHAIR, .action = ACTION_FLOOR_GRANT,
            .of.participant = {core_participant(core, CORE_MEMBER)});
    REFUSED("participant.unknown", CORE_CHAIR, .action = ACTION_FLOOR_GRANT,
            .of.participant = {99});
}

static void media_rights_follow_the_floor(void **state)
{
    struct meeting_core *core = *state;
    const uint32_t all = MEDIA_TILE | MEDIA_STAGE | MEDIA_MICROPHONE | MEDIA_SCREEN;
    core_bring_to(core, PHASE_LIVE);
    const struct state_participant *chair = state_user_find(&core->state, CORE_CHAIR);
    const struct state_participant *member = state_user_find(&core->state, CORE_MEMBER);
    assert_int_equal(state_media_rights(&core->state, chair), all);
    assert_int_equal(state_media_rights(&core->state, member), MEDIA_TILE);
    assert_int_equal(state_media(&core->state).stage, chair->source);
    assert_int_equal(state_media(&core->state).floor, 0);
    ACCEPTED(CORE_CHAIR, .action = ACTION_FLOOR_GRANT, .of.participant = {member->id});
    assert_int_equal(state_media_rights(&core->state, member), all);
    assert_int_equal(state_media(&core->state).floor, member->source);
    assert_int_equal(state_media(&core->state).screen, member->source);
    ACCEPTED(CORE_CHAIR, .action = ACTION_PAUSE);
    assert_int_equal(state_media_rights(&core->state, member), MEDIA_TILE);
    ACCEPTED(CORE_CHAIR, .action = ACTION_END);
    assert_int_equal(state_media_rights(&core->state, chair), 0);
    assert_int_equal(state_media(&core->state).stage, 0);
}

static void a_vote_counts_those_present_when_it_opened_once_each(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_LIVE);
    ACCEPTED(CORE_MEMBER_2, .action = ACTION_LEAVE);
    ACCEPTED(CORE_CHAIR, .action = ACTION_VOTE_OPEN, .of.vote_open = {"Thông qua?"});
    const uint64_t vote = core->state.votes[0].id;
    assert_int_equal(core->state.votes[0].eligible, 3); /* chair, secretary, one member */
    REFUSED("vote.still_open", CORE_CHAIR, .action = ACTION_VOTE_OPEN, .of.vote_open = {"Hai?"});
    REFUSED("vote.still_open", CORE_CHAIR, .action = ACTION_END);
    ACCEPTED(CORE_MEMBER_2, .action = ACTION_ENTER);
    REFUSED("vote.not_eligible", CORE_MEMBER_2, .action = ACTION_VOTE_CAST,
            .of.vote_cast = {vote, CHOICE_AGREE});
    REFUSED("action.forbidden", CORE_OBSERVER, .action = ACTION_VOTE_CAST,
            .of.vote_cast = {vote, CHOICE_AGREE});
    ACCEPTED(CORE_MEMBER, .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_DISAGREE});
    REFUSED("vote.already_cast", CORE_MEMBER, .action = ACTION_VOTE_CAST,
            .of.vote_cast = {vote, CHOICE_AGREE});
    ACCEPTED(CORE_CHAIR, .action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_AGREE});
    ACCEPTED(CORE_CHAIR, .action = ACTION_VOTE_CLOSE, .of.vote_close = {vote});
    REFUSED("vote.none_open", CORE_SECRETARY, .action = ACTION_VOTE_CAST,
            .of.vote_cast = {vote, CHOICE_AGREE});
    assert_int_equal(core->state.votes[0].tally[CHOICE_AGREE], 1);
    assert_int_equal(core->state.votes[0].tally[CHOICE_DISAGREE], 1);
    assert_int_equal(core->state.votes[0].cast, 2);
}

static void the_minutes_have_one_writer_and_no_word_is_overwritten(void **state)
{
    struct meeting_core *core = *state;
    core_bring_to(core, PHASE_ENDED);
    struct minutes_run run = {.text = "Nội dung họp"};
    struct minutes_block block = {BLOCK_PARAGRAPH, 1, &run};
    struct minutes text = {1, &block};
    REFUSED("minutes.not_locked", CORE_SECRETARY, .action = ACTION_MINUTES_SAVE,
            .of.minutes_save = {0, text});
    ACCEPTED(CORE_SECRETARY, .action = ACTION_MINUTES_LOCK);
    REFUSED("minutes.locked", CORE_CHAIR, .action = ACTION_MINUTES_LOCK);
    ACCEPTED(CORE_SECRETARY, .action = ACTION_MINUTES_SAVE, .of.minutes_save = {0, text});
    REFUSED("minutes.conflict", CORE_SECRETARY, .action = ACTION_MINUTES_SAVE,
            .of.minutes_save = {0, text});
    ACCEPTED(CORE_CHAIR, .action = ACTION_MINUTES_TAKEOVER);
    REFUSED("minutes.not_locked", CORE_SECRETARY, .action = ACTION_MINUTES_SAVE,
            .of.minutes_save = {1, text});
    ACCEPTED(CORE_CHAIR, .action = ACTION_MINUTES_SAVE, .of.minutes_save = {1, text});
    assert_int_equal(core->state.minutes.revision, 2);
    assert_string_equal(core->state.minutes.text.blocks[0].runs[0].text, "Nội dung họp");
    REFUSED("minutes.locked", CORE_SECRETARY, .action = ACTION_MINUTES_FINALISE,
            .of.minutes_finalise = {2, "ABCDEFGHIJKLMN23", ""});
    ACCEPTED(CORE_CHAIR, .action = ACTION_MINUTES_UNLOCK);
    core_bring_to(core, PHASE_MINUTES_SIGNED);
    REFUSED("minutes.not_recalled", CORE_SECRETARY, .action = ACTION_MINUTES_REOPEN);
}

static void a_document_is_presented_only_on_pages_it_has(void **state)
{
    struct meeting_core *core = *state;
    static const char hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    ACCEPTED(CORE_SECRETARY, .action = ACTION_DOCUMENT_ADD,
             .of.document_add = {"Báo cáo", 0, hash, 1234, 3});
    core_bring_to(core, PHASE_LIVE);
    uint64_t id = core->state.documents[0].id;
    REFUSED("document.no_such_page", CORE_CHAIR, .action = ACTION_DOCUMENT_PRESENT,
            .of.document_present = {id, 4});
    REFUSED("document.no_such_page", CORE_CHAIR, .action = ACTION_DOCUMENT_PRESENT,
            .of.document_present = {id, 0});
    REFUSED("document.unknown", CORE_CHAIR, .action = ACTION_DOCUMENT_PRESENT,
            .of.document_present = {77, 1});
    REFUSED("action.forbidden", CORE_MEMBER, .action = ACTION_DOCUMENT_PRESENT,
            .of.document_present = {id, 1});
    ACCEPTED(CORE_CHAIR, .action = ACTION_DOCUMENT_PRESENT, .of.document_present = {id, 3});
    assert_int_equal(core->state.presented_number, 1);
    ACCEPTED(CORE_CHAIR, .action = ACTION_DOCUMENT_PRESENT, .of.document_present = {0, 0});
    assert_int_equal(core->state.presented_document, 0);
    assert_int_equal(core->state.presented_number, 2);
}

static void an_invitation_changed_keeps_who_stays(void **state)
{
    struct meeting_core *core = *state;
    ACCEPTED(CORE_SECRETARY, .action = ACTION_UNITS_INVITE);
    uint64_t member = core_participant(core, CORE_MEMBER);
    uint32_t source = state_user_find(&core->state, CORE_MEMBER)->source;
    ACCEPTED(CORE_SECRETARY, .action = ACTION_UNITS_INVITE);
    assert_int_equal(core_participant(core, CORE_MEMBER), member);
    assert_int_equal(state_user_find(&core->state, CORE_MEMBER)->source, source);
    assert_int_equal(core->state.participant_count, 6);
}

static void texts_out_of_bounds_are_refused(void **state)
{
    struct meeting_core *core = *state;
    char *text = calloc(1, 4002);
    memset(text, 'a', 4001);
    core_bring_to(core, PHASE_LIVE);
    REFUSED("request.too_long", CORE_CHAIR, .action = ACTION_CONCLUSION_ADD,
            .of.conclusion_add = {text});
    text[4000] = '\0';
    ACCEPTED(CORE_CHAIR, .action = ACTION_CONCLUSION_ADD, .of.conclusion_add = {text});
    REFUSED("request.bad_text", CORE_CHAIR, .action = ACTION_CONCLUSION_ADD,
            .of.conclusion_add = {""});
    REFUSED("request.bad_text", CORE_CHAIR, .action = ACTION_CONCLUSION_ADD,
            .of.conclusion_add = {"\xff"});
    free(text);
}

#define WITH_CORE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CORE(a_meeting_goes_its_way_and_back_to_draft_when_returned),
        WITH_CORE(the_first_to_enter_opens_the_room_and_a_second_window_changes_nothing),
        WITH_CORE(who_comes_back_is_one_person_with_two_spans),
        WITH_CORE(a_grant_ends_the_former_holders_floor_and_takes_the_stage),
        WITH_CORE(leaving_gives_the_floor_back_and_forgets_a_request),
        WITH_CORE(media_rights_follow_the_floor),
        WITH_CORE(a_vote_counts_those_present_when_it_opened_once_each),
        WITH_CORE(the_minutes_have_one_writer_and_no_word_is_overwritten),
        WITH_CORE(a_document_is_presented_only_on_pages_it_has),
        WITH_CORE(an_invitation_changed_keeps_who_stays),
        WITH_CORE(texts_out_of_bounds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
