/* The parts of papers that only some of them have: rights to sign, recipients beside the signature,
 * stamps, annexes, boxes to tick; measured against Nghị định 30/2020, Appendix I. */
#include "tests/support/letters.h"
#include "tests/support/sheet_picture.h"

static void keep(struct buffer *pdf)
{
    sheet_save(buffer_bytes(pdf));
    buffer_done(pdf);
    sheet_read();
}

/* -- who signs, and who receives -----------------------------------------------------------------
 */

static void recipients_stand_beside_the_signature(void **state)
{
    (void)state;
    struct notice notice = letters_notice();
    struct buffer pdf = {0};
    assert_int_equal(notice_pdf_write(&notice, &pdf), ERR_OK);
    keep(&pdf);
    const struct sheet_word *head = sheet_find("Nơi", "nhận:", 0);
    const struct sheet_word *first = sheet_find("-", "Như", 0);
    const struct sheet_word *kept = sheet_find("Lưu:", "VT,", 0);
    const struct sheet_word *right = sheet_find("KT.", "CHÁNH", 0);
    const struct sheet_word *title = sheet_find("PHÓ", "CHÁNH", 0);
    const struct sheet_word *name = sheet_find("Trịnh", "Quốc", 0);
    assert_near(head->size, 12, 0.05);
    assert_near(head->left, 30, 0.2);
    assert_near(head->top, right->top, 0.8); /* level with the signer's right */
    assert_near(first->size, 11, 0.05);
    assert_near(first->left, 30, 0.2);
    assert_near(kept->size, 11, 0.05);
    assert_true(kept->top > first->top);
    assert_string_equal(kept[2].text, "TH.");

    assert_between(right->size, 12.95, 14.05);
    assert_between(title->size, 12.95, 14.05);
    assert_between(name->size, 12.95, 14.05);
    assert_true(right->left > 105 && title->top > right->top);
    assert_near(sheet_line_centre(right), sheet_line_centre(name), 0.4);
    assert_near(sheet_line_centre(title), sheet_line_centre(name), 0.4);
    assert_true(name->top - title->bottom > 25); /* room to sign in */
    sheet_assert_style("KT. CHÁNH VĂN PHÒNG", true, false);
    sheet_assert_style("Trịnh Quốc Ưng", true, false);
}

