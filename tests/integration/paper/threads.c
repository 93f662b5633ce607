/* What Jobs threads do at once: laying out, preparing, verifying, reading files of strangers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "meeting/edge/paper/sandbox.h"
#include "tests/support/paper.h"

enum { THREADS = 4, ROUNDS = 6 };

static struct paper_place place;
static char path[256];

static int setup(void **state)
{
    (void)state;
    paper_open(&place);
    paper_save(&place, "signed.pdf", buffer_bytes(&place.twice), path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    paper_close(&place);
    return 0;
}

/* Each returns NULL when every round was right. */
static void *lay_out(void *wrong)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct minutes_paper paper = minutes_sample();
        struct buffer pdf = {0};
        enum err err = minutes_pdf_write(&paper, &pdf);
        bool same = err == ERR_OK && bytes_equal(buffer_bytes(&pdf), buffer_bytes(&place.base));
        buffer_done(&pdf);
        if (!same)
            return wrong;
    }
    return NULL;
}

static void *prepare_and_verify(void *wrong)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct pades_request request = {
            .field = PAPER_FIELD_AGENCY, .name = "Văn phòng UBND tỉnh", .at = place.now};
        struct pades_prepared prepared;
        if (pades_prepare(buffer_bytes(&place.twice), &request, &prepared) != ERR_OK)
            return wrong;
        pades_prepared_done(&prepared);
        struct verify_report report = paper_verify(&place, buffer_bytes(&place.twice));
        if (report.verdict != VERIFY_VALID)
            return wrong;
    }
    return NULL;
}

static void *read_in_child(void *wrong)
{
    for (int i = 0; i < ROUNDS; i++) {
        enum verify_verdict verdict = VERIFY_INVALID;
        struct pdf_inspection inspection = {0};
        struct buffer json = {0};
        enum err err = sandbox_verify(path, place.root_path, place.now, &verdict, &json);
        buffer_done(&json);
        if (err != ERR_OK || verdict != VERIFY_VALID ||
            sandbox_inspect(path, &inspection) != ERR_OK || inspection.pages != 2)
            return wrong;
    }
    return NULL;
}

static void run_together(void *(*work)(void *))
{
    static char wrong;
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &wrong), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *result = &wrong;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_null(result);
    }
}

static void threads_lay_out_the_same_minutes(void **state)
{
    (void)state;
    run_together(lay_out);
}

static void threads_prepare_and_verify_at_once(void **state)
{
    (void)state;
    run_together(prepare_and_verify);
}

static void threads_keep_their_children_apart(void **state)
{
    (void)state;
    run_together(read_in_child);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "sandbox") == 0)
        return sandbox_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_lay_out_the_same_minutes),
        cmocka_unit_test(threads_prepare_and_verify_at_once),
        cmocka_unit_test(threads_keep_their_children_apart),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
