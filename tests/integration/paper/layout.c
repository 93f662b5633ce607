/* The minutes, measured against Nghị định 30/2020 in what other programs read and draw from them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <qrencode.h>

#include "tests/support/sheet_picture.h"

static void save(const struct minutes_paper *paper)
{
    struct buffer pdf = {0};
    assert_int_equal(minutes_pdf_write(paper, &pdf), ERR_OK);
    sheet_save(buffer_bytes(&pdf));
    buffer_done(&pdf);
}

static void lay_out(const struct minutes_paper *paper)
{
    save(paper);
    sheet_read();
}

static void every_word_lies_within_the_margins(void **state)
{
    (void)state;
    struct paper_block many[80];
    for (size_t i = 0; i < 80; i++)
        many[i] = minutes_blocks[i % 4];
    struct minutes_paper paper = minutes_sample();
    paper.blocks = many;
    paper.block_count = 80;
    lay_out(&paper);
    assert_true(sheet.page_count > 5);
    for (size_t i = 0; i < sheet.word_count; i++) {
        const struct sheet_word *word = &sheet.words[i];
        if (word->bottom < 20) /* the page's number */
            continue;
        assert_between(word->left, 30 - 0.05, word->right);
        assert_between(word->right, word->left, 190 + 0.05);
        assert_between(word->top, 20 - 0.05, word->bottom);
        assert_between(word->bottom, word->top, 277);
    }
}

static void the_head_names_nation_and_agency_and_has_no_place_or_date(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    lay_out(&paper);
    const struct sheet_word *nation = sheet_find("CỘNG", "HÒA", 0);
    const struct sheet_word *motto = sheet_find("Độc", "lập", 0);
    const struct sheet_word *parent = sheet_find("ỦY", "BAN", 0);
    const struct sheet_word *body = sheet_find("VĂN", "PHÒNG", 0);
    const struct sheet_word *number = sheet_find("Số:", "CỘNG", 0);
    const struct sheet_word *type = sheet_find("BIÊN", "BẢN", 0);
    assert_between(nation->size, 11.95, 13.05);
    assert_between(motto->size, 12.95, 14.05);
    assert_between(parent->size, 11.95, 13.05);
    assert_between(body->size, 11.95, 13.05);
    assert_between(number->size, 12.95, 13.05);
    assert_true(nation->left > 95 && motto->left > nation->left && motto->top > nation->top);
    assert_near(parent->top, nation->top, 0.2);
    assert_true(parent->right < 98 && body->top > parent->top && number->top > body->top);
    for (size_t i = 0; i < sheet.word_count; i++)
        if (sheet.words[i].page == 1 && sheet.words[i].top < type->top)
            assert_string_not_equal(sheet.words[i].text, "ngày");
}

static void title_and_subject_are_centred_between_the_margins(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    lay_out(&paper);
    const struct sheet_word *type = sheet_find("BIÊN", "BẢN", 0);
    const struct sheet_word *subject = sheet_find("Họp", "giao", 0);
    assert_between(type->size, 12.95, 14.05);
    assert_between(subject->size, 12.95, 14.05);
    assert_near((type->left + sheet_line_end(type)) / 2, 110, 0.5);
    assert_near((subject->left + sheet_line_end(subject)) / 2, 110, 0.5);
}

static void the_body_is_set_as_the_decree_wants(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    lay_out(&paper);
    const struct sheet_word *start = sheet_find("Thời", "gian", 0);
    const struct sheet_word *place = sheet_find("Địa", "điểm:", 0);
    assert_between(start->size, 12.95, 14.05);
    assert_near(start->left, 30 + 12.7, 0.2); /* first line: 1 or 1.27 cm */

    /* A line inside a paragraph against the paragraph that follows: spacing 1.0 to 1.5, gap of at
     * least 6 pt. */
    const struct sheet_word *first = sheet_find("Đồng", "chí", 0);
    const struct sheet_word *second = NULL;
    for (const struct sheet_word *at = first; at < sheet.words + sheet.word_count && !second; at++)
        if (at->page == first->page && at->top > first->top + 1)
            second = at;
    assert_non_null(second);
    double line = second->top - first->top;
    double single = first->size * 1.149 * 25.4 / 72;
    assert_between(line / single, 1.0, 1.5);
    assert_true(place->top - start->top >= line + 6 * 25.4 / 72 - 0.05);
    assert_near(second->left, 30, 0.3);
    assert_near(sheet_line_end(second), 190, 0.3); /* justified */
}

