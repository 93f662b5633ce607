#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "meeting/edge/paper/pdf_scan.h"

/* Reads `text` as one value with nothing behind it. */
static bool reads(const char *text, struct pdf_value *ret_value)
{
    struct scan scan = scan_init(bytes_of(text));
    *ret_value = scan_value(&scan);
    return scan_done(&scan);
}

static void each_kind_of_value_is_told(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum pdf_kind kind;
    } cases[] = {
        {"null", PDF_NULL},
        {"true", PDF_BOOL},
        {"-12.50", PDF_NUMBER},
        {"7", PDF_NUMBER},
        {"7 0 R", PDF_REFERENCE},
        {"/Name+x", PDF_NAME},
        {"(a (b) \\) c)", PDF_STRING},
        {"<0aF>", PDF_HEX},
        {"[ 1 2 0 R (x) ]", PDF_ARRAY},
        {"<< /A 1 /B << /C [ ] >> >>", PDF_DICTIONARY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pdf_value value;
        assert_true(reads(cases[i].text, &value));
        assert_int_equal(value.kind, cases[i].kind);
        assert_true(pdf_is(value, cases[i].text));
    }
}

static void what_readers_could_take_in_two_ways_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "<< /A 1 /A 2 >>", /* which one counts? */
        "/Na#6De",         /* another spelling of a name */
        "% comment\n1",    "<< /A >>", "<< 1 2 >>", "[ 1",
        "<< /A 1",         "(open",    "<0g>",      "nul",
        "truex",           "1.2.3",    "--1",       "1x",
        "0 0 R",           "/",        "]",         "99999999999 0 R",
        "< 0a >",          ">>",       "{ }",       "",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pdf_value value;
        if (reads(bad[i], &value))
            fail_msg("read: %s", bad[i]);
    }
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    char text[2 * 400 + 1];
    struct pdf_value value;
    for (size_t depth = 1; depth < 400; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        assert_int_equal(reads(text, &value), depth <= PDF_DEPTH_MAX + 1);
    }
}

static void entries_are_found_by_their_key_only_at_the_top(void **state)
{
    (void)state;
    struct pdf_value dictionary;
    struct pdf_value value;
    assert_true(reads("<</A<</B 2>>/C[/D 3]/E 4 0 R>>", &dictionary));
    assert_true(pdf_get(dictionary, "/E", &value));
    assert_int_equal(value.reference, 4);
    assert_false(pdf_get(dictionary, "/B", &value));
    assert_false(pdf_get(dictionary, "/D", &value));
    assert_true(pdf_get(dictionary, "/A", &value));
    assert_true(pdf_get(value, "/B", &value));
    uint64_t number = 0;
    assert_true(pdf_integer(value, &number));
    assert_int_equal(number, 2);
}

static const char object_text[] = "junk\n12 0 obj\n<< /Length 5 >>\nstream\nab\nde\nendstream\n"
                                  "endobj\nmore";

static void an_object_is_read_to_its_last_byte(void **state)
{
    (void)state;
    struct pdf_object object;
    assert_true(pdf_object_at(bytes_of(object_text), 5, 12, &object));
    assert_int_equal(object.start, 5);
    assert_string_equal(object_text + object.end, "more");
    assert_true(bytes_equal(object.stream, bytes_of("ab\nde")));
    assert_false(pdf_object_at(bytes_of(object_text), 5, 13, &object));
    assert_false(pdf_object_at(bytes_of(object_text), 6, 12, &object)); /* "2 0 obj" */
    assert_false(pdf_object_at(bytes_of(object_text), sizeof object_text, 12, &object));
}

/* In blocks of exactly their size, so that a sanitizer sees a read beyond. */
static void every_truncation_is_refused(void **state)
{
    (void)state;
    size_t whole = sizeof object_text - 1 - strlen("more");
    for (size_t size = 0; size < whole; size++) {
        struct pdf_object object;
        uint8_t *copy = malloc(size ? size : 1);
        assert_non_null(copy);
        memcpy(copy, object_text, size);
        assert_false(pdf_object_at((struct bytes){copy, size}, 5, 12, &object));
        free(copy);
    }
}

static void a_stream_must_end_where_its_length_says(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1 0 obj\n<< /Length 4 >>\nstream\nab\nde\nendstream\nendobj\n",
        "1 0 obj\n<< /Length 99 >>\nstream\nab\nde\nendstream\nendobj\n",
        "1 0 obj\n<< /Length 2 0 R >>\nstream\nab\nde\nendstream\nendobj\n",
        "1 0 obj\n<< /Length -5 >>\nstream\nab\nde\nendstream\nendobj\n",
        "1 0 obj\n<< >>\nstream\nab\nde\nendstream\nendobj\n",
        "1 0 obj\n<< /Length 5 >>\nstream\r\nab\nde\nendstream\nendobj\n",
        "1 1 obj\nnull\nendobj\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pdf_object object;
        assert_false(pdf_object_at(bytes_of(bad[i]), 0, 1, &object));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_value_is_told),
        cmocka_unit_test(what_readers_could_take_in_two_ways_is_refused),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(entries_are_found_by_their_key_only_at_the_top),
        cmocka_unit_test(an_object_is_read_to_its_last_byte),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(a_stream_must_end_where_its_length_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
