/* What a foreign file may not hold for its signatures to mean what they seem to: whatever acts,
 * hides, or comes from elsewhere. Named, not judged: such a file is not supported. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_BAN_H
#define MEETING_EDGE_PAPER_FOREIGN_BAN_H

#include "meeting/edge/paper/foreign_file.h"

/* NULL, or the reason's code: "unsupported.active", "unsupported.layers", "unsupported.xfa",
 * "unsupported.external", "unsupported.encrypted". Attachments and plain links are allowed. */
const char *foreign_ban_check(const struct foreign_file *file);

#endif
