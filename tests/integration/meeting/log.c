/* The log is its own witness: whatever hand touches a row is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/meeting_fixture.h"

static void tamper(const struct meeting_fixture *f, const char *sql)
{
    char path[128];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/dienhong.db", f->folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_true(sqlite3_changes(db) >= 1);
    sqlite3_close(db);
}

static void a_row_that_was_touched_is_named(void **unused)
{
    (void)unused;
    static const struct {
        const char *sql;
        uint64_t seq;
    } hands[] = {
        {"UPDATE event SET body = replace(body, 'tháng 12', 'tháng 13') WHERE seq = 3", 3},
        {"UPDATE event SET actor = actor + 1 WHERE seq = 5", 5},
        {"UPDATE event SET utc_ms = utc_ms + 1 WHERE seq = 6", 6},
        {"UPDATE event SET kind = 'meeting.resumed' WHERE seq = 4", 4},
        {"UPDATE event SET hash = zeroblob(32) WHERE seq = 7", 7},
        {"UPDATE event SET epoch = epoch + 1 WHERE seq = 1", 1},
        {"DELETE FROM event WHERE seq = 4", 4},
        {"DELETE FROM event WHERE seq = (SELECT MAX(seq) FROM event)", 15},
        {"UPDATE event SET seq = seq + 100 WHERE seq = 9", 9},
    };
    for (size_t i = 0; i < sizeof hands / sizeof hands[0]; i++) {
        struct meeting_fixture f;
        struct log_report report;
        fixture_open(&f);
        fixture_start(&f);
        assert_int_equal(fixture_state(&f)->seq, 15);
        assert_int_equal(meeting_log_verify(f.folder, &report), ERR_OK);
        assert_true(report.intact);
        assert_int_equal(report.meetings, 1);
        tamper(&f, hands[i].sql);
        assert_int_equal(meeting_log_verify(f.folder, &report), ERR_OK);
        assert_false(report.intact);
        assert_int_equal(report.broken_meeting, f.meeting);
        assert_int_equal(report.broken_seq, hands[i].seq);
        fixture_close(&f);
    }
}

static void a_folder_at_rest_verifies_too(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    struct log_report report;
    fixture_open(&f);
    fixture_start(&f);
    meeting_service_close(f.service);
    f.service = NULL;
    assert_int_equal(meeting_log_verify(f.folder, &report), ERR_OK);
    assert_true(report.intact);
    assert_int_equal(report.events, 15);
    fixture_close(&f);
}

static void a_folder_without_a_database_is_an_error(void **unused)
{
    (void)unused;
    struct log_report report;
    assert_int_equal(meeting_log_verify("/nonexistent", &report), ERR_IO);
}

static void events_are_read_in_pages_and_open_ballots_stay_secret(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    struct buffer json = {0};
    uint64_t last = 0;
    fixture_open(&f);
    fixture_start(&f);
    struct meeting_command open = {.action = ACTION_VOTE_OPEN, .of.vote_open = {"Thông qua?"}};
    assert_int_equal(fixture_do(&f, f.chair, open), ERR_OK);
    uint64_t vote = fixture_state(&f)->votes[0].id;
    struct meeting_command cast = {.action = ACTION_VOTE_CAST,
                                   .of.vote_cast = {vote, CHOICE_DISAGREE}};
    assert_int_equal(fixture_do(&f, f.chair, cast), ERR_OK);
    assert_int_equal(meeting_events_read(f.service, f.meeting, 0, 3, &json, &last), ERR_OK);
    assert_int_equal(last, 3);
    json.size = 0;
    assert_int_equal(meeting_events_read(f.service, f.meeting, 15, 500, &json, &last), ERR_OK);
    assert_int_equal(last, 17);
    assert_null(memmem(json.data, json.size, "disagree", 8));
    assert_non_null(memmem(json.data, json.size, "vote.cast", 9));
    struct meeting_command close = {.action = ACTION_VOTE_CLOSE, .of.vote_close = {vote}};
    assert_int_equal(fixture_do(&f, f.chair, close), ERR_OK);
    json.size = 0;
    assert_int_equal(meeting_events_read(f.service, f.meeting, 15, 500, &json, &last), ERR_OK);
    assert_non_null(memmem(json.data, json.size, "\"choice\":\"disagree\"", 19));
    json.size = 0;
    assert_int_equal(meeting_events_read(f.service, f.meeting, last, 500, &json, &last), ERR_OK);
    assert_int_equal(json.size, 2); /* [] */
    assert_int_equal(meeting_events_read(f.service, 1, 0, 1, &json, &last), ERR_UNKNOWN);
    buffer_done(&json);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_that_was_touched_is_named),
        cmocka_unit_test(a_folder_at_rest_verifies_too),
        cmocka_unit_test(a_folder_without_a_database_is_an_error),
        cmocka_unit_test(events_are_read_in_pages_and_open_ballots_stay_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
