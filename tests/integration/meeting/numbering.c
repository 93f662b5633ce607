/* Fifty clerks number at once while the server is killed at any moment: no number is missing, none
 * is given twice, and every one that was acknowledged stands in the register afterwards.
 *
 * The program runs itself again as the server that is killed: `numbering serve FOLDER`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "meeting/edge/service.h"
#include "tests/support/meeting_fixture.h"

enum { CLERKS = 50, ROUNDS = 12 };

/* A second before the year ends in Vietnam: the clock of the server that is killed passes it. */
#define BEFORE_NEW_YEAR INT64_C(1798736399000)

extern char **environ;

static const char hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* -- papers to be numbered ----------------------------------------------------------------------
 */

static uint64_t login(const struct meeting_service *service, const char *name)
{
    return meeting_user_by_login(service, bytes_of(name))->id;
}

static bool step(struct meeting_service *service, utc_ms_t now, struct meeting_command command)
{
    return !append_command(service, &command, 0, now).refusal;
}

/* A meeting with signed minutes, in as few steps as the law allows; 0: the server was busy. Hashes
 * stand for the files: what is numbered is the record. */
static uint64_t signed_meeting(struct meeting_service *service, utc_ms_t now)
{
    uint64_t chair = login(service, "chutoa"), secretary = login(service, "thuky");
    static const struct agenda_item item = {.title = "Một"};
    struct meeting_plan plan = {secretary, "Họp", "", now, now + 1, chair, secretary};
    uint64_t id = meeting_create(service, &plan, now).id;
#define STEP(who, ...)                                                                             \
    step(service, now, (struct meeting_command){.meeting = id, .actor = who, __VA_ARGS__})
    bool done = id && STEP(secretary, .action = ACTION_AGENDA_SET, .of.agenda_set = {1, &item}) &&
                STEP(secretary, .action = ACTION_SUBMIT) && STEP(chair, .action = ACTION_APPROVE) &&
                STEP(secretary, .action = ACTION_ANNOUNCE) && STEP(chair, .action = ACTION_ENTER) &&
                STEP(chair, .action = ACTION_START) && STEP(chair, .action = ACTION_END) &&
                STEP(secretary, .action = ACTION_MINUTES_FINALISE,
                     .of.minutes_finalise = {0, "ABCDEFGHIJKLMN23", hash}) &&
                STEP(secretary, .action = ACTION_MINUTES_SIGN,
                     .of.minutes_sign = {MINUTES_FIELD_SECRETARY, "0a", hash}) &&
                STEP(chair, .action = ACTION_MINUTES_SIGN,
                     .of.minutes_sign = {MINUTES_FIELD_CHAIR, "0b", hash});
#undef STEP
    return done ? id : 0;
}

/* -- the server ---------------------------------------------------------------------------------
 */

struct clerk {
    uint64_t user;
    uint64_t meeting;
    uint64_t ticket; /* of the numbering under way; 0: none */
};

static void number_begin(struct meeting_service *service, struct clerk *clerk, utc_ms_t now)
{
    clerk->meeting = signed_meeting(service, now);
    if (!clerk->meeting)
        return;
    struct meeting_command command = {
        .action = ACTION_ISSUE_NUMBER, .meeting = clerk->meeting, .actor = clerk->user};
    struct meeting_receipt receipt = meeting_submit(service, &command, now);
    clerk->ticket = receipt.refusal ? 0 : receipt.ticket;
}

/* Says the number that is committed, and recalls every seventh paper: its number stays used. */
static void number_end(struct meeting_service *service, struct clerk *clerk, utc_ms_t now)
{
    const struct state_issue *issue = state_issue_now(meeting_state_of(service, clerk->meeting));
    dprintf(STDOUT_FILENO, "%llu %u %u\n", (unsigned long long)issue->id, issue->year,
            issue->number);
    if (issue->number % 7 == 0)
        (void)step(service, now,
                   (struct meeting_command){.action = ACTION_ISSUE_RECALL,
                                            .meeting = clerk->meeting,
                                            .actor = clerk->user,
                                            .of.reason = {"Nhầm số liệu"}});
    clerk->ticket = 0;
}

