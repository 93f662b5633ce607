/* The clerk's number and date, and the agency's seal over the chair's signature: written after two
 * people have signed, vouched for by the third signature, and nothing else. */
#include "meeting/edge/paper/fill.h"
#include "meeting/edge/paper/pdf_text.h"
#include "tests/support/forge.h"
#include "tests/support/letters.h"
#include "tests/support/sheet.h"
#include "tests/support/sheet_picture.h"

#define AGENCY "Ủy ban nhân dân tỉnh Lam Giang"

static struct paper_place place;

static int setup(void **state)
{
    paper_open(&place);
    return sheet_open(state);
}

static int teardown(void **state)
{
    paper_close(&place);
    return sheet_close(state);
}

static struct buffer filled(struct bytes pdf, uint32_t number)
{
    struct pades_filling filling = {number, place.now};
    struct buffer file = {0};
    assert_int_equal(pades_fill(pdf, &filling, &file), ERR_OK);
    return file;
}

static struct buffer sealed(struct bytes pdf)
{
    return paper_sign(&place, pdf, PAPER_FIELD_AGENCY, &place.chair, AGENCY, place.now + 120000);
}

/* Secretary, chair, number, seal. */
static struct buffer issued(uint32_t number)
{
    struct buffer file = filled(buffer_bytes(&place.twice), number);
    struct buffer whole = sealed(buffer_bytes(&file));
    buffer_done(&file);
    return whole;
}

/* A notice of conclusions without number and date, signed, filled and sealed. */
static struct buffer issued_notice(void)
{
    struct notice notice = letters_notice();
    struct buffer base = {0};
    notice.letter = letters_unnumbered();
    assert_int_equal(notice_pdf_write(&notice, &base), ERR_OK);
    struct buffer signed_file = paper_sign(&place, buffer_bytes(&base), PAPER_FIELD_SIGNER,
                                           &place.chair, "Trịnh Quốc Ưng", place.now);
    struct buffer numbered = filled(buffer_bytes(&signed_file), 123);
    struct buffer whole = sealed(buffer_bytes(&numbered));
    buffer_done(&numbered);
    buffer_done(&signed_file);
    buffer_done(&base);
    return whole;
}

static void expect(struct bytes pdf, const char *code)
{
    assert_string_equal(paper_code(&place, pdf), code);
}

static void a_number_filled_after_the_chair_is_vouched_for_by_the_seal(void **state)
{
    (void)state;
    struct buffer file = issued(7);
    struct verify_report report = paper_verify(&place, buffer_bytes(&file));
    assert_null(report.reason);
    assert_int_equal(report.verdict, VERIFY_VALID);
    assert_int_equal(report.signature_count, 3);
    assert_int_equal(report.filled_count, 1);
    assert_string_equal(report.filled[0].field, PAPER_FIELD_NUMBER);
    assert_string_equal(report.filled[0].text, "07");
    buffer_done(&file);
}

static void number_and_date_of_a_notice_are_filled_together(void **state)
{
    (void)state;
    struct buffer file = issued_notice();
    char date[CIVIL_TEXT_BYTES];
    civil_write_date(place.now, date);
    struct verify_report report = paper_verify(&place, buffer_bytes(&file));
    assert_null(report.reason);
    assert_int_equal(report.filled_count, 2);
    assert_string_equal(report.filled[0].text, "123");
    assert_string_equal(report.filled[1].text, date);
    buffer_done(&file);
}

static void until_the_seal_nobody_vouches_for_a_number(void **state)
{
    (void)state;
    struct buffer file = filled(buffer_bytes(&place.twice), 7);
    expect(buffer_bytes(&file), "revision.unsealed");
    buffer_done(&file);

    /* Nor does another's signature, even one that was still missing. */
    file = filled(buffer_bytes(&place.once), 7);
    struct buffer by_chair = paper_sign(&place, buffer_bytes(&file), PAPER_FIELD_CHAIR,
                                        &place.chair, "Lê Văn Ước", place.now);
    expect(buffer_bytes(&by_chair), "revision.unsealed");
    buffer_done(&by_chair);
    buffer_done(&file);
}

