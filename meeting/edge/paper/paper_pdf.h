/* A paper as a PDF/A-2b file (ISO 19005-2) with empty signature fields, the clerk's text fields,
 * fonts embedded and every word copyable.
 *
 * Pure but for fontconfig, which must find Tinos (fonts-croscore); no other font is ever embedded.
 * One call, one thread; several threads may each make one. Times are written in UTC+7. The same
 * paper gives the same bytes. */
#ifndef MEETING_EDGE_PAPER_PAPER_PDF_H
#define MEETING_EDGE_PAPER_PAPER_PDF_H

#include "base/buffer.h"
#include "base/err.h"
#include "meeting/edge/paper/paper.h"

/* ERR_LIMIT when there are more pages than LIMIT_DOCUMENT_PAGES, ERR_FORMAT for text that is not
 * UTF-8, ERR_UNKNOWN when Tinos lacks a letter that is used, ERR_IO when it is not installed,
 * ERR_NO_MEMORY. */
MUST_USE enum err paper_pdf_write(const struct paper *paper, struct buffer *ret_pdf);

#endif
