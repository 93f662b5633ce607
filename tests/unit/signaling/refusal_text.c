#include "signaling/core/refusal_text.h"

#include <string.h>

#include "base/text.h"
#include "tests/unit/signaling/support.h"

static void every_refusal_says_what_it_is_in_both_languages(void **state)
{
    (void)state;
    for (int n = 0; n < DOOR_REFUSAL_COUNT; n++) {
        const struct refusal_text *text = refusal_text_of((enum door_refusal)n);
        assert_true(text->status >= 400 && text->status < 600);
        assert_non_null(strchr(text->code, '.'));
        assert_true(utf8_valid(bytes_of(text->vi)));
        assert_int_equal(text->vi[strlen(text->vi) - 1], '.');
        assert_int_equal(text->en[strlen(text->en) - 1], '.');
    }
}

static void no_code_is_used_twice(void **state)
{
    (void)state;
    for (int a = 0; a < DOOR_REFUSAL_COUNT; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(refusal_text_of((enum door_refusal)a)->code,
                                    refusal_text_of((enum door_refusal)b)->code);
}

static void every_outcome_has_a_status(void **state)
{
    (void)state;
    for (int err = ERR_SHORT; err <= ERR_IO; err++)
        assert_true(refusal_status_of((enum err)err) >= 400);
    assert_int_equal(refusal_status_of(ERR_WRONG_STATE), 409);
    assert_int_equal(refusal_status_of(ERR_FORBIDDEN), 403);
    assert_int_equal(refusal_status_of(ERR_UNKNOWN), 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_says_what_it_is_in_both_languages),
        cmocka_unit_test(no_code_is_used_twice),
        cmocka_unit_test(every_outcome_has_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
