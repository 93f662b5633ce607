/* Empty form fields, put into a finished layout before anybody signs (ISO 32000-2, sections 12.7
 * and 12.8): later revisions only fill them. Each has an appearance that shows nothing, as PDF/A
 * wants one of every annotation (ISO 19005-2, section 6.3.3). */
#ifndef MEETING_EDGE_PAPER_FIELDS_H
#define MEETING_EDGE_PAPER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "meeting/edge/paper/archive.h"

struct field_place {
    const char *name;    /* /T: ASCII */
    const char *tooltip; /* /TU: UTF-8, what screen readers say */
    bool text;           /* a text field that only we fill; else a signature */
    uint32_t page;       /* from 0 */
    double rect[4];      /* left, bottom, right, top in points from the page's bottom left */
};

/* Rewrites `pdf` as one plain revision (PDF 1.7, cross-reference table, no object streams) with
 * the fields in it; as PDF/A-2b when `facts` describe it (NULL: a file only to be copied from). The
 * same input gives the same bytes. When there are text fields, the last page of `pdf` shows nothing
 * but the digits to fill them with: it is taken out, and its fonts become the form's (fill.h).
 * ERR_FORMAT: not a PDF of that many pages. */
MUST_USE enum err fields_add(struct bytes pdf, const struct field_place *places, size_t count,
                             const struct archive_facts *facts, struct buffer *ret_pdf);

#endif
