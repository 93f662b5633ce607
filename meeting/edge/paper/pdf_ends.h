/* Where a reader may see an end of a PDF: behind each "startxref N %%EOF", and where the file ends.
 * What stands before such a place is a file of its own, as it was once saved; a viewer shows it by
 * taking no more than that. No judgement: that is pdf_map.h's. Pure. */
#ifndef MEETING_EDGE_PAPER_PDF_ENDS_H
#define MEETING_EDGE_PAPER_PDF_ENDS_H

#include <stddef.h>

#include "base/bytes.h"

/* Oldest first, rising; the last is always the file's. Gives how many of `most` (at least 1) were
 * filled: of more ends than that, the newest before the file's own are left out. 0: empty. */
size_t pdf_ends_find(struct bytes file, size_t *ret_ends, size_t most);

#endif