static void only_a_signed_paper_is_filled_and_only_once(void **state)
{
    (void)state;
    struct pades_filling filling = {7, place.now};
    struct buffer none = {0};
    struct buffer once = filled(buffer_bytes(&place.twice), 7);
    assert_int_equal(pades_fill(buffer_bytes(&place.base), &filling, &none), ERR_WRONG_STATE);
    assert_int_equal(pades_fill(buffer_bytes(&once), &filling, &none), ERR_CONFLICT);
    filling.number = 0;
    assert_int_equal(pades_fill(buffer_bytes(&place.twice), &filling, &none), ERR_FORMAT);
    filling.number = FILL_NUMBER_MAX + 1;
    assert_int_equal(pades_fill(buffer_bytes(&place.twice), &filling, &none), ERR_FORMAT);
    assert_int_equal(pades_fill((struct bytes){once.data, 100}, &filling, &none), ERR_FORMAT);
    assert_null(none.data);
    buffer_done(&once);
}

/* Where the letters stand: on the line of the words around them, inside the gap. */
static void the_number_stands_on_its_line_before_the_stroke(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {7, 12, 1345, 99999};
    static const char *const texts[] = {"07", "12", "1345", "99999"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct buffer file = issued(numbers[i]);
        sheet_save(buffer_bytes(&file));
        sheet_read();
        const struct sheet_word *number = sheet_find(texts[i], "/BB-VPUBND", 0);
        const struct sheet_word *behind = number + 1;
        const struct sheet_word *before = sheet.words;
        while (strcmp(before->text, "Số:") != 0)
            before++;
        assert_near(number->top, before->top, 0.02);
        assert_near(number->bottom, before->bottom, 0.02);
        assert_between(behind->left - number->right, 0, 0.5);
        assert_true(number->left > before->right);
        buffer_done(&file);
    }
}

static void day_month_and_year_stand_in_their_gaps(void **state)
{
    (void)state;
    char day[8];
    char month[8];
    char year[8];
    struct civil civil = civil_of(place.now);
    (void)snprintf(day, sizeof day, "%02d", civil.day);
    (void)snprintf(month, sizeof month, civil.month <= 2 ? "%02d" : "%d", civil.month);
    (void)snprintf(year, sizeof year, "%d", civil.year);
    const char *const parts[] = {day, "tháng", month, "năm", year};

    struct buffer file = issued_notice();
    sheet_save(buffer_bytes(&file));
    sheet_read();
    const struct sheet_word *word = sheet_find("ngày", day, 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_string_equal(word[i + 1].text, parts[i]);
        assert_near(word[i + 1].top, word->top, 0.02);
        assert_between(word[i + 1].left - word[i].right, 0.9, 5.5);
    }
    /* As far from the word before as from the word behind. */
    assert_near(word[1].left - word[0].right, word[2].left - word[1].right, 0.3);
    assert_near(word[3].left - word[2].right, word[4].left - word[3].right, 0.3);
    buffer_done(&file);
}

/* Exchanges `from` for `to`, of the same length, in the last revision. */
static void forge_last(struct buffer *file, const char *from, const char *to)
{
    assert_int_equal(strlen(from), strlen(to));
    size_t at = forge_find(file, place.twice.size, from);
    forge_patch(file, at, to);
}

/* Before the seal, whoever holds the file may write what he likes; the verifier still sees it. */
static void a_field_that_shows_another_number_than_its_value_is_refused(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"(07) Tj", "(97) Tj"},               /* what is shown */
        {"<FEFF00300037>", "<FEFF00390037>"}, /* what the field says */
        {"<FEFF00300037>", "<FEFF00300030>"}, /* number 0 */
        {" 3.08 Td", " 9.08 Td"},             /* where it stands */
        {"/Tinos 13 Tf", "/Tinos 93 Tf"},     /* and how large */
        {"0 g ", "1 g "},                     /* or invisible */
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct buffer file = filled(buffer_bytes(&place.twice), 7);
        forge_last(&file, changes[i][0], changes[i][1]);
        struct buffer whole = sealed(buffer_bytes(&file));
        expect(buffer_bytes(&whole), "revision.filling");
        buffer_done(&whole);
        buffer_done(&file);
    }
}

static void nothing_else_rides_along_with_a_number(void **state)
{
    (void)state;
    struct buffer file = filled(buffer_bytes(&place.twice), 7);
    forge_last(&file, "/Ff 1", "/Ff 0");
    expect(buffer_bytes(&file), "revision.changed");
    buffer_done(&file);
}