static void every_right_to_sign_is_written_as_the_decree_wants(void **state)
{
    (void)state;
    static const struct {
        struct paper_signer signer;
        const char *lines[3];
    } cases[] = {
        {{.title = "Chủ tịch"}, {"CHỦ TỊCH"}},
        {{.behalf = "Ủy ban nhân dân", .title = "Chủ tịch"}, {"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}},
        {{.behalf = "Ủy ban nhân dân",
          .right = PAPER_FOR_HEAD,
          .head = "Chủ tịch",
          .title = "Phó Chủ tịch"},
         {"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}},
        {{.right = PAPER_BY_ORDER, .head = "Chủ tịch", .title = "Chánh Văn phòng"},
         {"TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"}},
        {{.right = PAPER_BY_AUTHORITY, .head = "Giám đốc", .title = "Trưởng phòng"},
         {"TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"}},
        {{.right = PAPER_ACTING_HEAD, .title = "Giám đốc"}, {"Q. GIÁM ĐỐC"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct notice notice = letters_notice();
        struct buffer pdf = {0};
        notice.letter.signer = cases[i].signer;
        notice.letter.signer.name = "Trịnh Quốc Ưng";
        assert_int_equal(notice_pdf_write(&notice, &pdf), ERR_OK);
        keep(&pdf);
        for (size_t line = 0; line < 3 && cases[i].lines[line]; line++)
            sheet_assert_style(cases[i].lines[line], true, false);
    }
}

/* -- stamps --------------------------------------------------------------------------------------
 */

static void urgency_is_stamped_red_at_its_true_size(void **state)
{
    (void)state;
    static const struct {
        enum paper_urgency urgency;
        double width;
    } cases[] = {{PAPER_URGENT, 20}, {PAPER_VERY_URGENT, 40}, {PAPER_IMMEDIATE, 30}};
    const struct sheet_word left_column = {.left = 30, .right = 92, .top = 20, .bottom = 80};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct invitation invitation = letters_invitation(1);
        struct buffer pdf = {0};
        invitation.letter.urgency = cases[i].urgency;
        assert_int_equal(invitation_pdf_write(&invitation, &pdf), ERR_OK);
        keep(&pdf);
        struct sheet_picture picture = sheet_draw(1);
        struct sheet_word box = sheet_bounds(&picture, left_column, sheet_is_red);
        assert_near(box.right - box.left, cases[i].width, 0.25);
        assert_near(box.bottom - box.top, 8, 0.25);
        assert_near((box.left + box.right) / 2, 30 + 62.0 / 2, 0.3);
        const struct sheet_word *number = sheet_find("Số:", "05/GM-VPUBND", 0);
        assert_true(box.top > number->bottom);
        free(picture.pixels);
    }
    sheet_assert_style("HỎA TỐC", true, false);
}

static void the_circulation_label_stands_in_a_black_box(void **state)
{
    (void)state;
    struct invitation invitation = letters_invitation(1);
    struct buffer pdf = {0};
    invitation.letter.circulation = "Lưu hành nội bộ";
    assert_int_equal(invitation_pdf_write(&invitation, &pdf), ERR_OK);
    keep(&pdf);
    const struct sheet_word *label = sheet_find("LƯU", "HÀNH", 0);
    assert_between(label->size, 12.95, 14.05);
    sheet_assert_style("LƯU HÀNH NỘI BỘ", true, false);
    struct sheet_picture picture = sheet_draw(1);
    double centre = 0;
    double length = sheet_rule(&picture, label->bottom, 30, 98, &centre);
    assert_near(length, sheet_line_end(label) - label->left + 6, 0.5);
    assert_near(centre, sheet_line_centre(label), 0.3);
    free(picture.pixels);
}

/* -- annexes -------------------------------------------------------------------------------------
 */

static void annexes_have_their_head_and_count_their_own_pages(void **state)
{
    (void)state;
    struct invitation invitation = letters_invitation(LETTERS_COMMUNES);
    struct buffer pdf = {0};
    assert_int_equal(invitation_pdf_write(&invitation, &pdf), ERR_OK);
    keep(&pdf);
    assert_true(sheet.page_count >= 4);
    const struct sheet_word *annex = sheet_find("Phụ", "lục", 1); /* the text names it before */
    const struct sheet_word *title = sheet_find("DANH", "SÁCH", 0);
    const struct sheet_word *reference = sheet_find("(Kèm", "theo", 0);
    assert_near(annex->size, 14, 0.05);
    assert_between(title->size, 12.95, 14.05);
    assert_between(reference->size, 12.95, 14.05);
    assert_near(sheet_line_centre(annex), 110, 0.4);
    assert_near(sheet_line_centre(title), 110, 0.4);
    assert_near(sheet_line_centre(reference), 110, 0.4);
    assert_int_equal(annex->page, 2);
    assert_near(annex->top, 20, 1);
    for (size_t i = 0; i < sheet.word_count; i++)
        if (sheet.words[i].bottom < 19.9) { /* page 1 of either part shows no number */
            assert_true(sheet.words[i].page > 2);
            assert_int_equal(strtol(sheet.words[i].text, NULL, 10), sheet.words[i].page - 1);
        }
    sheet_assert_style("Phụ lục", true, false);
    sheet_assert_style("DANH SÁCH ĐẠI BIỂU ĐƯỢC MỜI", true, false);
}

static void several_annexes_are_numbered_in_roman(void **state)
{
    (void)state;
    struct resolution resolution = letters_resolution();
    const struct paper_annex annexes[] = {{"Danh mục", letters_articles, 2},
                                          {"Biểu mẫu", letters_articles, 2}};
    struct buffer pdf = {0};
    resolution.letter.annexes = annexes;
    resolution.letter.annex_count = 2;
    assert_int_equal(resolution_pdf_write(&resolution, &pdf), ERR_OK);
    keep(&pdf);
    sheet_assert_style("Phụ lục I", true, false);
    sheet_assert_style("Phụ lục II", true, false);
    assert_int_equal(sheet_run("pdftotext -raw %s - | tr '\\n' ' '", sheet.path), 0);
    assert_non_null(strstr(sheet.output, "(Kèm theo Nghị quyết số 05/NQ-HĐND ngày 05 tháng 01 năm "
                                         "2026 của Hội đồng nhân dân tỉnh Lam Giang)"));
}

/* -- letters -------------------------------------------------------------------------------------
 */

static void boxes_that_the_font_lacks_are_drawn(void **state)
{
    (void)state;
    const struct paper_run run = {.text = "☐ Tán thành ☑ Không tán thành"};
    const struct paper_block block = {.type = PAPER_PARAGRAPH, .runs = &run, .run_count = 1};
    struct notice notice = letters_notice();
    struct buffer pdf = {0};
    notice.conclusions = &block;
    notice.conclusion_count = 1;
    assert_int_equal(notice_pdf_write(&notice, &pdf), ERR_OK);
    keep(&pdf);
    const struct sheet_word *first = sheet_find("Tán", "thành", 0);
    const struct sheet_word *second = sheet_find("Không", "tán", 0);
    struct sheet_picture picture = sheet_draw(1);
    for (int i = 0; i < 2; i++) {
        const struct sheet_word *word = i == 0 ? first : second;
        struct sheet_word before = *word;
        before.right = word->left - 0.5;
        before.left = word->left - 5.2;
        struct sheet_word box = sheet_bounds(&picture, before, sheet_is_dark);
        assert_near(box.right - box.left, 0.71 * 14 * 25.4 / 72, 0.3);
        assert_near(box.bottom - box.top, box.right - box.left, 0.3);
        struct sheet_word inside = {.left = box.left + 0.5,
                                    .right = box.right - 0.5,
                                    .top = box.top + 0.5,
                                    .bottom = box.bottom - 0.5};
        bool marked = sheet_bounds(&picture, inside, sheet_is_dark).right > 0;
        assert_int_equal(marked, i == 1);
    }
    free(picture.pixels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recipients_stand_beside_the_signature),
        cmocka_unit_test(every_right_to_sign_is_written_as_the_decree_wants),
        cmocka_unit_test(urgency_is_stamped_red_at_its_true_size),
        cmocka_unit_test(the_circulation_label_stands_in_a_black_box),
        cmocka_unit_test(annexes_have_their_head_and_count_their_own_pages),
        cmocka_unit_test(several_annexes_are_numbered_in_roman),
        cmocka_unit_test(boxes_that_the_font_lacks_are_drawn),
    };
    return cmocka_run_group_tests(tests, sheet_open, sheet_close);
}
