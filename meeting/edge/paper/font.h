/* The one typeface of our papers: Tinos (fonts-croscore, metrics of Times New Roman), in its four
 * styles, and a font map that knows nothing else, so that no other font can ever be substituted.
 * Liberation Serif 1.07 and Nimbus Roman lack Vietnamese letters (signing.md, section 4). */
#ifndef MEETING_EDGE_PAPER_FONT_H
#define MEETING_EDGE_PAPER_FONT_H

#include <pango/pangocairo.h>
#include <stdbool.h>

#include "base/err.h"

#define FONT_FAMILY "Tinos"

/* A map for one document and one thread. ERR_UNKNOWN: not installed. */
MUST_USE enum err font_map_create(PangoFontMap **ret_map);
/* Accepts NULL. */
void font_map_destroy(PangoFontMap *map);

/* A context without hinting or rounding, 72 units an inch: sizes are exact, spacing even. */
PangoContext *font_context_create(PangoFontMap *map);

/* A description of Tinos; `size_pt` is the type size of the decree. Freed by
 * pango_font_description_free(). */
PangoFontDescription *font_describe(double size_pt, bool bold, bool italic);

#endif
