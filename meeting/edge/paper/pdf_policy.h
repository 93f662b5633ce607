/* What a paper may hold before its first signature: pages with text and pictures, and empty
 * signature fields. Lists of what is allowed, not of what is not; besides, no object may be there
 * that nothing uses. */
#ifndef MEETING_EDGE_PAPER_PDF_POLICY_H
#define MEETING_EDGE_PAPER_PDF_POLICY_H

#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_map.h"

/* NULL when revision 0 is as it should be, else the code of the reason. */
const char *pdf_policy_check(const struct pdf_map *map, const struct pdf_form *form,
                             uint32_t *ret_pages);

/* Whether each key of a dictionary is in `allowed` (NULL-terminated). */
bool pdf_policy_keys(struct pdf_value dictionary, const char *const *allowed);

#endif
