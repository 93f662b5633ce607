#include "meeting/edge/paper/fill.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/numeral.h"
#include "meeting/edge/paper/paper.h"

#define POINTS_PER_MM (72.0 / 25.4)
#define SIZE 13.0
#define DIGIT_WIDTH (0.5 * SIZE) /* of every digit in Tinos, upright and italic */
/* From the line's bottom to where the letters stand: typeset_draw_line() for a line of 13. */
#define BASELINE 3.08
#define NUMBER_MARGIN 0.6 /* from the number's last digit to the "/" behind the gap */
/* What the words before the gaps of the date take, in Tinos Italic of 13. */
#define DAY_WORD_WIDTH (2.194 * SIZE)   /* "ngày " */
#define MONTH_WORD_WIDTH (2.778 * SIZE) /* " tháng " */
#define YEAR_WORD_WIDTH (2.222 * SIZE)  /* " năm " */
#define ZONE_MS INT64_C(25200000)       /* UTC+7 */

enum { CONTENT_BYTES = 256, NUMBER_DIGITS_MAX = 5 };

static bool is_number(const struct pdf_field *field)
{
    return field->is_text && strcmp(field->name, PAPER_FIELD_NUMBER) == 0;
}

static bool is_date(const struct pdf_field *field)
{
    return field->is_text && strcmp(field->name, PAPER_FIELD_DATE) == 0;
}

const char *fill_font(const struct pdf_field *field)
{
    return is_number(field) ? FILL_FONT_UPRIGHT : is_date(field) ? FILL_FONT_ITALIC : NULL;
}

enum err fill_write_value(const struct pdf_field *field, uint32_t number, utc_ms_t date,
                          char ret_text[FILL_TEXT_BYTES])
{
    _Static_assert((int)FILL_TEXT_BYTES >= (int)CIVIL_TEXT_BYTES &&
                       (int)FILL_TEXT_BYTES >= (int)NUMERAL_TEXT_BYTES,
                   "both texts fit");
    if (is_date(field)) {
        civil_write_date(date, ret_text);
        return ERR_OK;
    }
    if (!is_number(field))
        return ERR_UNKNOWN;
    if (number == 0 || number > FILL_NUMBER_MAX)
        return ERR_FORMAT;
    numeral_write_number(number, ret_text);
    return ERR_OK;
}

/* -- reading a value back ------------------------------------------------------------------------
 */

static bool reads_number(const char *text)
{
    char again[NUMERAL_TEXT_BYTES];
    uint32_t number = 0;
    size_t size = strlen(text);
    if (size == 0 || size > NUMBER_DIGITS_MAX || strspn(text, "0123456789") != size)
        return false;
    for (size_t i = 0; i < size; i++)
        number = 10 * number + (uint32_t)(text[i] - '0');
    numeral_write_number(number, again);
    return number > 0 && strcmp(again, text) == 0;
}

/* Day, month and year of a text that civil_write_date() gave, as digits. */
struct date_digits {
    char day[3];
    char month[3];
    char year[5];
};

static bool reads_date(const char *text, struct date_digits *ret_digits)
{
    char again[CIVIL_TEXT_BYTES];
    struct date_digits digits;
    struct tm tm = {0};
    if (strlen(text) >= sizeof again ||
        sscanf(text, "ngày %2[0-9] tháng %2[0-9] năm %4[0-9]", digits.day, digits.month,
               digits.year) != 3 ||
        sscanf(text, "ngày %d tháng %d năm %d", &tm.tm_mday, &tm.tm_mon, &tm.tm_year) != 3)
        return false;
    tm.tm_mon -= 1;
    tm.tm_year -= 1900;
    civil_write_date((utc_ms_t)timegm(&tm) * 1000 - ZONE_MS, again);
    *ret_digits = digits;
    return strcmp(again, text) == 0;
}

bool fill_is_value(const struct pdf_field *field, const char *text)
{
    struct date_digits digits;
    return is_number(field) ? reads_number(text) : is_date(field) && reads_date(text, &digits);
}

/* -- the form ------------------------------------------------------------------------------------
 */

/* Digits in the middle of a gap that begins at `*x`; behind it, `*x` is the gap's end. */
static size_t put_digits(char *content, size_t at, const char *digits, double gap_mm, double *x,
                         double *pen)
{
    double gap = gap_mm * POINTS_PER_MM;
    double begin = *x + (gap - DIGIT_WIDTH * (double)strlen(digits)) / 2;
    int size = snprintf(content + at, CONTENT_BYTES - at, " %.2f %.2f Td (%s) Tj", begin - *pen,
                        *pen > 0 ? 0.0 : BASELINE, digits);
    *pen = begin;
    *x += gap;
    return at + (size_t)size;
}

static void write_content(const struct pdf_field *field, const char *text,
                          char ret_content[CONTENT_BYTES])
{
    char *content = ret_content;
    size_t at = (size_t)snprintf(content, CONTENT_BYTES, "/Tx BMC q BT %s %.0f Tf 0 g",
                                 fill_font(field), SIZE);
    struct date_digits digits;
    if (is_number(field)) {
        /* Close to the "/" that follows, as one would write it. */
        double x = field->width - NUMBER_MARGIN - DIGIT_WIDTH * (double)strlen(text);
        at += (size_t)snprintf(content + at, CONTENT_BYTES - at, " %.2f %.2f Td (%s) Tj", x,
                               BASELINE, text);
    } else if (reads_date(text, &digits)) {
        double pen = 0;
        double x = DAY_WORD_WIDTH;
        at = put_digits(content, at, digits.day, PAPER_DAY_GAP_MM, &x, &pen);
        x += MONTH_WORD_WIDTH;
        at = put_digits(content, at, digits.month, PAPER_MONTH_GAP_MM, &x, &pen);
        x += YEAR_WORD_WIDTH;
        at = put_digits(content, at, digits.year, PAPER_YEAR_GAP_MM, &x, &pen);
    }
    (void)snprintf(content + at, CONTENT_BYTES - at, " ET Q EMC");
}

enum err fill_write_form(const struct pdf_field *field, const char *text, uint32_t font,
                         struct buffer *ret_object)
{
    char content[CONTENT_BYTES];
    char object[2 * CONTENT_BYTES];
    write_content(field, text, content);
    int size =
        snprintf(object, sizeof object,
                 "<< /BBox [ 0 0 %.2f %.2f ] /Length %zu /Resources << /Font << %s %u 0 R "
                 ">> >> /Subtype /Form /Type /XObject >>\nstream\n%s\nendstream",
                 field->width, field->height, strlen(content), fill_font(field), font, content);
    if (size < 0 || (size_t)size >= sizeof object)
        return ERR_LIMIT;
    struct buffer written = {0};
    enum err err = buffer_put(&written, (struct bytes){(const uint8_t *)object, (size_t)size});
    if (err == ERR_OK)
        *ret_object = written;
    return err;
}
