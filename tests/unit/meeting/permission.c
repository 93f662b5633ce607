/* The permission table, cell by cell, against the one that docs/protocol.md gives in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "meeting/core/permission.h"

/* Standings: C chair, S secretary, M member, O observer, T technician, H holder, W writer,
 * K clerk, R recipient.
 * Phases in order: draft submitted approved invited checking_in live paused ended minutes_signed
 * published cancelled; x where the standing may. */
static const struct {
    const char *action;
    const char *who;
    const char *phases;
} expected[] = {
    {"agenda.set", "S", "xxxx......."},
    {"document.add", "S", "xxxxxx....."},
    {"document.remove", "S", "xxxxx......"},
    {"units.invite", "S", "xxxx......."},
    {"submit", "S", "x.........."},
    {"approve", "C", ".x........."},
    {"return", "C", ".x........."},
    {"announce", "S", "..x........"},
    {"cancel", "CS", "xxxxx......"},
    {"enter", "CSMOT", "...xxxx...."},
    {"leave", "CSMOT", "....xxx...."},
    {"start", "C", "....x......"},
    {"pause", "C", ".....x....."},
    {"resume", "C", "......x...."},
    {"end", "C", ".....xx...."},
    {"agenda.open", "CS", ".....x....."},
    {"floor.request", "SM", ".....x....."},
    {"floor.withdraw", "SM", ".....x....."},
    {"floor.grant", "C", ".....x....."},
    {"floor.release", "CH", ".....x....."},
    {"stage.set", "CT", "....xx....."},
    {"document.present", "CSH", ".....x....."},
    {"vote.open", "C", ".....x....."},
    {"vote.cast", "CSM", ".....x....."},
    {"vote.close", "C", ".....x....."},
    {"conclusion.add", "CS", ".....x....."},
    {"conclusion.remove", "CS", ".....x....."},
    {"minutes.lock", "CS", ".......x..."},
    {"minutes.unlock", "W", ".......x..."},
    {"minutes.takeover", "CS", ".......x..."},
    {"minutes.save", "W", ".......x..."},
    {"minutes.finalise", "S", ".......x..."},
    {"minutes.reopen", "S", ".......xxx."},
    {"minutes.sign", "CS", ".......x..."},
    {"issue.number", "K", "........xx."},
    {"issue.write", "K", "........xx."},
    {"issue.seal", "K", "........xx."},
    {"issue.distribute", "K", "........xx."},
    {"issue.receive", "R", ".......xxx."},
    {"issue.recall", "K", "........xx."},
};

static void every_cell_is_as_the_protocol_says(void **unused)
{
    (void)unused;
    static const char letters[] = "CSMOTHWKR";
    uint32_t cells = 0;
    _Static_assert(sizeof expected / sizeof expected[0] == ACTION_COUNT, "one row an action");
    for (uint32_t row = 0; row < ACTION_COUNT; row++) {
        uint32_t action = 0;
        assert_int_equal(words_find(&action_words, bytes_of(expected[row].action), &action),
                         ERR_OK);
        assert_int_equal(strlen(expected[row].phases), PHASE_COUNT);
        for (uint32_t standing = 0; standing < STANDING_COUNT; standing++)
            for (uint32_t phase = 0; phase < PHASE_COUNT; phase++) {
                bool may = strchr(expected[row].who, letters[standing]) &&
                           expected[row].phases[phase] == 'x';
                bool table = permission_may((enum standing)standing, (enum meeting_action)action,
                                            (enum meeting_phase)phase);
                if (may != table)
                    fail_msg("%s by %c in %s", expected[row].action, letters[standing],
                             words_name(&phase_words, phase));
                cells++;
            }
    }
    assert_int_equal(cells, ACTION_COUNT * STANDING_COUNT * PHASE_COUNT);
}

static void an_outsider_may_nothing(void **unused)
{
    (void)unused;
    for (uint32_t action = 0; action < ACTION_COUNT; action++)
        for (uint32_t phase = 0; phase < PHASE_COUNT; phase++)
            assert_int_equal(
                permission_of(0, (enum meeting_action)action, (enum meeting_phase)phase),
                PERMISSION_DENIED);
}

static void several_standings_add_up(void **unused)
{
    (void)unused;
    uint32_t holder = 1u << STANDING_MEMBER | 1u << STANDING_HOLDER;
    assert_int_equal(permission_of(holder, ACTION_DOCUMENT_PRESENT, PHASE_LIVE), PERMISSION_GIVEN);
    assert_int_equal(permission_of(holder, ACTION_DOCUMENT_PRESENT, PHASE_PAUSED),
                     PERMISSION_WRONG_PHASE);
    assert_int_equal(permission_of(holder, ACTION_VOTE_OPEN, PHASE_LIVE), PERMISSION_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_as_the_protocol_says),
        cmocka_unit_test(an_outsider_may_nothing),
        cmocka_unit_test(several_standings_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
