/* How many pages a PDF has, as qpdf reads it. */
#ifndef MEETING_EDGE_PAPER_PDF_PAGES_H
#define MEETING_EDGE_PAPER_PDF_PAGES_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum pdf_pages_mode {
    PDF_PAGES_STRICT, /* no recovery, and no warning */
    PDF_PAGES_REPAIR, /* a damaged cross-reference table is rebuilt */
};

/* ERR_FORMAT: not readable that way; ERR_FORBIDDEN: encrypted. */
MUST_USE enum err pdf_pages_count(struct bytes file, enum pdf_pages_mode mode, uint32_t *ret_pages);

#endif
