/* The four kinds of papers, measured in millimetres and points against the ranges of Nghị định
 * 30/2020, Appendix I, in what poppler reads and draws of them. */
#include "meeting/edge/paper/pdf_form.h"
#include "tests/support/letters.h"
#include "tests/support/sheet_picture.h"

/* -- the four samples ----------------------------------------------------------------------------
 */

struct kind {
    enum paper_kind kind;
    const char *title[2];   /* first two words of the type */
    const char *subject[2]; /* of the subject */
    const char *body[2];    /* of a paragraph of the body with several lines */
    const char *agency[2];  /* of the issuing body */
    const char *number;     /* the number's words behind "Số:"; NULL: a gap */
};

static const struct kind kinds[] = {
    {PAPER_MINUTES,
     {"BIÊN", "BẢN"},
     {"Họp", "giao"},
     {"Đồng", "chí"},
     {"VĂN", "PHÒNG"},
     "/BB-VPUBND"},
    {PAPER_INVITATION,
     {"GIẤY", "MỜI"},
     {"Họp", "giao"},
     {"1.", "Đánh"},
     {"VĂN", "PHÒNG"},
     "05/GM-VPUBND"},
    {PAPER_NOTICE,
     {"THÔNG", "BÁO"},
     {"Kết", "luận"},
     {"Ngày", "23"},
     {"VĂN", "PHÒNG"},
     "05/TB-VPUBND"},
    {PAPER_RESOLUTION,
     {"NGHỊ", "QUYẾT"},
     {"Về", "danh"},
     {"Điều", "2."},
     {"HỘI", "ĐỒNG"},
     "05/NQ-HĐND"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void write_kind(enum paper_kind kind, struct buffer *ret_pdf)
{
    struct minutes_paper minutes = minutes_sample();
    struct invitation invitation = letters_invitation(5);
    struct notice notice = letters_notice();
    struct resolution resolution = letters_resolution();
    enum err err = kind == PAPER_MINUTES      ? minutes_pdf_write(&minutes, ret_pdf)
                   : kind == PAPER_INVITATION ? invitation_pdf_write(&invitation, ret_pdf)
                   : kind == PAPER_NOTICE     ? notice_pdf_write(&notice, ret_pdf)
                                              : resolution_pdf_write(&resolution, ret_pdf);
    assert_int_equal(err, ERR_OK);
}

static void keep(struct buffer *pdf)
{
    sheet_save(buffer_bytes(pdf));
    buffer_done(pdf);
    sheet_read();
}

static void lay_out(enum paper_kind kind)
{
    struct buffer pdf = {0};
    write_kind(kind, &pdf);
    keep(&pdf);
}

static const struct sheet_word *words_of(const char *const words[2])
{
    return sheet_find(words[0], words[1], 0);
}

/* -- every kind ----------------------------------------------------------------------------------
 */

static void check_nation(const struct sheet_picture *picture)
{
    const struct sheet_word *nation = sheet_find("CỘNG", "HÒA", 0);
    const struct sheet_word *motto = sheet_find("Độc", "lập", 0);
    double centre = 0;
    assert_between(nation->size, 11.95, 13.05);
    assert_between(motto->size, 12.95, 14.05);
    assert_true(nation->left > 95 && nation->top < 22);
    assert_near(sheet_line_centre(nation), sheet_line_centre(motto), 0.3);
    double single = 12 * 1.149 * 25.4 / 72; /* the two lines stand at single spacing */
    assert_near(motto->bottom - nation->bottom, single, 0.6);
    double length = sheet_rule(picture, motto->bottom - 0.3, 98, 190, &centre);
    assert_near(length, sheet_line_end(motto) - motto->left, 0.6);
    assert_near(centre, sheet_line_centre(motto), 0.3);
}

static void check_agency(const struct kind *kind, const struct sheet_picture *picture)
{
    const struct sheet_word *body = words_of(kind->agency);
    const struct sheet_word *last = body;
    double centre = 0;
    double widest = 0;
    assert_between(body->size, 11.95, 13.05);
    /* Its lines, down to the rule: the widest counts. */
    for (const struct sheet_word *at = body; at < sheet.words + sheet.word_count; at++)
        if (at->page == 1 && at->right < 92 && at->top >= body->top - 0.1 && at->size < 12.5 &&
            at->bottom < body->bottom + 12) {
            last = at->bottom > last->bottom + 1 ? at : last;
            widest = fmax(widest, sheet_line_end(at) - at->left);
        }
    double length = sheet_rule(picture, last->bottom - 0.3, 30, 98, &centre);
    assert_between(length / widest, 1.0 / 3, 1.0 / 2);
    assert_near(centre, 30 + 62.0 / 2, 0.4);
}

static void check_number(const struct kind *kind)
{
    const struct sheet_word *sign = NULL;
    const struct sheet_word *number = NULL;
    const struct sheet_word *date = sheet_look("Lam", "Giang,", 0);
    for (const struct sheet_word *at = sheet.words; at < sheet.words + sheet.word_count; at++) {
        sign = !sign && strcmp(at->text, "Số:") == 0 ? at : sign;
        number = strcmp(at->text, kind->number) == 0 ? at : number;
    }
    assert_non_null(sign);
    assert_non_null(number);
    assert_near(sign->size, 13, 0.05);
    assert_near(number->size, 13, 0.05);
    assert_near((sign->left + number->right) / 2, 30 + 62.0 / 2, 0.4);
    if (kind->kind == PAPER_MINUTES) {
        assert_null(date); /* mẫu 1.9 has no place and date */
        return;
    }
    assert_non_null(date);
    assert_between(date->size, 12.95, 14.05);
    assert_near(date->top, sign->top, 0.1);                    /* in one line with the number */
    assert_near(sheet_line_centre(date), 190 - 98.0 / 2, 0.4); /* below the quốc hiệu */
}

static void check_title(const struct kind *kind, const struct sheet_picture *picture)
{
    const struct sheet_word *title = words_of(kind->title);
    const struct sheet_word *subject = words_of(kind->subject);
    double centre = 0;
    double widest = 0;
    double bottom = subject->bottom;
    assert_between(title->size, 12.95, 14.05);
    assert_between(subject->size, 12.95, 14.05);
    assert_near(sheet_line_centre(title), 110, 0.4);
    assert_near(sheet_line_centre(subject), 110, 0.4);
    for (const struct sheet_word *at = subject;
         at < sheet.words + sheet.word_count && at->top - bottom < 0.5; at++) {
        widest = fmax(widest, sheet_line_end(at) - at->left);
        bottom = fmax(bottom, at->bottom);
    }
    double length = sheet_rule(picture, bottom - 0.3, 30, 190, &centre);
    assert_between(length / widest, 1.0 / 3, 1.0 / 2);
    assert_near(centre, 110, 0.4);
}

static void check_body(const struct kind *kind)
{
    const struct sheet_word *first = words_of(kind->body);
    const struct sheet_word *second = NULL;
    const double pt = 25.4 / 72;
    assert_between(first->size, 12.95, 14.05);
    assert_near(first->left, 30 + 12.7, 0.2); /* first line: 1 or 1.27 cm */
    for (const struct sheet_word *at = first; at < sheet.words + sheet.word_count && !second; at++)
        if (at->page == first->page && at->top > first->top + 1)
            second = at;
    assert_non_null(second);
    assert_near(second->left, 30, 0.3);
    assert_near(sheet_line_end(first), 190, 0.4); /* justified */
    double line = second->top - first->top;
    assert_between(line / (first->size * 1.149 * pt), 1.0, 1.5);
}

static void check_margins(void)
{
    for (size_t i = 0; i < sheet.word_count; i++) {
        const struct sheet_word *word = &sheet.words[i];
        if (word->bottom < 19.9) { /* the page's number */
            assert_true(word->page > 1);
            assert_between(word->size, 12.95, 14.05);
            assert_near((word->left + word->right) / 2, 110, 0.4);
            continue;
        }
        assert_between(word->left, 30 - 0.05, word->right);
        assert_between(word->right, word->left, 190 + 0.1);
        assert_between(word->top, 20 - 0.05, word->bottom);
        assert_between(word->bottom, word->top, 277);
    }
}

static void check_styles(const struct kind *kind)
{
    char title[64];
    (void)snprintf(title, sizeof title, "%s %s", kind->title[0], kind->title[1]);
    sheet_assert_style(title, true, false);
    sheet_assert_style("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", true, false);
    sheet_assert_style("Độc lập - Tự do - Hạnh phúc", true, false);
    sheet_assert_style("Nơi nhận:", true, true);
    if (kind->kind == PAPER_MINUTES)
        return;
    sheet_assert_style("Lam Giang, ngày 05 tháng 01 năm 2026", false, true);
    char number[64];
    (void)snprintf(number, sizeof number, "Số: %s", kind->number);
    sheet_assert_style(number, false, false);
}

static void all_kinds_keep_the_measures_of_the_decree(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        lay_out(kinds[i].kind);
        struct sheet_picture picture = sheet_draw(1);
        check_nation(&picture);
        check_agency(&kinds[i], &picture);
        check_number(&kinds[i]);
        check_title(&kinds[i], &picture);
        check_body(&kinds[i]);
        check_margins();
        check_styles(&kinds[i]);
        free(picture.pixels);
    }
}

static void paragraphs_stand_at_least_six_points_apart(void **state)
{
    (void)state;
    const double pt = 25.4 / 72;
    lay_out(PAPER_INVITATION);
    const struct sheet_word *chair = sheet_find("Chủ", "trì:", 0);
    const struct sheet_word *time = sheet_find("Thời", "gian:", 0);
    double line = 14 * 1.149 * 1.15 * pt;
    assert_between(time->top - chair->top, line + 6 * pt - 0.05, line + 10 * pt);
}

/* The decree's own example of a long one (Appendix I, V.4) stays in the line of the number. */
static void the_longest_place_stands_in_one_line_with_its_date(void **state)
{
    (void)state;
    struct notice notice = letters_notice();
    struct buffer pdf = {0};
    notice.letter.place = "Thành phố Hồ Chí Minh";
    notice.letter.date = INT64_C(1561766400000); /* 2019-06-29, 07:00 in Viet Nam */
    assert_int_equal(notice_pdf_write(&notice, &pdf), ERR_OK);
    keep(&pdf);
    const struct sheet_word *place = sheet_find("Thành", "phố", 0);
    const struct sheet_word *month = sheet_find("tháng", "6", 0);
    const struct sheet_word *year = sheet_find("năm", "2019", 0);
    assert_near(year->top, place->top, 0.1);
    assert_near(month->top, place->top, 0.1);
    assert_near(sheet_line_centre(place), 190 - 98.0 / 2, 0.4);
}

/* -- fields --------------------------------------------------------------------------------------
 */

/* The rectangle of a field in mm from the page's top left. */
static struct sheet_word field_box(struct bytes pdf, const char *name)
{
    const double mm = 25.4 / 72;
    struct pdf_map map;
    struct pdf_form form;
    struct pdf_value value;
    const char *code = NULL;
    double rect[4] = {0};
    assert_int_equal(pdf_map_parse(pdf, &map, &code), ERR_OK);
    assert_true(pdf_form_read(&map, 0, &form));
    bool found = false;
    for (size_t i = 0; i < form.count; i++)
        if (strcmp(form.fields[i].name, name) == 0) {
            const struct pdf_object *field = pdf_map_find(&map, 0, form.fields[i].number);
            assert_true(pdf_get(field->value, "/Rect", &value) && pdf_form_rect(value, rect));
            found = true;
        }
    pdf_map_done(&map);
    if (!found)
        fail_msg("no field %s", name);
    return (struct sheet_word){.left = rect[0] * mm,
                               .right = rect[2] * mm,
                               .top = 297 - rect[3] * mm,
                               .bottom = 297 - rect[1] * mm};
}

static void the_seal_covers_a_third_of_the_signature_at_its_true_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        struct buffer pdf = {0};
        write_kind(kinds[i].kind, &pdf);
        struct sheet_word person =
            field_box(buffer_bytes(&pdf),
                      kinds[i].kind == PAPER_MINUTES ? PAPER_FIELD_CHAIR : PAPER_FIELD_SIGNER);
        struct sheet_word seal = field_box(buffer_bytes(&pdf), PAPER_FIELD_AGENCY);
        assert_near(person.right - person.left, PAPER_SIGN_WIDTH_MM, 0.02);
        assert_near(person.bottom - person.top, PAPER_SIGN_HEIGHT_MM, 0.02);
        assert_near(seal.right - seal.left, PAPER_SEAL_SIDE_MM, 0.02);
        assert_near(seal.bottom - seal.top, PAPER_SEAL_SIDE_MM, 0.02);
        assert_near((seal.right - person.left) / (person.right - person.left), 1.0 / 3, 0.01);
        assert_true(seal.left < person.left);
        keep(&pdf);
        const char *const first = kinds[i].kind == PAPER_MINUTES      ? "Lê"
                                  : kinds[i].kind == PAPER_RESOLUTION ? "Hoàng"
                                                                      : "Trịnh";
        for (size_t k = sheet.word_count; k-- > 0;)
            if (strcmp(sheet.words[k].text, first) == 0 && sheet.words[k].left > 105) {
                assert_near(sheet_line_centre(&sheet.words[k]), (person.left + person.right) / 2,
                            0.4);
                assert_near(sheet.words[k].top, person.bottom, 1);
                break;
            }
    }
}