static void signatures_stand_side_by_side_and_recipients_below(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    lay_out(&paper);
    const struct sheet_word *secretary = sheet_find("THƯ", "KÝ", 0);
    const struct sheet_word *chair = sheet_find("CHỦ", "TỌA", 0);
    const struct sheet_word *secretary_name = sheet_find("Phạm", "Thùy", 1);
    const struct sheet_word *chair_name = sheet_find("Lê", "Văn", 1);
    const struct sheet_word *recipients = sheet_find("Nơi", "nhận:", 0);
    const struct sheet_word *kept = sheet_find("Lưu:", "VT,", 0);
    assert_near(secretary->top, chair->top, 0.1);
    assert_true(sheet_line_end(secretary) < 105 && chair->left > 105);
    assert_between(secretary->size, 12.95, 14.05);
    assert_between(secretary_name->size, 12.95, 14.05);
    assert_near(secretary_name->top, chair_name->top, 0.1);
    assert_true(secretary_name->top - secretary->bottom > 25); /* room to sign in */
    assert_near((secretary->left + sheet_line_end(secretary)) / 2,
                (secretary_name->left + sheet_line_end(secretary_name)) / 2, 0.5);
    assert_near(recipients->size, 12, 0.05);
    assert_near(kept->size, 11, 0.05);
    assert_true(recipients->top > secretary_name->bottom && recipients->left < 31);
}

static void pages_are_numbered_on_top_from_the_second(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    lay_out(&paper);
    assert_int_equal(sheet.page_count, 2);
    size_t numbers = 0;
    for (size_t i = 0; i < sheet.word_count; i++)
        if (sheet.words[i].bottom < 20) {
            numbers++;
            assert_int_equal(sheet.words[i].page, 2);
            assert_string_equal(sheet.words[i].text, "2");
            assert_between(sheet.words[i].size, 12.95, 14.05);
            assert_near((sheet.words[i].left + sheet.words[i].right) / 2, 110, 0.5);
        }
    assert_int_equal(numbers, 1);
}

static void rules_have_the_lengths_of_the_decree(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    lay_out(&paper);
    struct sheet_picture picture = sheet_draw(1);
    double centre = 0;
    const struct sheet_word *motto = sheet_find("Độc", "lập", 0);
    double motto_width = sheet_line_end(motto) - motto->left;
    double length = sheet_rule(&picture, motto->bottom - 0.3, 98, 190, &centre);
    assert_near(length, motto_width, 0.6); /* exactly as long as the text */
    assert_near(centre, (motto->left + sheet_line_end(motto)) / 2, 0.5);

    const struct sheet_word *first = sheet_find("VĂN", "PHÒNG", 0);
    const struct sheet_word *last = sheet_find("NHÂN", "DÂN", 1);
    length = sheet_rule(&picture, last->bottom - 0.3, 30, 98, &centre);
    assert_between(length / (sheet_line_end(first) - first->left), 1.0 / 3, 1.0 / 2);

    const struct sheet_word *subject = sheet_find("Họp", "giao", 0);
    length = sheet_rule(&picture, subject->bottom - 0.3, 30, 190, &centre);
    assert_between(length / (sheet_line_end(subject) - subject->left), 1.0 / 3, 1.0 / 2);
    free(picture.pixels);
}

/* The modules as printed are those of the verification URL. */
static void the_qr_code_says_the_address(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    lay_out(&paper);
    struct sheet_picture picture = sheet_draw(2);
    const struct sheet_word *check = sheet_find("Kiểm", "tra", 0);
    int left = picture.width, right = 0, top = picture.height;
    for (int y = (int)(check->top * 10) - 10; y < (int)(check->top * 10) + 280; y++)
        for (int x = 1650; x < 1900; x++)
            if (sheet_is_dark(&picture, x, y)) {
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
            }
    QRcode *code = QRcode_encodeString(paper.url, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    assert_non_null(code);
    double module = (double)(right + 1 - left) / code->width;
    assert_true(module > 4); /* 0.4 mm: what a telephone's camera reads */
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            assert_int_equal(sheet_is_dark(&picture, (int)(left + (column + 0.5) * module),
                                           (int)(top + (row + 0.5) * module)),
                             code->data[row * code->width + column] & 1);
    QRcode_free(code);
    free(picture.pixels);
}

static void only_tinos_is_embedded_and_nothing_is_missing(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    save(&paper);
    assert_int_equal(sheet_run("pdffonts %s 2>&1", sheet.path), 0);
    size_t fonts = 0;
    char *rest = NULL;
    (void)strtok_r(sheet.output, "\n", &rest);
    (void)strtok_r(NULL, "\n", &rest);
    for (char *line = strtok_r(NULL, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest), fonts++) {
        assert_non_null(strstr(line, "+Tinos"));
        assert_non_null(strstr(line, "yes yes yes")); /* embedded, a subset, with Unicode map */
    }
    assert_true(fonts >= 4);
}

/* All 134 letters with their marks, in every style, as people will copy them from the file. */
static void every_vietnamese_letter_is_printed_and_copyable(void **state)
{
    (void)state;
    static const char letters[] =
        "àáảãạ ăằắẳẵặ âầấẩẫậ đ èéẻẽẹ êềếểễệ ìíỉĩị òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ "
        "ÀÁẢÃẠ ĂẰẮẲẴẶ ÂẦẤẨẪẬ Đ ÈÉẺẼẸ ÊỀẾỂỄỆ ÌÍỈĨỊ ÒÓỎÕỌ ÔỒỐỔỖỘ ƠỜỚỞỠỢ ÙÚỦŨỤ ƯỪỨỬỮỰ ỲÝỶỸỴ";
    for (int style = 0; style < 4; style++) {
        struct paper_run letter_run = {letters, (style & 1) != 0, (style & 2) != 0};
        struct paper_block block = {.type = PAPER_PARAGRAPH, .runs = &letter_run, .run_count = 1};
        struct minutes_paper paper = minutes_sample();
        paper.blocks = &block;
        paper.block_count = 1;
        save(&paper);
        assert_int_equal(sheet_run("pdftotext -raw %s - 2>&1", sheet.path), 0);
        char copy[sizeof letters];
        char *rest = NULL;
        memcpy(copy, letters, sizeof letters);
        for (char *group = strtok_r(copy, " ", &rest); group; group = strtok_r(NULL, " ", &rest))
            if (!strstr(sheet.output, group))
                fail_msg("not copyable in style %d: %s", style, group);
    }
}

static void a_letter_that_the_font_lacks_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum err expected;
    } cases[] = {{"会議", ERR_UNKNOWN},
                 {"\xF0\x9F\x98\x80", ERR_UNKNOWN},
                 {"\xC3\x28", ERR_FORMAT},
                 {"\xED\xA0\x80", ERR_FORMAT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct minutes_paper paper = minutes_sample();
        struct buffer pdf = {0};
        struct paper_run bad = {.text = cases[i].text};
        struct paper_block block = {.type = PAPER_ITEM, .runs = &bad, .run_count = 1};
        paper.blocks = &block;
        paper.block_count = 1;
        assert_int_equal(minutes_pdf_write(&paper, &pdf), cases[i].expected);
        paper = minutes_sample();
        paper.subject = cases[i].text;
        assert_int_equal(minutes_pdf_write(&paper, &pdf), cases[i].expected);
        assert_null(pdf.data);
    }
}

