/* The second profile of the verifier: signed PDFs that other software made (Adobe, VGCA Sign
 * Service, PDFBox, poppler). Order:
 *   1. qpdf reads the file without repair and without a warning
 *   2. nothing in it acts, hides or comes from elsewhere (foreign_ban.h)
 *   3. each signature's dictionary and range, held against the bytes (foreign_form.h)
 *   4. what was added from one signature to the next, and behind the last (foreign_diff.h)
 *   5. document timestamps, newest first; then each CMS, its timestamp and its chain at the time
 *      that they vouch for; revocation as far as the file proves it
 *
 * Three answers: valid; invalid, when something is wrong; not supported, when this program cannot
 * say. Whatever is wrong outweighs what cannot be said. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_VERIFY_H
#define MEETING_EDGE_PAPER_FOREIGN_VERIFY_H

#include "meeting/edge/paper/pdf_verify.h"

enum { FOREIGN_REVISIONS_MAX = 64, FOREIGN_READ_BYTES_MAX = 256 * 1024 * 1024 };

/* Judges `file` as of time `at`, whoever made it. Needs: *report is zeroed but for its hash. */
void foreign_verify(struct bytes file, const struct certs_trust *trust, utc_ms_t at,
                    struct verify_report *report);

#endif
