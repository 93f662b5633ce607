/* The map of a file that this house wrote: its revisions, and every object of each.
 *
 *   %PDF-1.7 ─┬─ objects of revision 0 ─ xref ─ trailer ─ startxref ─ %%EOF
 *             ├─ objects of revision 1 ─ xref ─ trailer (Prev) ─ startxref ─ %%EOF
 *             └─ …                                                            the file's end
 *
 * Every byte belongs to exactly one of these: objects lie end to end, each listed once by the
 * cross-reference table of its own revision, so that nothing can hide between them. Only tables
 * (no cross-reference streams), generation 0 and no freed objects. */
#ifndef MEETING_EDGE_PAPER_PDF_MAP_H
#define MEETING_EDGE_PAPER_PDF_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"
#include "meeting/edge/paper/pdf_scan.h"

enum { PDF_REVISIONS_MAX = LIMIT_SIGNATURES_PER_FILE + 1 };

struct pdf_revision {
    size_t start; /* its first byte */
    size_t xref;  /* of its "xref" */
    size_t end;   /* behind its "%%EOF\n" */
    size_t first; /* its objects: index and number in pdf_map.objects, by offset */
    size_t count;
    uint32_t size; /* one more than the highest object number so far */
    struct pdf_value trailer;
};

struct pdf_map {
    struct bytes file;                                /* borrowed */
    struct pdf_revision revisions[PDF_REVISIONS_MAX]; /* oldest first */
    size_t revision_count;
    struct pdf_object *objects;
    size_t object_count;
    size_t object_bytes; /* of all of them */
    uint32_t root;       /* the catalogue's number, the same in all revisions */
};

/* On failure *ret_code names the reason (reason.h: "pdf.structure", "pdf.trailing", "pdf.hidden"),
 * or is NULL with ERR_NO_MEMORY. */
MUST_USE enum err pdf_map_parse(struct bytes file, struct pdf_map *ret_map, const char **ret_code);
void pdf_map_done(struct pdf_map *map);

/* Object `number` as revision `revision` shows it; NULL when it does not exist yet. */
const struct pdf_object *pdf_map_find(const struct pdf_map *map, size_t revision, uint32_t number);
/* The object that `value` refers to, or NULL when it is no reference or leads nowhere. */
const struct pdf_object *pdf_map_follow(const struct pdf_map *map, size_t revision,
                                        struct pdf_value value);

#endif
