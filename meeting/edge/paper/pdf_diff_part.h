/* The three kinds of change that a revision may be, one checker each; for pdf_diff.c alone. Each
 * gives NULL, or the code of the reason. */
#ifndef MEETING_EDGE_PAPER_PDF_DIFF_PART_H
#define MEETING_EDGE_PAPER_PDF_DIFF_PART_H

#include "meeting/edge/paper/pdf_diff.h"

const char *pdf_diff_check_signed(const struct pdf_map *map, size_t revision,
                                  const struct pdf_field *field);
const char *pdf_diff_check_filled(const struct pdf_map *map, size_t revision,
                                  const struct pdf_change *change);
/* `ordinal`: of the file's timestamps, from 1. */
const char *pdf_diff_check_archived(const struct pdf_map *map, size_t revision,
                                    const struct pdf_field *stamp, size_t ordinal);

/* Whether `new` is exactly these pieces, one after the other. */
bool pdf_diff_is(struct bytes text, const struct bytes *pieces, size_t count);
/* Whether `new` is `old` with `more` before its end. */
bool pdf_diff_is_extended(const struct pdf_object *old, const struct pdf_object *new,
                          const char *more);
/* Whether `new` is the empty field `old` with the appearance `form` and `more` at its end. */
bool pdf_diff_is_filled(const struct pdf_object *old, const struct pdf_object *new, uint32_t form,
                        const char *more);
/* The number of the appearance that a filled widget shows; 0 if it has none. */
uint32_t pdf_diff_form(const struct pdf_object *widget);

#endif
