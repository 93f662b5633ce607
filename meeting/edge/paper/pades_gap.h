/* ByteRange and Contents of a signature or timestamp: room left while a revision is written, and
 * filled when the CMS or the token has come. */
#ifndef MEETING_EDGE_PAPER_PADES_GAP_H
#define MEETING_EDGE_PAPER_PADES_GAP_H

#include "meeting/edge/paper/pades.h"
#include "meeting/edge/paper/pdf_update.h"

/* Where the file is patched once its length is known. */
struct pades_gap {
    size_t byte_range; /* of the numbers behind "[0 " */
    size_t contents;   /* of the '<' */
    size_t bytes;      /* of room: half as many as digits */
};

/* Puts "/ByteRange [0 …] /Contents <000…>" into the object being written, the revision's last.
 * Needs: `bytes` is a multiple of 32. */
void pades_gap_put(struct pdf_update *update, size_t bytes, struct pades_gap *ret_gap);
/* Ends the revision, writes the range and hashes it. */
MUST_USE enum err pades_gap_close(struct pdf_update *update, const struct pades_gap *gap,
                                  struct pades_prepared *ret_prepared);
/* Puts `value` into the zero-filled gap of `bytes`, in place. ERR_FORMAT: there is none; ERR_LIMIT:
 * it does not fit. */
MUST_USE enum err pades_gap_fill(struct buffer *file, const uint64_t byte_range[4], size_t bytes,
                                 struct bytes value);
/* The DER value in a filled gap. ERR_FORMAT: there is none. */
MUST_USE enum err pades_gap_read(struct bytes file, const uint64_t byte_range[4], size_t bytes,
                                 struct buffer *ret_value);
/* Puts a longer value in place of the one that is there. ERR_LIMIT; ERR_FORMAT: it is shorter. */
MUST_USE enum err pades_gap_replace(struct buffer *file, const uint64_t byte_range[4], size_t bytes,
                                    struct bytes value);
/* The size of the DER value at the beginning of `der`, 0 when its header is not whole; only the
 * outermost length is read. */
size_t pades_gap_der_size(struct bytes der);

#endif
