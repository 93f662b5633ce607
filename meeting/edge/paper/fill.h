/* What the clerk writes into an empty text field, and how it looks: a form XObject that shows it in
 * the gaps which the layout left, in the digits that the paper embeds for this (paper_pdf.c puts
 * them into the form's resources before anybody signs).
 *
 * Value and field determine every byte of it. So the verifier writes it again and compares: nothing
 * can be shown but the value. Pure. */
#ifndef MEETING_EDGE_PAPER_FILL_H
#define MEETING_EDGE_PAPER_FILL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/units.h"
#include "meeting/edge/paper/pdf_form.h"

enum { FILL_TEXT_BYTES = 96 };

/* Names of the digits' fonts in the form's resources: upright for the number, italic for dates. */
#define FILL_FONT_UPRIGHT "/Tinos"
#define FILL_FONT_ITALIC "/TinosItalic"

/* What a field shows, as text: "07"; "ngày 05 tháng 01 năm 2026". ERR_UNKNOWN: not a field that the
 * clerk fills; ERR_FORMAT: number 0 or above FILL_NUMBER_MAX. */
enum { FILL_NUMBER_MAX = 99999 };
MUST_USE enum err fill_write_value(const struct pdf_field *field, uint32_t number, utc_ms_t date,
                                   char ret_text[FILL_TEXT_BYTES]);
/* Whether `text` is one that fill_write_value() gives for this field. */
bool fill_is_value(const struct pdf_field *field, const char *text);

/* The font's name for a field; NULL when the clerk does not fill it. */
const char *fill_font(const struct pdf_field *field);
/* The form XObject for a value of this field: dictionary and stream, without "obj" and "endobj".
 * `font` is its object's number. Needs: fill_is_value(). */
MUST_USE enum err fill_write_form(const struct pdf_field *field, const char *text, uint32_t font,
                                  struct buffer *ret_object);

#endif
