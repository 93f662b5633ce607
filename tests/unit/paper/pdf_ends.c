#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meeting/edge/paper/pdf_ends.h"

enum { MOST = 4 };

static size_t find(const char *text, size_t ends[MOST])
{
    return pdf_ends_find(bytes_of(text), ends, MOST);
}

static void each_save_ends_behind_its_mark(void **state)
{
    (void)state;
    static const char first[] = "%PDF-1.7 x\nstartxref\n9\n%%EOF\n";
    size_t ends[MOST];
    char text[256];
    assert_int_equal(find(first, ends), 1);
    assert_int_equal(ends[0], strlen(first));
    (void)snprintf(text, sizeof text, "%smore\r\nstartxref\r\n44\r\n%%%%EOF\r\nrest", first);
    assert_int_equal(find(text, ends), 3);
    assert_int_equal(ends[0], strlen(first));
    assert_int_equal(ends[1], strlen(text) - strlen("rest"));
    assert_int_equal(ends[2], strlen(text));
}

static void a_mark_that_leads_nowhere_is_no_end(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "x %%EOF y",
        "startxref\n0\n%%EOF\nthe rest of a linearized file",
        "startxref 12 %%EO F y",
        "startxref12%%EOF y",
        "xstartre 12 %%EOF y",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t ends[MOST];
        assert_int_equal(find(texts[i], ends), 1);
        assert_int_equal(ends[0], strlen(texts[i]));
    }
}

static void of_too_many_ends_the_files_own_is_kept(void **state)
{
    (void)state;
#define END "startxref\n7\n%%EOF\n"
    static const char text[] = END END END END END END END;
    size_t ends[MOST];
    assert_int_equal(find(text, ends), MOST);
    for (size_t i = 0; i + 1 < MOST; i++)
        assert_int_equal(ends[i], (i + 1) * strlen(END));
    assert_int_equal(ends[MOST - 1], strlen(text));
#undef END
}

/* The copy has no terminator: whatever is read behind the end, a sanitizer sees. */
static void every_truncation_has_rising_ends_up_to_its_own(void **state)
{
    (void)state;
    static const char WHOLE[] = "a\nstartxref\n1\n%%EOF\r\nb\nstartxref\n20\n%%EOF\n%%EOF";
    for (size_t size = 0; size < sizeof WHOLE; size++) {
        size_t ends[MOST];
        uint8_t *copy = malloc(size ? size : 1);
        assert_non_null(copy);
        memcpy(copy, WHOLE, size);
        size_t count = pdf_ends_find((struct bytes){copy, size}, ends, MOST);
        assert_int_equal(count > 0, size > 0);
        for (size_t i = 1; i < count; i++)
            assert_true(ends[i - 1] < ends[i]);
        if (count > 0)
            assert_int_equal(ends[count - 1], size);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_save_ends_behind_its_mark),
        cmocka_unit_test(a_mark_that_leads_nowhere_is_no_end),
        cmocka_unit_test(of_too_many_ends_the_files_own_is_kept),
        cmocka_unit_test(every_truncation_has_rising_ends_up_to_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
