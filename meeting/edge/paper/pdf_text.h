/* Text strings of a file: UTF-16BE in hexadecimal with its mark (ISO 32000-2, section 7.9.2.2), the
 * one form that this house writes and reads back. */
#ifndef MEETING_EDGE_PAPER_PDF_TEXT_H
#define MEETING_EDGE_PAPER_PDF_TEXT_H

#include "base/err.h"
#include "meeting/edge/paper/pdf_update.h"

/* Puts "<FEFF…>" into the object being written. Needs: valid UTF-8. */
void pdf_text_put(struct pdf_update *update, const char *utf8);
/* The text of such a string. ERR_FORMAT: written otherwise; ERR_LIMIT: does not fit. */
MUST_USE enum err pdf_text_read(struct pdf_value value, char *ret_text, size_t capacity);

#endif
