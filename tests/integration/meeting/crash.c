/* kill -9 at any moment: what was acknowledged is there afterwards, and the chain holds.
 *
 * The program runs itself again as the server that is killed: `crash serve FOLDER MEETING USER`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "tests/support/meeting_fixture.h"

enum { ROUNDS = 10, IN_FLIGHT = 16 };

extern char **environ;

/* -- the server ---------------------------------------------------------------------------------
 */

/* Adds numbered conclusions for ever and says each number once it is acknowledged. */
static int serve(const char *folder, uint64_t meeting, uint64_t user)
{
    struct meeting_service *service;
    struct meeting_config config = {.data_folder = folder};
    if (meeting_service_open(&config, FIXTURE_START, &service) != ERR_OK)
        return 1;
    uint64_t number = 0;
    const struct meeting_state *state = meeting_state_of(service, meeting);
    if (state->conclusion_count)
        number = strtoull(state->conclusions[state->conclusion_count - 1].text, NULL, 10);
    uint64_t said = number;
    for (;;) {
        while (number - said < IN_FLIGHT) {
            char text[32];
            snprintf(text, sizeof text, "%llu", (unsigned long long)++number);
            state = meeting_state_of(service, meeting);
            struct meeting_command add = {.action = ACTION_CONCLUSION_ADD,
                                          .meeting = meeting,
                                          .actor = user,
                                          .of.conclusion_add = {text}};
            struct meeting_command drop = {
                .action = ACTION_CONCLUSION_REMOVE, .meeting = meeting, .actor = user};
            if (state->conclusion_count > 2) {
                drop.of.conclusion_remove.conclusion_id = state->conclusions[0].id;
                if (meeting_submit(service, &drop, FIXTURE_START).refusal)
                    return 2;
            }
            if (meeting_submit(service, &add, FIXTURE_START).refusal)
                return 3;
        }
        struct pollfd fd = {.fd = meeting_fd(service), .events = POLLIN};
        poll(&fd, 1, -1);
        struct meeting_output output;
        while (meeting_poll(service, FIXTURE_START, &output))
            if (output.kind == MEETING_OUTPUT_EVENT &&
                output.event_kind == EVENT_CONCLUSION_ADDED) {
                said++;
                dprintf(STDOUT_FILENO, "%llu\n", (unsigned long long)said);
            }
    }
}

/* -- the one who kills it -----------------------------------------------------------------------
 */

/* Runs the server for `run_us` after its first word; the last number that it acknowledged. */
static uint64_t run_and_kill(const struct meeting_fixture *f, uint32_t run_us)
{
    int ends[2];
    char meeting[24];
    char user[24];
    char line[64];
    pid_t pid;
    uint64_t acknowledged = 0;
    snprintf(meeting, sizeof meeting, "%llu", (unsigned long long)f->meeting);
    snprintf(user, sizeof user, "%llu", (unsigned long long)f->secretary);
    char self[] = "/proc/self/exe";
    char word[] = "serve";
    char folder[64];
    memcpy(folder, f->folder, sizeof folder);
    char *arguments[] = {self, word, folder, meeting, user, NULL};
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
    acknowledged = strtoull(line, NULL, 10);
    usleep(run_us);
    kill(pid, SIGKILL);
    while (fgets(line, sizeof line, words))
        if (strchr(line, '\n'))
            acknowledged = strtoull(line, NULL, 10);
    fclose(words);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return acknowledged;
}

static void what_was_acknowledged_survives_kill_9(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    struct rng rng = rng_seed(1284);
    uint64_t kept = 0;
    fixture_open(&f);
    fixture_start(&f);
    for (int round = 0; round < ROUNDS; round++) {
        meeting_service_close(f.service);
        f.service = NULL;
        uint64_t acknowledged = run_and_kill(&f, rng_below(&rng, 60000));
        struct log_report report;
        assert_int_equal(meeting_log_verify(f.folder, &report), ERR_OK);
        assert_true(report.intact);
        fixture_reopen(&f);
        const struct meeting_state *state = fixture_state(&f);
        assert_int_equal(report.events, state->seq);
        kept = strtoull(state->conclusions[state->conclusion_count - 1].text, NULL, 10);
        assert_true(kept >= acknowledged);
    }
    print_message("%d kills, %llu conclusions kept\n", ROUNDS, (unsigned long long)kept);
    assert_true(kept > ROUNDS);
    fixture_close(&f);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2], strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10));
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_kill_9),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