static int serve(const char *folder, utc_ms_t now)
{
    struct meeting_service *service;
    struct meeting_config config = {.data_folder = folder};
    struct clerk clerks[CLERKS] = {0};
    if (meeting_service_open(&config, now, &service) != ERR_OK)
        return 1;
    for (int i = 0; i < CLERKS; i++) {
        char name[16];
        snprintf(name, sizeof name, "vanthu%d", i);
        clerks[i].user = login(service, name);
    }
    for (;;) {
        for (int i = 0; i < CLERKS; i++)
            if (!clerks[i].ticket)
                number_begin(service, &clerks[i], now);
        struct pollfd fd = {.fd = meeting_fd(service), .events = POLLIN};
        poll(&fd, 1, -1);
        now += 50;
        struct meeting_output output;
        while (meeting_poll(service, now, &output))
            for (int i = 0; output.kind == MEETING_OUTPUT_DONE && i < CLERKS; i++)
                if (clerks[i].ticket && clerks[i].ticket == output.ticket)
                    number_end(service, &clerks[i], now);
    }
}

/* -- the one who kills it -----------------------------------------------------------------------
 */

struct said {
    uint64_t issue;
    uint32_t year;
    uint32_t number;
};

struct said_list {
    size_t count;
    struct said *list;
};

static void said_add(struct said_list *said, const char *line)
{
    struct said one;
    unsigned long long issue;
    if (!strchr(line, '\n') || sscanf(line, "%llu %u %u", &issue, &one.year, &one.number) != 3)
        return; /* cut off by the kill: never acknowledged */
    one.issue = issue;
    said->list = realloc(said->list, (said->count + 1) * sizeof *said->list);
    assert_non_null(said->list);
    said->list[said->count++] = one;
}

