/* The colour space of our papers as an ICC profile: sRGB (IEC 61966-2-1), a display profile of
 * three primaries and a curve after ICC.1:2001-04 (version 2.4), which PDF/A of every part takes.
 * Written from the standard's own numbers, so nothing of anybody else's is embedded. Pure. */
#ifndef MEETING_EDGE_PAPER_ICC_H
#define MEETING_EDGE_PAPER_ICC_H

#include "base/buffer.h"
#include "base/err.h"

#define ICC_SRGB_NAME "sRGB IEC61966-2.1"

/* Appends the profile, always the same bytes. ERR_NO_MEMORY. */
MUST_USE enum err icc_write_srgb(struct buffer *profile);

#endif
