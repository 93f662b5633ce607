/* Where pages end: whatever the length of names, tables and texts, no heading, line or signature
 * stands alone, and tables carry their header along. */
#include "tests/support/letters.h"
#include "tests/support/sheet_picture.h"

#define LONG_BODY                                                                                  \
    "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông, dân dụng, "  \
    "công nghiệp và phát triển đô thị"

static void keep_notice(const struct notice *notice)
{
    struct buffer pdf = {0};
    assert_int_equal(notice_pdf_write(notice, &pdf), ERR_OK);
    sheet_save(buffer_bytes(&pdf));
    buffer_done(&pdf);
    sheet_read();
}

/* Lines of the body on `page` above `bottom_mm`: distinct heights at the left margin or indent. */
static size_t lines_above(int page, double bottom_mm)
{
    size_t lines = 0;
    double last = 0;
    for (size_t i = 0; i < sheet.word_count; i++) {
        const struct sheet_word *word = &sheet.words[i];
        if (word->page == page && word->top > 19.5 && word->bottom < bottom_mm + 0.5 &&
            word->left < 43 && fabs(word->top - last) > 1) {
            lines++;
            last = word->top;
        }
    }
    return lines;
}

static const struct paper_run heading[] = {{.text = "Mục tiêu và giải pháp"}};

/* Notices of all lengths over two page ends: headings, paragraphs, and the end of the paper. */
static void nothing_stands_alone_at_any_length(void **state)
{
    (void)state;
    struct paper_block blocks[30];
    for (size_t i = 0; i < 30; i++)
        blocks[i] =
            i % 3 == 0
                ? (struct paper_block){.type = PAPER_HEADING, .runs = heading, .run_count = 1}
                : letters_conclusions[i % 2];
    int most = 0;
    for (size_t count = 3; count <= 30; count++) {
        struct notice notice = letters_notice();
        notice.conclusions = blocks;
        notice.conclusion_count = count;
        keep_notice(&notice);
        most = sheet.page_count > most ? sheet.page_count : most;
        const struct sheet_word *signer = sheet_find("KT.", "CHÁNH", 0);
        const struct sheet_word *name = sheet_find("Trịnh", "Quốc", 0);
        assert_int_equal(signer->page, name->page);
        if (signer->page > 1)
            assert_true(lines_above(signer->page, signer->top) >= 2);
        for (size_t n = 0;; n++) { /* a heading is followed on its page by two lines */
            const struct sheet_word *at = sheet_look("Mục", "tiêu", n);
            if (!at)
                break;
            assert_true(lines_above(at->page, 277) - lines_above(at->page, at->bottom) >= 2 ||
                        at->page == signer->page);
        }
    }
    assert_int_equal(most, 3);
}

/* The first and last page of every paragraph hold two of its lines or more. */
static void no_line_of_a_paragraph_stands_alone(void **state)
{
    (void)state;
    enum { WORDS = 260 };
    static char text[WORDS * 8];
    size_t size = 0;
    for (size_t i = 0; i < WORDS; i++) /* w0 w1 … so that each line is known by its words */
        size += (size_t)snprintf(text + size, sizeof text - size, "%sw%zu", i ? " " : "", i);
    for (size_t before = 10; before <= 30; before += 2) {
        struct paper_block blocks[40];
        const struct paper_run run = {.text = text};
        const struct paper_block paragraph = {
            .type = PAPER_PARAGRAPH, .runs = &run, .run_count = 1};
        const struct paper_run short_run = {.text = "một dòng"};
        const struct paper_block line = {.type = PAPER_LISTED, .runs = &short_run, .run_count = 1};
        for (size_t i = 0; i < before; i++)
            blocks[i] = line;
        blocks[before] = paragraph;
        struct notice notice = letters_notice();
        notice.conclusions = blocks;
        notice.conclusion_count = before + 1;
        keep_notice(&notice);
        size_t lines[8] = {0};
        double last = -1;
        for (size_t i = 0; i < sheet.word_count; i++) {
            const struct sheet_word *word = &sheet.words[i];
            if (word->text[0] == 'w' && fabs(word->top - last) > 1) {
                assert_true(word->page < 8);
                lines[word->page]++;
                last = word->top;
            }
        }
        for (size_t page = 0; page < 8; page++)
            assert_int_not_equal(lines[page], 1);
    }
}

static void a_long_table_has_its_header_on_every_page(void **state)
{
    (void)state;
    struct minutes_paper minutes = minutes_sample();
    struct buffer pdf = {0};
    minutes.attendees = letters_people();
    minutes.attendee_count = LETTERS_COMMUNES;
    assert_int_equal(minutes_pdf_write(&minutes, &pdf), ERR_OK);
    sheet_save(buffer_bytes(&pdf));
    buffer_done(&pdf);
    sheet_read();
    int first = 0;
    int last = 0;
    for (size_t n = 1; n <= LETTERS_COMMUNES; n++) { /* nobody is missing, none parted */
        char number[16];
        (void)snprintf(number, sizeof number, "%zu", n);
        const struct sheet_word *row = NULL;
        for (size_t i = 0; i < sheet.word_count; i++)
            if (strcmp(sheet.words[i].text, number) == 0 && sheet.words[i].right < 45 &&
                sheet.words[i].top > 19.5 && fabs(sheet.words[i].size - 13) < 0.05)
                row = &sheet.words[i];
        assert_non_null(row);
        first = n == 1 ? row->page : first;
        last = row->page;
    }
    assert_true(last - first >= 3);
    for (int page = first; page <= last; page++) {
        size_t headers = 0;
        for (size_t i = 0; i < sheet.word_count; i++)
            headers += sheet.words[i].page == page && strcmp(sheet.words[i].text, "STT") == 0;
        assert_int_equal(headers, 1);
    }
}