static void number_and_date_wait_for_the_clerk_in_fields_of_their_own(void **state)
{
    (void)state;
    struct notice notice = letters_notice();
    struct buffer pdf = {0};
    notice.letter = letters_unnumbered();
    assert_int_equal(notice_pdf_write(&notice, &pdf), ERR_OK);
    struct sheet_word number = field_box(buffer_bytes(&pdf), PAPER_FIELD_NUMBER);
    struct sheet_word date = field_box(buffer_bytes(&pdf), PAPER_FIELD_DATE);
    keep(&pdf);
    const struct sheet_word *before = sheet_find("Số:", "/TB-VPUBND", 0);
    assert_near(number.right - number.left, PAPER_NUMBER_GAP_MM, 0.05);
    assert_between(number.left, before->right, before->right + 1.5);
    assert_near(number.right, before[1].left, 0.3);
    assert_near((number.top + number.bottom) / 2, (before->top + before->bottom) / 2, 0.4);
    const struct sheet_word *day = sheet_find("ngày", "tháng", 0);
    assert_near(date.left, day->left, 0.3);
    assert_near(date.right, sheet_find("năm", "THÔNG", 0)->right + PAPER_YEAR_GAP_MM, 1.5);
    assert_true(day[1].left - day->right > PAPER_DAY_GAP_MM);
}

