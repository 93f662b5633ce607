/* Text as people look for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "meeting/core/search_fold.h"

static void folds_to(const char *text, const char *expected)
{
    struct buffer folded = {0};
    assert_int_equal(search_fold(bytes_of(text), &folded), ERR_OK);
    assert_int_equal(buffer_put(&folded, (struct bytes){(const uint8_t *)"", 1}), ERR_OK);
    assert_string_equal((const char *)folded.data, expected);
    buffer_done(&folded);
}

static void every_vietnamese_letter_loses_its_marks(void **unused)
{
    (void)unused;
    folds_to("aàảãáạăằẳẵắặâầẩẫấậ", "aaaaaaaaaaaaaaaaaa");
    folds_to("AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ", "aaaaaaaaaaaaaaaaaa");
    folds_to("eèẻẽéẹêềểễếệEÈẺẼÉẸÊỀỂỄẾỆ", "eeeeeeeeeeeeeeeeeeeeeeee");
    folds_to("iìỉĩíịIÌỈĨÍỊ", "iiiiiiiiiiii");
    folds_to("oòỏõóọôồổỗốộơờởỡớợ", "oooooooooooooooooo");
    folds_to("OÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ", "oooooooooooooooooo");
    folds_to("uùủũúụưừửữứựUÙỦŨÚỤƯỪỬỮỨỰ", "uuuuuuuuuuuuuuuuuuuuuuuu");
    folds_to("yỳỷỹýỵYỲỶỸÝỴ", "yyyyyyyyyyyy");
    folds_to("đĐ", "dd");
}

static void composed_decomposed_and_plain_are_the_same(void **unused)
{
    (void)unused;
    folds_to("Bắc Ninh", "bac ninh");
    folds_to("Ba\xcc\x86\xcc\x81"
             "c Ninh",
             "bac ninh");
    folds_to("  BAC   NINH ", "bac ninh");
}

static void what_is_no_letter_stays_and_broken_bytes_go(void **unused)
{
    (void)unused;
    folds_to("Tổ 5/Ấp 3", "to 5/ap 3");
    folds_to("数学", "数学");
    folds_to("a\xff\xc3", "a");
    folds_to("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vietnamese_letter_loses_its_marks),
        cmocka_unit_test(composed_decomposed_and_plain_are_the_same),
        cmocka_unit_test(what_is_no_letter_stays_and_broken_bytes_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
