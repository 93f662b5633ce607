/* An agency's round seal as a drawing, for agencies that gave no picture of theirs: two red rings,
 * the agency's name between them, a star in the middle. Lettering is drawn as outlines: it is a
 * picture and not text, and needs no font in the file. */
#ifndef MEETING_EDGE_PAPER_SEAL_H
#define MEETING_EDGE_PAPER_SEAL_H

#include "meeting/edge/paper/typeset.h"

/* Draws the seal of `side` points into the square from (0, 0); errors are the set's. */
void seal_draw(struct typeset *set, cairo_t *cr, const char *agency, double side);

#endif
