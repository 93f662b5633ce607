/* A disk that takes nothing more: what was not kept is not told, and the state goes back to disk's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/support/meeting_fixture.h"

/* No file of this process can grow past `bytes`. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static struct meeting_receipt conclude(struct meeting_fixture *f, const char *text)
{
    struct meeting_command command = {.action = ACTION_CONCLUSION_ADD, .of.conclusion_add = {text}};
    return fixture_submit(f, f->secretary, command);
}

static void what_the_disk_refused_never_happened(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    signal(SIGXFSZ, SIG_IGN);
    fixture_open(&f);
    fixture_start(&f);
    uint64_t seq = fixture_state(&f)->seq;
    limit_files(1);
    struct meeting_receipt first = conclude(&f, "Không giữ được");
    struct meeting_receipt second = conclude(&f, "Cũng không");
    assert_null(first.refusal);
    assert_null(second.refusal);
    assert_int_equal(fixture_state(&f)->conclusion_count, 2); /* decided at once, in memory */

    uint32_t lost = 0;
    uint32_t resets = 0;
    while (lost < 2 || resets == 0) {
        struct meeting_output output;
        struct pollfd fd = {.fd = meeting_fd(f.service), .events = POLLIN};
        assert_int_equal(poll(&fd, 1, 20000), 1);
        while (meeting_poll(f.service, f.now, &output)) {
            assert_int_not_equal(output.kind, MEETING_OUTPUT_EVENT);
            resets += output.kind == MEETING_OUTPUT_RESET && output.meeting == f.meeting;
            if (output.kind == MEETING_OUTPUT_DONE) {
                assert_int_equal(output.err, ERR_IO);
                assert_string_equal(output.refusal->code, "server.not_kept");
                lost++;
            }
        }
    }
    assert_int_equal(fixture_state(&f)->seq, seq);
    assert_int_equal(fixture_state(&f)->conclusion_count, 0);

    limit_files(RLIM_INFINITY);
    struct meeting_receipt third = conclude(&f, "Giữ được");
    assert_null(fixture_wait(&f, &third, NULL));
    assert_int_equal(fixture_state(&f)->seq, seq + 1);
    fixture_reopen(&f);
    assert_int_equal(fixture_state(&f)->conclusion_count, 1);
    assert_string_equal(fixture_state(&f)->conclusions[0].text, "Giữ được");
    struct log_report report;
    assert_int_equal(meeting_log_verify(f.folder, &report), ERR_OK);
    assert_true(report.intact);
    fixture_close(&f);
}

static void a_second_server_on_the_same_folder_is_refused(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    fixture_open(&f);
    struct meeting_service *other = NULL;
    struct meeting_config config = {.data_folder = f.folder};
    assert_int_equal(meeting_service_open(&config, f.now, &other), ERR_CONFLICT);
    assert_null(other);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_disk_refused_never_happened),
        cmocka_unit_test(a_second_server_on_the_same_folder_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
