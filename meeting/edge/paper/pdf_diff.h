/* What one revision changed. Three kinds are allowed, and nothing else:
 *
 *   signed    one signature into one empty field, with its picture
 *   filled    the clerk's number and date into their empty fields, as fill.h writes them
 *   archived  certificates and proofs into the document security store, and a document timestamp
 *             in a field of its own, nowhere on the page */
#ifndef MEETING_EDGE_PAPER_PDF_DIFF_H
#define MEETING_EDGE_PAPER_PDF_DIFF_H

#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_map.h"

enum pdf_change_kind { PDF_CHANGE_SIGNED, PDF_CHANGE_FILLED, PDF_CHANGE_ARCHIVED };

enum { PDF_CHANGE_FIELDS_MAX = 2 };

struct pdf_change {
    enum pdf_change_kind kind;
    struct pdf_field fields[PDF_CHANGE_FIELDS_MAX]; /* signed, filled, or the timestamp's */
    size_t count;
};

/* Compares revision `revision` (1 or later) with the one before. NULL and what it changed, or the
 * reason's code. */
const char *pdf_diff_check(const struct pdf_map *map, size_t revision,
                           struct pdf_change *ret_change);

#endif
