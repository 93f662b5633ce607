#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/pdf_inspect.h"

static void an_answer_is_read_back_as_it_was_given(void **state)
{
    (void)state;
    static const char *const codes[] = {NULL, "document.not_pdf", "document.encrypted",
                                        "document.too_large", "document.too_many_pages"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct pdf_inspection given = {.pages = codes[i] ? 0 : 12};
        struct pdf_inspection read = {0};
        struct buffer json = {0};
        given.refusal = codes[i] ? paper_reason_of(codes[i]) : NULL;
        assert_int_equal(pdf_inspect_write_json(&given, &json), ERR_OK);
        assert_int_equal(pdf_inspect_parse_json(buffer_bytes(&json), &read), ERR_OK);
        assert_ptr_equal(read.refusal, given.refusal);
        assert_int_equal(read.pages, given.pages);
        for (size_t size = 0; size < json.size; size++) {
            struct bytes part = {json.data, size};
            assert_int_equal(pdf_inspect_parse_json(part, &read), ERR_FORMAT);
        }
        buffer_done(&json);
    }
}

static void an_answer_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"refusal\":null,\"pages\":0}",
        "{\"refusal\":null,\"pages\":-1}",
        "{\"refusal\":null,\"pages\":99999}",
        "{\"refusal\":\"document.not_pdf\",\"pages\":3}",
        "{\"refusal\":\"document.unheard_of\",\"pages\":0}",
        "{\"refusal\":7,\"pages\":0}",
        "{\"refusal\":null,\"pages\":1,\"more\":1}",
        "{\"pages\":1}",
        "[]",
    };
    struct pdf_inspection read = {.pages = 5};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(pdf_inspect_parse_json(bytes_of(bad[i]), &read), ERR_FORMAT);
    assert_int_equal(read.pages, 5);
}

static void every_reason_is_said_in_both_languages(void **state)
{
    (void)state;
    const struct paper_reason *reason = paper_reason_of("cms.digest");
    assert_string_equal(reason->code, "cms.digest");
    assert_true(utf8_valid(bytes_of(reason->vi)) && strlen(reason->en) > 10);
    assert_null(paper_reason_find("no.such_reason"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_read_back_as_it_was_given),
        cmocka_unit_test(an_answer_that_makes_no_sense_is_refused),
        cmocka_unit_test(every_reason_is_said_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
