/* Whatever people do, the stored log folds to the state that they saw. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "meeting/core/guard.h"
#include "tests/support/meeting_core.h"

enum { SEEDS = 60, COMMANDS = 4000 };

static const char hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* Some id of a list, or one that does not exist. */
#define PICK(rng, list, count)                                                                     \
    ((count) && rng_below(rng, 8) ? (list)[rng_below(rng, (count))].id : 1 + rng_below(rng, 9))

static void random_members(struct rng *rng, const struct meeting_state *state,
                           struct meeting_command *command)
{
    static const struct agenda_item items[] = {{.title = "Một", .planned_minutes = 5},
                                               {.title = "Hai"}};
    static const struct minutes_run run = {.text = "Chữ", .bold = true};
    static const struct minutes_block block = {BLOCK_ITEM, 1, &run};
    uint32_t choice = rng_below(rng, CHOICE_COUNT);
    /* clang-format off */
    switch ((int)command->action) {
    case ACTION_AGENDA_SET: command->of.agenda_set.items = items;
        command->of.agenda_set.item_count = rng_below(rng, 3); return;
    case ACTION_DOCUMENT_ADD: command->of.document_add.title = "Báo cáo";
        command->of.document_add.sha256 = hash; command->of.document_add.pages = 3; return;
    case ACTION_DOCUMENT_REMOVE: command->of.document_remove.document_id =
        PICK(rng, state->documents, state->document_count); return;
    case ACTION_RETURN: case ACTION_CANCEL: case ACTION_ISSUE_RECALL:
        command->of.reason.reason = "Lý do"; return;
    case ACTION_AGENDA_OPEN: command->of.agenda_open.agenda_id =
        PICK(rng, state->agenda, state->agenda_count); return;
    case ACTION_FLOOR_GRANT: case ACTION_STAGE_SET: command->of.participant.participant_id =
        PICK(rng, state->participants, state->participant_count); return;
    case ACTION_DOCUMENT_PRESENT: command->of.document_present.document_id =
        PICK(rng, state->documents, state->document_count);
        command->of.document_present.page = rng_below(rng, 5); return;
    case ACTION_VOTE_OPEN: command->of.vote_open.question = "Thông qua?"; return;
    case ACTION_VOTE_CAST: command->of.vote_cast.choice = choice;
        command->of.vote_cast.vote_id = PICK(rng, state->votes, state->vote_count); return;
    case ACTION_VOTE_CLOSE: command->of.vote_close.vote_id =
        PICK(rng, state->votes, state->vote_count); return;
    case ACTION_CONCLUSION_ADD: command->of.conclusion_add.text = "Kết luận"; return;
    case ACTION_CONCLUSION_REMOVE: command->of.conclusion_remove.conclusion_id =
        PICK(rng, state->conclusions, state->conclusion_count); return;
    case ACTION_MINUTES_SAVE: command->of.minutes_save.minutes = (struct minutes){1, &block};
        command->of.minutes_save.base_revision = state->minutes.revision; return;
    case ACTION_MINUTES_FINALISE: command->of.minutes_finalise.revision = state->minutes.revision;
        command->of.minutes_finalise.code = "ABCDEFGHIJKLMN23";
        command->of.minutes_finalise.sha256 = hash; return;
    case ACTION_MINUTES_SIGN: command->of.minutes_sign.field = rng_below(rng, 2);
        command->of.minutes_sign.serial = "0a"; command->of.minutes_sign.sha256 = hash; return;
    case ACTION_ISSUE_WRITE: case ACTION_ISSUE_SEAL: command->of.issue_file.serial = "0c";
        command->of.issue_file.sha256 = hash; return;
    case ACTION_ISSUE_RECEIVE: command->of.issue_receive.issue_id =
        PICK(rng, state->issues, state->issue_count); return;
    default: return;
    }
    /* clang-format on */
}

/* Mostly something that the actor may do, sometimes anything. */
static enum meeting_action random_action(struct rng *rng, const struct meeting_state *state,
                                         uint64_t actor)
{
    const struct actor_office office = core_office(actor);
    uint64_t may = guard_actions_in_office(state, actor, &office);
    for (int i = 0; i < 64 && may && rng_below(rng, 8); i++) {
        uint32_t action = rng_below(rng, ACTION_COUNT);
        bool ends_early = action == ACTION_CANCEL || action == ACTION_END ||
                          (action == ACTION_MINUTES_REOPEN && !state->minutes.issue_id);
        if ((may >> action & 1) && !(ends_early && rng_below(rng, 16)))
            return (enum meeting_action)action;
    }
    uint32_t action = rng_below(rng, ACTION_COUNT);
    return action == ACTION_CANCEL ? ACTION_ENTER : (enum meeting_action)action;
}

