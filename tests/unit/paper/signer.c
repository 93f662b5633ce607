#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/signer.h"

static void the_right_follows_from_office_and_body(void **state)
{
    (void)state;
    static const char committee[] = "Ủy ban nhân dân tỉnh Lam Giang";
    static const char office[] = "Văn phòng Ủy ban nhân dân tỉnh";
    static const struct {
        const char *position;
        const char *body;
        enum paper_right right;
        const char *behalf;
        const char *head;
        const char *title;
    } cases[] = {
        {"Chủ tịch Ủy ban nhân dân tỉnh", committee, PAPER_OWN, committee, NULL, "Chủ tịch"},
        {"Phó Chủ tịch Ủy ban nhân dân tỉnh", committee, PAPER_FOR_HEAD, committee, "Chủ tịch",
         "Phó Chủ tịch"},
        {"Phó Chủ tịch UBND tỉnh", committee, PAPER_FOR_HEAD, committee, "Chủ tịch",
         "Phó Chủ tịch"},
        {"Quyền Chủ tịch, HĐND", "Hội đồng nhân dân xã An Thịnh", PAPER_ACTING_HEAD,
         "Hội đồng nhân dân xã An Thịnh", NULL, "Chủ tịch"},
        {"Chánh Văn phòng", office, PAPER_OWN, NULL, NULL, "Chánh Văn phòng"},
        {"Phó Chánh Văn phòng", office, PAPER_FOR_HEAD, NULL, "Chánh Văn phòng",
         "Phó Chánh Văn phòng"},
        {"Giám đốc Sở Tài chính", "Sở Tài chính", PAPER_OWN, NULL, NULL, "Giám đốc"},
        {"", committee, PAPER_OWN, committee, NULL, ""},
        {"Ủy ban nhân dân", committee, PAPER_OWN, committee, NULL, "Ủy ban nhân dân"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct paper_signer signer =
            signer_of_position(&arena, "Lê Văn Ước", cases[i].position, cases[i].body);
        assert_int_equal(signer.right, cases[i].right);
        assert_string_equal(signer.behalf ? signer.behalf : "",
                            cases[i].behalf ? cases[i].behalf : "");
        assert_string_equal(signer.head ? signer.head : "", cases[i].head ? cases[i].head : "");
        assert_string_equal(signer.title, cases[i].title);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_follows_from_office_and_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
