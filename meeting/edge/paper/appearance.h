/* What a signature looks like on the page (Nghị định 30/2020, Appendix I, II.7 and II.8): of a
 * person the name in blue and when it was made, of an agency its seal in red, at its true size.
 * Drawn by cairo as a page of its own, then copied into the signed file as a form XObject. */
#ifndef MEETING_EDGE_PAPER_APPEARANCE_H
#define MEETING_EDGE_PAPER_APPEARANCE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/units.h"
#include "meeting/edge/paper/pdf_update.h"

struct appearance {
    const char *name;
    utc_ms_t at;
    double width; /* of the field, in points */
    double height;
    bool seal; /* of an agency */
};

/* Writes the form XObject and all it needs into `update`; gives its object number. ERR_UNKNOWN:
 * Tinos lacks a letter; ERR_IO: it is not installed; ERR_FORMAT: a text is not UTF-8. */
MUST_USE enum err appearance_write(const struct appearance *appearance, struct pdf_update *update,
                                   uint32_t *ret_number);

#endif
