/* One signature's dictionary in a foreign file, and the bytes that it speaks of; for foreign_form.c
 * alone. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_SIGNATURE_H
#define MEETING_EDGE_PAPER_FOREIGN_SIGNATURE_H

#include "meeting/edge/paper/foreign_form.h"

/* Fills what the dictionary `signature->number` says. NULL, or the reason's code. */
const char *foreign_signature_read(const struct foreign_file *file,
                                   struct foreign_signature *signature);

/* A date of PDF (ISO 32000-2, section 7.9.4): "D:YYYYMMDDHHmmSSOHH'mm'", all behind the year
 * optional. ERR_FORMAT. */
MUST_USE enum err foreign_date_parse(struct bytes text, utc_ms_t *ret_at);

#endif
