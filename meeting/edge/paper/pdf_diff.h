/* What one revision changed: it may put one signature into one empty field, and nothing else. */
#ifndef MEETING_EDGE_PAPER_PDF_DIFF_H
#define MEETING_EDGE_PAPER_PDF_DIFF_H

#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_map.h"

/* Compares revision `revision` (1 or later) with the one before. NULL and the field that it signed,
 * or the reason's code. */
const char *pdf_diff_check(const struct pdf_map *map, size_t revision, struct pdf_field *ret_field);

#endif