/* Each row's frame is closed at the page's end and opened again on the next. */
static void a_row_higher_than_a_page_is_parted_and_stays_framed(void **state)
{
    (void)state;
    enum { WORDS = 900 };
    static char text[WORDS * 8];
    size_t size = 0;
    for (size_t i = 0; i < WORDS; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%sw%zu", i ? " " : "", i);
    static const struct paper_column columns[] = {{.title = "Nội dung", .share = 3},
                                                  {.title = "Ý kiến", .share = 1}};
    const char *const cells[] = {text, "Đồng ý"};
    const struct paper_table table = {columns, 2, cells, 1};
    const struct paper_block block = {.type = PAPER_TABLE, .table = &table};
    struct notice notice = letters_notice();
    notice.conclusions = &block;
    notice.conclusion_count = 1;
    keep_notice(&notice);
    assert_true(sheet.page_count >= 3);
    size_t found = 0;
    double lowest = 0;
    for (size_t i = 0; i < sheet.word_count; i++) {
        unsigned number = 0;
        if (sscanf(sheet.words[i].text, "w%u", &number) == 1) {
            assert_int_equal(number, found);
            found++;
            if (sheet.words[i].page == 2)
                lowest = fmax(lowest, sheet.words[i].bottom);
        }
    }
    assert_int_equal(found, WORDS);
    struct sheet_picture picture = sheet_draw(2);
    double centre = 0;
    assert_near(sheet_rule(&picture, lowest - 0.5, 29, 191, &centre), 160, 0.5);
    assert_non_null(sheet_look("Nội", "dung", 1)); /* its header again */
    free(picture.pixels);
}

static void long_names_keep_inside_their_columns(void **state)
{
    (void)state;
    struct notice notice = letters_notice();
    notice.letter.parent_body = "Ủy ban nhân dân tỉnh Lam Giang và các cơ quan trực thuộc";
    notice.letter.issuing_body = LONG_BODY;
    notice.letter.symbol = "BQLDAĐTXDCTGTDDCNPTĐT";
    notice.letter.place = "Thành phố trực thuộc tỉnh Lam Giang";
    notice.letter.signer.behalf = LONG_BODY;
    notice.letter.signer.head = "Giám đốc " LONG_BODY;
    notice.letter.signer.name = "Tôn Nữ Công Tằng Huyền Tôn Nguyễn Phúc Hồng Nhung Diễm Quỳnh";
    notice.meeting = "cuộc họp về " LONG_BODY " và " LONG_BODY " cùng " LONG_BODY;
    keep_notice(&notice);
    const struct sheet_word *nation = sheet_find("CỘNG", "HÒA", 0);
    const struct sheet_word *title = sheet_find("THÔNG", "BÁO", 0);
    for (size_t i = 0; i < sheet.word_count; i++) {
        const struct sheet_word *word = &sheet.words[i];
        assert_between(word->left, 29.9, word->right);
        assert_between(word->right, word->left, 190.1);
        if (word->page == 1 && word->top < title->top - 1) /* the two columns keep apart */
            assert_true(word->right < 98.1 || word->left >= nation->left - 12);
    }
}

static void many_recipients_flow_on_below_the_signature(void **state)
{
    (void)state;
    static char names[70][64];
    static const char *recipients[70];
    for (size_t i = 0; i < 70; i++) {
        (void)snprintf(names[i], sizeof names[i], "Nơi thứ %zu", i);
        recipients[i] = names[i];
    }
    struct notice notice = letters_notice();
    notice.letter.recipients = recipients;
    notice.letter.recipient_count = 70;
    keep_notice(&notice);
    size_t found = 0;
    const struct sheet_word *last = NULL;
    for (size_t n = 0; n < 70; n++) {
        const struct sheet_word *at = sheet_find("Nơi", "thứ", n);
        assert_near(at->size, 11, 0.05);
        assert_int_equal(strtol(at[2].text, NULL, 10), n);
        assert_true(!last || at->page > last->page || at->top > last->top);
        last = at;
        found++;
    }
    assert_int_equal(found, 70);
    const struct sheet_word *kept = sheet_find("Lưu:", "VT,", 0);
    assert_true(kept->page > 1 && (kept->page > last->page || kept->top > last->top));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_stands_alone_at_any_length),
        cmocka_unit_test(no_line_of_a_paragraph_stands_alone),
        cmocka_unit_test(a_long_table_has_its_header_on_every_page),
        cmocka_unit_test(a_row_higher_than_a_page_is_parted_and_stays_framed),
        cmocka_unit_test(long_names_keep_inside_their_columns),
        cmocka_unit_test(many_recipients_flow_on_below_the_signature),
    };
    return cmocka_run_group_tests(tests, sheet_open, sheet_close);
}
