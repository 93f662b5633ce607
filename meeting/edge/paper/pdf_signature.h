/* One signature or document timestamp of a mapped file: its dictionary as pades.c and stamp.c write
 * it, its byte range, its CMS or token. */
#ifndef MEETING_EDGE_PAPER_PDF_SIGNATURE_H
#define MEETING_EDGE_PAPER_PDF_SIGNATURE_H

#include "base/buffer.h"
#include "base/units.h"
#include "meeting/edge/paper/pdf_map.h"

struct pdf_signature {
    uint64_t byte_range[4];
    struct bytes contents; /* the hexadecimal digits, without < and > */
    utc_ms_t at;           /* claimed; 0 of a timestamp */
};

/* Reads signature object `object`, which revision `revision` added. NULL, or the reason's code:
 * the range must end where that revision ends, and its gap be exactly the Contents. */
const char *pdf_signature_read(const struct pdf_map *map, size_t revision,
                               const struct pdf_object *object,
                               struct pdf_signature *ret_signature);

/* Likewise a document timestamp. */
const char *pdf_signature_read_stamp(const struct pdf_map *map, size_t revision,
                                     const struct pdf_object *object,
                                     struct pdf_signature *ret_signature);

/* The CMS in the Contents; all behind it must be zeros. NULL, or the reason's code. */
const char *pdf_signature_cms(const struct pdf_signature *signature, struct buffer *ret_cms);

#endif
