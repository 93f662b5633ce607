/* Document timestamps (ETSI EN 319 142-1, section 5.4.3; ISO 32000-2, section 12.8.5) and the
 * validation data that they seal: one revision puts what is new into the document security store
 * and leaves room for the token of a timestamp over the whole file as it then is.
 *
 *   stamp_prepare()   the file, and the digest that the authority is asked to stamp
 *   stamp_complete()  its token into the gap
 *
 * After that, all signatures before it are known to have existed at the token's time, whatever
 * becomes of their keys; before the authority's own certificate ends, a further one follows. The
 * field of a timestamp lies nowhere on the page. Pure; any thread. */
#ifndef MEETING_EDGE_PAPER_STAMP_H
#define MEETING_EDGE_PAPER_STAMP_H

#include <stddef.h>

#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pdf_map.h"

/* Room for a token: 4.7 kB with an RSA key of 4096 bits and one intermediate certificate. */
enum { STAMP_CONTENTS_BYTES = 6144, STAMP_FIELD_BYTES = 192 };

struct stamp_material {
    const struct bytes *certificates; /* DER; what the file holds already is not added again */
    size_t certificate_count;
    const struct bytes *crls;
    size_t crl_count;
    const struct bytes *ocsps;
    size_t ocsp_count;
};

/* ERR_FORMAT when the file is not one that this house made or has no signature; ERR_LIMIT when it
 * has as many revisions as it may. */
MUST_USE enum err stamp_prepare(struct bytes pdf, const struct stamp_material *material,
                                struct pades_prepared *ret_prepared);
/* In place. ERR_LIMIT: the token does not fit; ERR_FORMAT: the range is not an empty gap. */
MUST_USE enum err stamp_complete(struct buffer *file, const uint64_t byte_range[4],
                                 struct bytes token);

/* -- how it is written, for the verifier to compare ----------------------------------------------
 */

/* The field of timestamp `ordinal` (from 1) in the page object `page`, with its value. */
void stamp_write_field(size_t ordinal, uint32_t page, uint32_t value,
                       char ret_text[STAMP_FIELD_BYTES]);
/* Where its field is listed: the page of the form's first field, and the form. 0: the file has
 * none. */
uint32_t stamp_page(const struct pdf_map *map, size_t revision);
uint32_t stamp_form(const struct pdf_map *map, size_t revision);

#endif
