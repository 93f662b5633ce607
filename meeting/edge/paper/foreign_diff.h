/* What was added to a foreign file between one signature and the next, or behind the last.
 *
 * Both files are read as a whole, and every object of the older one is compared with what the newer
 * shows under its number. Between two signatures there may be
 *
 *   - the next signature or document timestamp, in a new field or in one that was empty;
 *   - what belongs to it: the lists of fields and of the page's annotations, the form's resources;
 *   - validation data in the document security store;
 *   - /Info and the document's metadata, which no page shows;
 *
 * and nothing else. Behind the last signature only validation data may stand, which proves and does
 * not show. An object that is free to change may be referred to from its place only. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_DIFF_H
#define MEETING_EDGE_PAPER_FOREIGN_DIFF_H

#include "meeting/edge/paper/foreign_form.h"
#include "meeting/edge/paper/foreign_graph.h"

/* The largest picture that a later signature may lay over a page, in square points: an eighth of
 * A4. A seal or a stamp is smaller; what hides a paragraph is not. */
enum { FOREIGN_PICTURE_AREA_MAX = 62500 };

/* `added`: the signature that ends `new`; NULL: what stands behind the last. NULL, or the reason's
 * code: "revision.changed" (pages), "revision.unsigned" (behind the last), "unsupported.changed",
 * "unsupported.picture", "verify.failed". */
const char *foreign_diff_check(const struct foreign_file *old, const struct foreign_file *new,
                               const struct foreign_signature *added);

#endif