/* What was put in comes out: whole sentences, in Unicode's composed form, byte by byte. */
static void text_copies_out_as_it_was_typed(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        lay_out(kinds[i].kind);
        assert_int_equal(sheet_run("pdftotext -raw %s - | tr -s '\\f\\n' ' '", sheet.path), 0);
        const char *const sentences[] = {
            [PAPER_MINUTES] = minutes_conclusion[0].text,
            [PAPER_INVITATION] = letters_agenda[0],
            [PAPER_NOTICE] = letters_first[0].text,
            [PAPER_RESOLUTION] = letters_article_2[1].text,
        };
        char sentence[512];
        (void)snprintf(sentence, sizeof sentence, "%s", sentences[kinds[i].kind]);
        sentence[strlen(sentence) - 1] = '\0'; /* a last stop may have become "./." */
        if (!strstr(sheet.output, sentence))
            fail_msg("not copied: %s", sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds_keep_the_measures_of_the_decree),
        cmocka_unit_test(the_longest_place_stands_in_one_line_with_its_date),
        cmocka_unit_test(paragraphs_stand_at_least_six_points_apart),
        cmocka_unit_test(the_seal_covers_a_third_of_the_signature_at_its_true_size),
        cmocka_unit_test(number_and_date_wait_for_the_clerk_in_fields_of_their_own),
        cmocka_unit_test(text_copies_out_as_it_was_typed),
    };
    return cmocka_run_group_tests(tests, sheet_open, sheet_close);
}
