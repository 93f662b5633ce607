/* What makes a file of cairo's a PDF/A-2b file (ISO 19005-2), for fields.c: metadata as XMP and in
 * /Info alike, the colour profile as output intent, CIDToGIDMap in the fonts; page groups, which
 * only transparency needs, are taken out. */
#ifndef MEETING_EDGE_PAPER_ARCHIVE_H
#define MEETING_EDGE_PAPER_ARCHIVE_H

#include <qpdf/qpdf-c.h>

#include "base/err.h"
#include "base/units.h"

#define ARCHIVE_PRODUCER "Diên Hồng" /* what our files call their maker, in /Info and XMP */

struct archive_facts {
    const char *title;
    const char *author;
    utc_ms_t made_at;
};

/* On every file, also one that is only to be copied into another. */
void archive_mend_fonts(qpdf_data qpdf);
/* On a document of its own. ERR_NO_MEMORY. */
MUST_USE enum err archive_describe(qpdf_data qpdf, const struct archive_facts *facts);

#endif
