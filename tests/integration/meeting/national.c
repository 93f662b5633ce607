/* A meeting of the whole country: 3,400 places invited, present, and voting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "tests/support/meeting_fixture.h"

enum { PLACES = 3400 };

static void add_places(struct meeting_fixture *f, uint64_t *units, uint64_t *users)
{
    for (uint32_t i = 0; i < PLACES; i++) {
        char login[32];
        char name[64];
        snprintf(login, sizeof login, "diemcau%u", i);
        snprintf(name, sizeof name, "Xã Điểm cầu số %u", i);
        struct directory_unit unit = {.parent_id = f->province, .kind = UNIT_COMMUNE, .name = name};
        assert_int_equal(meeting_directory_add_unit(f->service, &unit, &units[i]), ERR_OK);
        struct directory_user user = {.unit_id = units[i],
                                      .roles = 1u << ROLE_MEMBER,
                                      .login = login,
                                      .password_hash = "!",
                                      .name = "Nguyễn Thị Hằng",
                                      .position = "Chủ tịch Ủy ban nhân dân"};
        assert_int_equal(meeting_directory_add_user(f->service, &user, &users[i]), ERR_OK);
    }
    assert_int_equal(meeting_flush(f->service), ERR_OK);
}

/* Everybody does the same thing at once; until all of it is acknowledged. */
static void all_do(struct meeting_fixture *f, const uint64_t *users, struct meeting_command command)
{
    uint32_t waiting = 0;
    usec_t begin = clock_now_us();
    command.meeting = f->meeting;
    for (uint32_t i = 0; i < PLACES; i++) {
        command.actor = users[i];
        assert_null(meeting_submit(f->service, &command, f->now).refusal);
        waiting++;
    }
    while (waiting > 0) {
        struct pollfd fd = {.fd = meeting_fd(f->service), .events = POLLIN};
        struct meeting_output output;
        assert_int_equal(poll(&fd, 1, 20000), 1);
        while (meeting_poll(f->service, f->now, &output))
            if (output.kind == MEETING_OUTPUT_DONE) {
                assert_int_equal(output.err, ERR_OK);
                waiting--;
            }
    }
    print_message("%u × %s: %.0f ms\n", PLACES, words_name(&action_words, command.action),
                  (double)(clock_now_us() - begin) / 1e3);
}

static void three_thousand_four_hundred_places_enter_and_vote(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    uint64_t *units = calloc(PLACES, sizeof *units);
    uint64_t *users = calloc(PLACES, sizeof *users);
    fixture_open(&f);
    add_places(&f, units, users);
    fixture_announce(&f);
    struct meeting_command invite = {.action = ACTION_UNITS_INVITE,
                                     .of.units_invite = {PLACES, 0, units, NULL}};
    usec_t begin = clock_now_us();
    assert_int_equal(fixture_do(&f, f.secretary, invite), ERR_OK);
    print_message("invited in %.0f ms\n", (double)(clock_now_us() - begin) / 1e3);
    assert_int_equal(fixture_state(&f)->participant_count, PLACES + 2);

    struct meeting_command enter = {.action = ACTION_ENTER};
    assert_int_equal(fixture_do(&f, f.chair, enter), ERR_OK);
    all_do(&f, users, enter);
    struct meeting_command start = {.action = ACTION_START};
    assert_int_equal(fixture_do(&f, f.chair, start), ERR_OK);
    struct meeting_command open = {.action = ACTION_VOTE_OPEN, .of.vote_open = {"Thông qua?"}};
    assert_int_equal(fixture_do(&f, f.chair, open), ERR_OK);
    uint64_t vote = fixture_state(&f)->votes[0].id;
    all_do(
        &f, users,
        (struct meeting_command){.action = ACTION_VOTE_CAST, .of.vote_cast = {vote, CHOICE_AGREE}});
    struct meeting_command close = {.action = ACTION_VOTE_CLOSE, .of.vote_close = {vote}};
    assert_int_equal(fixture_do(&f, f.chair, close), ERR_OK);
    begin = clock_now_us();
    fixture_reopen(&f);
    print_message("folded again in %.0f ms\n", (double)(clock_now_us() - begin) / 1e3);
    assert_int_equal(fixture_state(&f)->votes[0].eligible, PLACES + 1);
    assert_int_equal(fixture_state(&f)->votes[0].tally[CHOICE_AGREE], PLACES);
    free(units);
    free(users);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_thousand_four_hundred_places_enter_and_vote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
