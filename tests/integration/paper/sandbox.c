/* The child that reads strangers' files. The test program plays the executable: started again with
 * "sandbox" it becomes the child, or misbehaves on purpose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "meeting/edge/paper/sandbox.h"
#include "meeting/edge/paper/sandbox_run.h"
#include "tests/support/paper.h"

static struct paper_place place;
static char path[256];

static int setup(void **state)
{
    (void)state;
    paper_open(&place);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    paper_close(&place);
    return 0;
}

static struct pdf_inspection inspect(struct bytes bytes)
{
    struct pdf_inspection inspection = {0};
    paper_save(&place, "upload", bytes, path);
    assert_int_equal(sandbox_inspect(path, &inspection), ERR_OK);
    return inspection;
}

static void a_plain_pdf_is_taken_with_its_pages(void **state)
{
    (void)state;
    struct pdf_inspection inspection = inspect(buffer_bytes(&place.twice));
    assert_null(inspection.refusal);
    assert_int_equal(inspection.pages, 2);
}

static void what_is_no_pdf_is_refused_with_the_reason(void **state)
{
    (void)state;
    const char *const texts[] = {"", "hello", "%PDF-1.7\n", "PK\x03\x04 a Word file"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct pdf_inspection inspection = inspect(bytes_of(texts[i]));
        assert_non_null(inspection.refusal);
        assert_string_equal(inspection.refusal->code, "document.not_pdf");
    }
}

static void an_encrypted_pdf_is_refused_with_or_without_a_password(void **state)
{
    (void)state;
    const char *const passwords[] = {"secret", ""};
    for (size_t i = 0; i < 2; i++) {
        char command[1024];
        char output[256];
        char from[256];
        struct pdf_inspection inspection = {0};
        paper_save(&place, "plain.pdf", buffer_bytes(&place.base), from);
        (void)snprintf(path, sizeof path, "%s/locked.pdf", place.folder);
        (void)snprintf(command, sizeof command, "qpdf --encrypt '%s' owner 256 -- %s %s 2>&1",
                       passwords[i], from, path);
        assert_int_equal(paper_run(command, output, sizeof output), 0);
        assert_int_equal(sandbox_inspect(path, &inspection), ERR_OK);
        assert_non_null(inspection.refusal);
        assert_string_equal(inspection.refusal->code, "document.encrypted");
    }
}

/* A sparse file: nothing is written to the disk. */
static void a_file_over_the_limit_is_refused(void **state)
{
    (void)state;
    struct pdf_inspection inspection = {0};
    paper_save(&place, "large.pdf", buffer_bytes(&place.base), path);
    assert_int_equal(truncate(path, (off_t)LIMIT_PDF_BYTES + 1), 0);
    assert_int_equal(sandbox_inspect(path, &inspection), ERR_OK);
    assert_non_null(inspection.refusal);
    assert_string_equal(inspection.refusal->code, "document.too_large");
}

static void every_truncation_gets_an_answer(void **state)
{
    (void)state;
    for (size_t size = 0; size < place.base.size; size += place.base.size / 23) {
        struct pdf_inspection inspection = inspect((struct bytes){place.base.data, size});
        if (!inspection.refusal)
            assert_true(inspection.pages > 0);
    }
}

static void the_child_reports_as_the_verifier_does(void **state)
{
    (void)state;
    enum verify_verdict verdict = VERIFY_INVALID;
    struct buffer json = {0};
    struct buffer expected = {0};
    struct verify_report report = paper_verify(&place, buffer_bytes(&place.twice));
    assert_int_equal(pdf_verify_write_json(&report, &expected), ERR_OK);
    paper_save(&place, "signed.pdf", buffer_bytes(&place.twice), path);
    assert_int_equal(sandbox_verify(path, place.root_path, place.now + 3600000, &verdict, &json),
                     ERR_OK);
    assert_int_equal(verdict, VERIFY_VALID);
    assert_true(bytes_equal(buffer_bytes(&json), buffer_bytes(&expected)));
    buffer_done(&json);
    buffer_done(&expected);
}

static void a_changed_file_is_invalid_and_an_unsigned_one_unsigned(void **state)
{
    (void)state;
    enum verify_verdict verdict = VERIFY_VALID;
    struct buffer json = {0};
    struct buffer flipped = paper_copy(buffer_bytes(&place.twice));
    flipped.data[place.base.size / 2] ^= 1;
    paper_save(&place, "flipped.pdf", buffer_bytes(&flipped), path);
    assert_int_equal(sandbox_verify(path, place.root_path, place.now, &verdict, &json), ERR_OK);
    assert_int_equal(verdict, VERIFY_INVALID);
    buffer_done(&json);
    buffer_done(&flipped);

    paper_save(&place, "base.pdf", buffer_bytes(&place.base), path);
    assert_int_equal(sandbox_verify(path, place.root_path, place.now, &verdict, &json), ERR_OK);
    assert_int_equal(verdict, VERIFY_UNSIGNED);
    buffer_done(&json);
}