/* Runs the server for `run_us` after its first word. */
static void run_and_kill(const char *folder, utc_ms_t now, uint32_t run_us, struct said_list *said)
{
    int ends[2];
    pid_t pid;
    char line[96], at[24], place[64];
    char self[] = "/proc/self/exe", word[] = "serve";
    snprintf(at, sizeof at, "%lld", (long long)now);
    snprintf(place, sizeof place, "%s", folder);
    char *arguments[] = {self, word, place, at, NULL};
    posix_spawn_file_actions_t actions;
    assert_int_equal(pipe(ends), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    assert_int_equal(posix_spawn(&pid, self, &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    FILE *words = fdopen(ends[0], "r");
    assert_non_null(fgets(line, sizeof line, words));
    said_add(said, line);
    usleep(run_us);
    kill(pid, SIGKILL);
    while (fgets(line, sizeof line, words))
        said_add(said, line);
    fclose(words);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* -- afterwards ---------------------------------------------------------------------------------
 */

static void clerks_hire(struct meeting_fixture *f)
{
    for (int i = 0; i < CLERKS; i++) {
        char name[16];
        uint64_t id;
        snprintf(name, sizeof name, "vanthu%d", i);
        struct directory_user user = {.unit_id = f->province,
                                      .roles = 1u << ROLE_CLERK,
                                      .login = name,
                                      .password_hash = "$argon2id$v=19$m=65536,t=2,p=1$c2Fs$aGFz",
                                      .name = "Phạm Thị Ngọc Bích",
                                      .position = "Văn thư"};
        assert_int_equal(meeting_directory_add_user(f->service, &user, &id), ERR_OK);
    }
    assert_int_equal(meeting_flush(f->service), ERR_OK);
}

/* 1, 2, 3 … in both years, by the service's own register; gives how many there are. */
static uint32_t numbers_check(const struct meeting_service *service)
{
    uint32_t whole = 0;
    for (uint32_t year = 2026; year <= 2027; year++) {
        struct meeting_register_query query = {.year = year, .type = ISSUE_TYPE_COUNT};
        struct meeting_issue page[64];
        uint32_t count, expected = 0;
        while ((count = meeting_register(service, &query, 64, page)) > 0) {
            for (uint32_t i = 0; i < count; i++) {
                if (!expected)
                    expected = page[i].issue->number;
                assert_int_equal(page[i].issue->number, expected--);
                whole++;
            }
            query.after = page[count - 1].issue->id;
        }
        assert_int_equal(expected, 0);
    }
    return whole;
}

static void said_check(const struct meeting_service *service, const struct said_list *said)
{
    for (size_t i = 0; i < said->count; i++) {
        struct meeting_issue found;
        assert_int_equal(meeting_issue_find(service, said->list[i].issue, &found), ERR_OK);
        assert_int_equal(found.issue->number, said->list[i].number);
        assert_int_equal(found.issue->year, said->list[i].year);
    }
}

static void fifty_clerks_and_kill_9_leave_neither_gap_nor_double(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    struct rng rng = rng_seed(15);
    struct said_list said = {0};
    utc_ms_t clock = BEFORE_NEW_YEAR - 4000;
    uint32_t numbered = 0;
    fixture_open(&f);
    clerks_hire(&f);
    for (int round = 0; round < ROUNDS; round++) {
        meeting_service_close(f.service);
        f.service = NULL;
        run_and_kill(f.folder, clock, rng_below(&rng, 150000), &said);
        clock += 1000;
        struct log_report report;
        assert_int_equal(meeting_log_verify(f.folder, &report), ERR_OK);
        if (!report.intact)
            fail_msg("%s", report.why);
        fixture_reopen(&f);
        numbered = numbers_check(f.service);
        said_check(f.service, &said);
    }
    uint32_t years[4];
    assert_int_equal(meeting_register_years(f.service, 4, years), 2);
    assert_true(numbered >= said.count && said.count > CLERKS);
    print_message("%d kills, %u papers numbered, %zu acknowledged\n", ROUNDS, numbered, said.count);
    free(said.list);
    fixture_close(&f);
}

/* -- the schema's own guard ---------------------------------------------------------------------
 */

static int insert(sqlite3 *db, int issue, const char *number, const char *previous)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "INSERT INTO document_register (issue, meeting, year, type, symbol, number, previous,"
             " title, stage, sha256, numbered_at, sealed_at, distributed_at, recalled_at, reason,"
             " successor) VALUES (%d, 1, 2026, 'BB', 'UBND', %s, %s, '', 'numbered', '', 0, 0, 0,"
             " 0, '', 0)",
             issue, number, previous);
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static void the_schema_itself_refuses_a_gap_and_a_double(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    char path[128];
    sqlite3 *db = NULL;
    fixture_open(&f);
    meeting_service_close(f.service);
    f.service = NULL;
    snprintf(path, sizeof path, "%s/dienhong.db", f.folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA foreign_keys=ON", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(insert(db, 1, "2", "1"), SQLITE_CONSTRAINT); /* nothing before it */
    assert_int_equal(insert(db, 1, "2", "NULL"), SQLITE_CONSTRAINT);
    assert_int_equal(insert(db, 1, "1", "NULL"), SQLITE_OK);
    assert_int_equal(insert(db, 2, "1", "NULL"), SQLITE_CONSTRAINT); /* a double */
    assert_int_equal(insert(db, 2, "3", "2"), SQLITE_CONSTRAINT);    /* a gap */
    assert_int_equal(insert(db, 2, "2", "1"), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "DELETE FROM document_register WHERE number = 1", NULL, NULL, NULL),
        SQLITE_CONSTRAINT); /* what another stands on stays */
    sqlite3_close(db);
    fixture_close(&f);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2], strtoll(argv[3], NULL, 10));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifty_clerks_and_kill_9_leave_neither_gap_nor_double),
        cmocka_unit_test(the_schema_itself_refuses_a_gap_and_a_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
