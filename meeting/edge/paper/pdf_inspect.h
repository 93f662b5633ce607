/* Whether an uploaded file is a PDF that we take: it parses, is not encrypted, and its pages are
 * countable and few enough. Nothing is repaired but a damaged cross-reference table, which readers
 * repair too. Runs on bytes of strangers: the server calls it in the sandboxed child (sandbox.h).
 */
#ifndef MEETING_EDGE_PAPER_PDF_INSPECT_H
#define MEETING_EDGE_PAPER_PDF_INSPECT_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "meeting/edge/paper/reason.h"

struct pdf_inspection {
    const struct paper_reason *refusal; /* NULL: taken; document.not_pdf, document.encrypted,
                                           document.too_large, document.too_many_pages */
    uint32_t pages;                     /* 0 when refused */
};

void pdf_inspect(struct bytes file, struct pdf_inspection *ret_inspection);

/* {"refusal":"document.…"|null,"pages":n}: what the child answers its parent. */
MUST_USE enum err pdf_inspect_write_json(const struct pdf_inspection *inspection,
                                         struct buffer *ret_json);
MUST_USE enum err pdf_inspect_parse_json(struct bytes json, struct pdf_inspection *ret_inspection);

#endif