static void missing_files_are_errors_and_leave_the_outputs_alone(void **state)
{
    (void)state;
    struct pdf_inspection inspection = {.pages = 77};
    enum verify_verdict verdict = VERIFY_UNSIGNED;
    struct buffer json = {0};
    assert_int_equal(sandbox_inspect("/nonexistent.pdf", &inspection), ERR_IO);
    assert_int_equal(inspection.pages, 77);
    paper_save(&place, "signed.pdf", buffer_bytes(&place.twice), path);
    assert_int_equal(sandbox_verify(path, "/nonexistent.pem", place.now, &verdict, &json), ERR_IO);
    paper_save(&place, "bad.pem", bytes_of("no certificate"), path);
    assert_int_equal(sandbox_verify(path, path, place.now, &verdict, &json), ERR_IO);
    assert_null(json.data);
}

/* What a child that was taken over might try; each mode is a behaviour. */
static int misbehave(const char *mode)
{
    char line[4096];
    memset(line, 'x', sizeof line);
    if (strcmp(mode, "hang") == 0)
        for (;;)
            pause();
    if (strcmp(mode, "linger") == 0) { /* an answer, and no end */
        (void)!write(1, "answer", 6);
        close(1);
        for (;;)
            pause();
    }
    if (strcmp(mode, "flood") == 0)
        for (;;)
            (void)!write(1, line, sizeof line);
    if (strcmp(mode, "crash") == 0)
        abort();
    if (!sandbox_close_in())
        return 9;
    if (strcmp(mode, "quiet") == 0)
        (void)!write(1, "still here", 10);
    if (strcmp(mode, "connect") == 0)
        (void)socket(AF_INET, SOCK_STREAM, 0);
    if (strcmp(mode, "open") == 0)
        (void)open("/etc/passwd", O_RDONLY);
    if (strcmp(mode, "fork") == 0)
        (void)fork();
    if (strcmp(mode, "exec") == 0)
        (void)execl("/bin/true", "true", (char *)NULL);
    if (strcmp(mode, "greedy") == 0 && !malloc((size_t)SANDBOX_MEMORY_MB << 20))
        _exit(SANDBOX_EXIT_MEMORY);
    (void)!write(1, ".", 1);
    _exit(0);
}

static enum err run_mode(const char *mode, uint64_t deadline_ms, struct buffer *answer)
{
    paper_save(&place, "any", bytes_of("any"), path);
    struct sandbox_task task = {.mode = mode, .path = path, .deadline_ms = deadline_ms};
    return sandbox_run(&task, answer);
}

static void a_child_that_hangs_is_killed_at_the_deadline(void **state)
{
    (void)state;
    struct buffer answer = {0};
    usec_t before = clock_now_us();
    assert_int_equal(run_mode("hang", 200, &answer), ERR_LIMIT);
    assert_true(clock_now_us() - before >= 200 * USEC_PER_MSEC);
    assert_int_equal(run_mode("linger", 200, &answer), ERR_LIMIT);
    assert_true(clock_now_us() - before < 5 * USEC_PER_SEC);
    assert_null(answer.data);
}

static void a_child_that_floods_or_crashes_is_an_error(void **state)
{
    (void)state;
    struct buffer answer = {0};
    assert_int_equal(run_mode("flood", 10000, &answer), ERR_LIMIT);
    assert_int_equal(run_mode("crash", 10000, &answer), ERR_IO);
    assert_null(answer.data);
}

static void a_closed_in_child_can_only_answer(void **state)
{
    (void)state;
#ifdef SANDBOX_UNFILTERED
    skip();
#endif
    struct buffer answer = {0};
    assert_int_equal(run_mode("quiet", 10000, &answer), ERR_OK);
    assert_memory_equal(answer.data, "still here", 10);
    buffer_done(&answer);
    const char *const modes[] = {"connect", "open", "fork", "exec"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (run_mode(modes[i], 10000, &answer) != ERR_IO)
            fail_msg("the child could %s", modes[i]);
    assert_int_equal(run_mode("greedy", 10000, &answer), ERR_LIMIT);
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "sandbox") == 0) {
        bool real = strcmp(argv[2], "inspect") == 0 || strcmp(argv[2], "verify") == 0;
        return real ? sandbox_main(argc, argv) : misbehave(argv[2]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_pdf_is_taken_with_its_pages),
        cmocka_unit_test(what_is_no_pdf_is_refused_with_the_reason),
        cmocka_unit_test(an_encrypted_pdf_is_refused_with_or_without_a_password),
        cmocka_unit_test(a_file_over_the_limit_is_refused),
        cmocka_unit_test(every_truncation_gets_an_answer),
        cmocka_unit_test(the_child_reports_as_the_verifier_does),
        cmocka_unit_test(a_changed_file_is_invalid_and_an_unsigned_one_unsigned),
        cmocka_unit_test(a_child_that_hangs_is_killed_at_the_deadline),
        cmocka_unit_test(a_child_that_floods_or_crashes_is_an_error),
        cmocka_unit_test(a_closed_in_child_can_only_answer),
        cmocka_unit_test(missing_files_are_errors_and_leave_the_outputs_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