/* At most one paper of a meeting is in force, and nothing is issued that the chair did not sign. */
static void check_issues(const struct meeting_state *state)
{
    uint32_t in_force = 0;
    for (uint32_t i = 0; i < state->issue_count; i++) {
        const struct state_issue *issue = &state->issues[i];
        in_force += issue->stage != ISSUE_RECALLED;
        assert_true(issue->stage < ISSUE_SEALED || issue->stage == ISSUE_RECALLED ||
                    issue->sealed_at);
        assert_true(issue->received_count <= issue->recipient_count);
    }
    assert_true(in_force <= 1);
    assert_true(!in_force || state->minutes.stage == MINUTES_CHAIR_SIGNED);
}

static void check_sense(const struct meeting_state *state)
{
    uint32_t present = 0;
    uint32_t open = 0;
    for (uint32_t i = 0; i < state->participant_count; i++) {
        const struct state_participant *participant = &state->participants[i];
        present += participant->present;
        for (uint32_t k = 0; k < participant->span_count; k++) {
            bool last = k + 1 == participant->span_count;
            assert_int_equal(participant->spans[k].out_at == 0, last && participant->present);
        }
    }
    for (uint32_t i = 0; i < state->vote_count; i++) {
        open += state->votes[i].phase == VOTE_OPEN;
        assert_true(state->votes[i].cast <= state->votes[i].eligible);
    }
    assert_int_equal(present, state->present_count);
    assert_true(open <= 1);
    if (state->floor_holder)
        assert_true(state_participant_find(state, state->floor_holder)->present);
    assert_true(state_is_in_room(state) || present == 0);
    check_issues(state);
}

/* What all walks together have come to. */
struct reached {
    bool phases[PHASE_COUNT];
    uint32_t replaced; /* papers */
};

static void run_seed(uint64_t seed, struct reached *reached)
{
    struct rng rng = rng_seed(seed);
    struct meeting_core *core = malloc(sizeof *core);
    core_open(core);
    for (int i = 0; i < COMMANDS; i++) {
        uint64_t actor = 1 + rng_below(&rng, CORE_USERS);
        struct meeting_command command = {.action = random_action(&rng, &core->state, actor)};
        random_members(&rng, &core->state, &command);
        const struct actor_office office = core_office(actor);
        bool may = guard_actions_in_office(&core->state, actor, &office) >> command.action & 1;
        const struct refusal *refusal = core_do(core, actor, command);
        assert_true(may || refusal); /* no button, no command */
        check_sense(&core->state);
        reached->phases[core->state.phase] = true;
    }
    struct meeting_state again;
    core_refold(core, &again);
    struct buffer live = core_state_text(&core->state);
    struct buffer folded = core_state_text(&again);
    assert_string_equal((const char *)live.data, (const char *)folded.data);
    for (uint32_t i = 0; i < again.issue_count; i++)
        reached->replaced += again.issues[i].replaced_by != 0;
    buffer_done(&live);
    buffer_done(&folded);
    state_done(&again);
    core_close(core);
    free(core);
}

static void the_stored_log_folds_to_the_state_that_was_seen(void **unused)
{
    (void)unused;
    struct reached reached = {0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run_seed(seed, &reached);
    assert_true(reached.phases[PHASE_PUBLISHED]); /* the walk gets somewhere */
    assert_true(reached.replaced > 0);
}

static void rows_out_of_order_or_out_of_sense_are_refused(void **unused)
{
    (void)unused;
    struct meeting_core *core = malloc(sizeof *core);
    core_open(core);
    core_bring_to(core, PHASE_LIVE);
    struct meeting_state *state = &core->state;
    struct event_row row = {.seq = state->seq + 2, .at = core->now};
    row.event.kind = EVENT_MEETING_PAUSED;
    assert_int_equal(fold(state, &row), ERR_WRONG_STATE); /* a gap */
    row.seq = state->seq + 1;
    row.at = state->last_at - 1;
    assert_int_equal(fold(state, &row), ERR_WRONG_STATE); /* time goes back */
    row.at = core->now;
    row.event.kind = EVENT_MEETING_CREATED;
    assert_int_equal(fold(state, &row), ERR_WRONG_STATE); /* born twice */
    row.event.kind = EVENT_MEETING_RESUMED;
    assert_int_equal(fold(state, &row), ERR_WRONG_STATE);
    row.event.kind = EVENT_FLOOR_GRANTED;
    row.event.of.participant.participant_id = 12345;
    assert_int_equal(fold(state, &row), ERR_UNKNOWN);
    row.event.kind = EVENT_VOTE_OPENED;
    row.event.of.vote_opened.vote_id = 9;
    row.event.of.vote_opened.question = "?";
    row.event.of.vote_opened.eligible = 77;
    assert_int_equal(fold(state, &row), ERR_FORMAT); /* more voters than people */
    core_close(core);
    free(core);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stored_log_folds_to_the_state_that_was_seen),
        cmocka_unit_test(rows_out_of_order_or_out_of_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