static void put_orphan(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_form form;
    struct buffer object = {0};
    assert_true(pdf_form_read(map, map->revision_count - 1, &form));
    for (size_t i = 0; i < form.count; i++) {
        const struct pdf_field *field = &form.fields[i];
        if (!field->is_text)
            continue;
        uint32_t font = pdf_form_font(map, 0, fill_font(field));
        assert_int_equal(fill_write_form(field, "07", font, &object), ERR_OK);
        uint32_t number = pdf_update_reserve(update);
        pdf_update_begin_object(update, number);
        pdf_update_put(update, buffer_bytes(&object));
        pdf_update_end_object(update);
        pdf_update_begin_object(update, field->number);
        pdf_update_begin_filled(update, pdf_map_find(map, 2, field->number)->value, number);
        pdf_update_print(update, "/V ");
        pdf_text_put(update, "07");
        pdf_update_print(update, " >>");
        pdf_update_end_object(update);
        buffer_done(&object);
    }
    uint32_t orphan = pdf_update_reserve(update);
    pdf_update_begin_object(update, orphan);
    pdf_update_print(update, "<< /Hidden true >>");
    pdf_update_end_object(update);
}

static void an_object_that_the_number_does_not_need_is_refused(void **state)
{
    (void)state;
    struct buffer file = forge_update(buffer_bytes(&place.twice), put_orphan);
    expect(buffer_bytes(&file), "revision.extra");
    buffer_done(&file);
}

/* The seal's size and place are of the printed page, so they are measured on it. */
static void the_seal_has_its_true_size_and_covers_a_third_of_the_signature(void **state)
{
    (void)state;
    struct buffer file = issued(7);
    struct pdf_map map;
    struct pdf_value value;
    const char *code = NULL;
    double seal[4];
    double chair[4];
    assert_int_equal(pdf_map_parse(buffer_bytes(&file), &map, &code), ERR_OK);
    assert_true(pdf_get(forge_widget(&map, PAPER_FIELD_AGENCY)->value, "/Rect", &value) &&
                pdf_form_rect(value, seal));
    assert_true(pdf_get(forge_widget(&map, PAPER_FIELD_CHAIR)->value, "/Rect", &value) &&
                pdf_form_rect(value, chair));
    const double mm = 25.4 / 72;
    assert_near((seal[2] - seal[0]) * mm, PAPER_SEAL_SIDE_MM, 0.05);
    assert_near((seal[3] - seal[1]) * mm, PAPER_SEAL_SIDE_MM, 0.05);
    assert_true(seal[0] < chair[0]);
    assert_near((seal[2] - chair[0]) / (chair[2] - chair[0]), PAPER_SEAL_SHARE, 0.01);
    pdf_map_done(&map);

    sheet_save(buffer_bytes(&file));
    struct sheet_picture picture = sheet_draw(2);
    struct sheet_word page = {.left = 20, .top = 20, .right = 200, .bottom = 280};
    struct sheet_word drawn = sheet_bounds(&picture, page, sheet_is_red);
    assert_near(drawn.right - drawn.left, PAPER_SEAL_SIDE_MM, 0.3);
    assert_near(drawn.bottom - drawn.top, PAPER_SEAL_SIDE_MM, 0.3);
    assert_near(drawn.left, seal[0] * mm, 0.3);
    assert_near(drawn.bottom, 297 - seal[1] * mm, 0.3);
    free(picture.pixels);
    buffer_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_filled_after_the_chair_is_vouched_for_by_the_seal),
        cmocka_unit_test(number_and_date_of_a_notice_are_filled_together),
        cmocka_unit_test(until_the_seal_nobody_vouches_for_a_number),
        cmocka_unit_test(only_a_signed_paper_is_filled_and_only_once),
        cmocka_unit_test(the_number_stands_on_its_line_before_the_stroke),
        cmocka_unit_test(day_month_and_year_stand_in_their_gaps),
        cmocka_unit_test(a_field_that_shows_another_number_than_its_value_is_refused),
        cmocka_unit_test(nothing_else_rides_along_with_a_number),
        cmocka_unit_test(an_object_that_the_number_does_not_need_is_refused),
        cmocka_unit_test(the_seal_has_its_true_size_and_covers_a_third_of_the_signature),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