/* Whatever the length, the page with the signatures also holds the closing sentence and the end of
 * the content, and title, names and fields stay together. */
static void the_signatures_are_never_alone_on_a_page(void **state)
{
    (void)state;
    struct paper_block many[14];
    struct minutes_paper paper = minutes_sample();
    paper.blocks = many;
    for (size_t i = 0; i < 14; i++)
        many[i] = minutes_blocks[1 + i % 3];
    for (paper.block_count = 0; paper.block_count <= 14; paper.block_count++) {
        lay_out(&paper);
        const struct sheet_word *secretary = sheet_find("THƯ", "KÝ", 0);
        const struct sheet_word *closing = sheet_find("Cuộc", "họp", 0);
        const struct sheet_word *name = sheet_find("Phạm", "Thùy", 1);
        assert_int_equal(closing->page, secretary->page);
        assert_int_equal(name->page, secretary->page);
        size_t before = 0;
        for (size_t i = 0; i < sheet.word_count; i++)
            before += sheet.words[i].page == closing->page && sheet.words[i].top > 19 &&
                      sheet.words[i].bottom < closing->top + 0.5;
        assert_true(before >= 2);
    }
}

static void one_record_gives_one_file(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    struct buffer a = {0};
    struct buffer b = {0};
    assert_int_equal(minutes_pdf_write(&paper, &a), ERR_OK);
    assert_int_equal(minutes_pdf_write(&paper, &b), ERR_OK);
    assert_true(bytes_equal(buffer_bytes(&a), buffer_bytes(&b)));
    assert_non_null(memmem(a.data, a.size, "/CreationDate (D:20261123093500+07'00')", 39));
    buffer_done(&a);
    buffer_done(&b);
}

static void it_says_that_without_number_and_seal_it_is_not_issued(void **state)
{
    (void)state;
    struct minutes_paper paper = minutes_sample();
    save(&paper);
    assert_int_equal(sheet_run("pdftotext %s - | tr '\\n' ' '", sheet.path), 0);
    assert_non_null(strstr(sheet.output,
                           "Khi chưa có số và chữ ký số (con dấu) của cơ quan, văn bản "
                           "này chưa được phát hành."));
    assert_non_null(strstr(sheet.output, paper.code));
    assert_non_null(strstr(sheet.output, "09 giờ 35 phút, ngày 23 tháng 11 năm 2026./."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_lies_within_the_margins),
        cmocka_unit_test(the_head_names_nation_and_agency_and_has_no_place_or_date),
        cmocka_unit_test(title_and_subject_are_centred_between_the_margins),
        cmocka_unit_test(the_body_is_set_as_the_decree_wants),
        cmocka_unit_test(signatures_stand_side_by_side_and_recipients_below),
        cmocka_unit_test(pages_are_numbered_on_top_from_the_second),
        cmocka_unit_test(rules_have_the_lengths_of_the_decree),
        cmocka_unit_test(the_qr_code_says_the_address),
        cmocka_unit_test(only_tinos_is_embedded_and_nothing_is_missing),
        cmocka_unit_test(every_vietnamese_letter_is_printed_and_copyable),
        cmocka_unit_test(a_letter_that_the_font_lacks_is_refused),
        cmocka_unit_test(the_signatures_are_never_alone_on_a_page),
        cmocka_unit_test(one_record_gives_one_file),
        cmocka_unit_test(it_says_that_without_number_and_seal_it_is_not_issued),
    };
    return cmocka_run_group_tests(tests, sheet_open, sheet_close);
}
