/* A PDF of whatever make, as qpdf reads it without repair: every object by its number, in qpdf's
 * spelling (foreign_text.h), for looking at as often as one likes.
 *
 * A warning of qpdf's is a refusal: where a reader has to guess, another one may guess otherwise.
 * Only generation 0 exists here; what has another is not found, and nothing may refer to it. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_FILE_H
#define MEETING_EDGE_PAPER_FOREIGN_FILE_H

#include <qpdf/qpdf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "meeting/edge/paper/foreign_text.h"

enum { FOREIGN_OBJECTS_MAX = 400000, FOREIGN_TEXT_BYTES_MAX = 256 * 1024 * 1024 };

struct foreign_object {
    size_t start; /* in `texts` */
    size_t size;
    bool is_stream; /* its text is the stream's dictionary */
};

struct foreign_file {
    struct bytes bytes; /* borrowed */
    qpdf_data qpdf;
    struct buffer texts;
    struct foreign_object *objects; /* by number */
    uint32_t count;                 /* numbers are below it */
    struct foreign_object trailer;
    uint32_t root;
};

/* NULL, or the reason's code: "pdf.damaged", "unsupported.irregular", "unsupported.encrypted",
 * "unsupported.large", "verify.failed". To be ended by foreign_file_done() in any case. */
const char *foreign_file_open(struct bytes bytes, struct foreign_file *ret_file);
void foreign_file_done(struct foreign_file *file);

/* "null" when there is no such object. Valid until the file is done. */
struct foreign_value foreign_file_object(const struct foreign_file *file, uint32_t number);
struct foreign_value foreign_file_trailer(const struct foreign_file *file);
/* What a reference leads to; anything else is itself. */
struct foreign_value foreign_file_follow(const struct foreign_file *file,
                                         struct foreign_value value);
/* foreign_get(), followed; both of them may be references. */
struct foreign_value foreign_file_get(const struct foreign_file *file,
                                      struct foreign_value dictionary, const char *key);
bool foreign_file_is_stream(const struct foreign_file *file, uint32_t number);
/* A stream's bytes, as they stand in the file or with its filters undone. ERR_FORMAT; ERR_LIMIT:
 * more than `most`. */
enum foreign_stream_form { FOREIGN_RAW, FOREIGN_DECODED };
MUST_USE enum err foreign_file_stream(const struct foreign_file *file, uint32_t number,
                                      enum foreign_stream_form form, size_t most,
                                      struct buffer *ret_bytes);
/* The string under `key` of object `number`: as bytes, or as UTF-8 text. ERR_UNKNOWN: there is
 * none. */
enum foreign_string_form { FOREIGN_BINARY, FOREIGN_UTF8 };
MUST_USE enum err foreign_file_string(const struct foreign_file *file, uint32_t number,
                                      const char *key, enum foreign_string_form form,
                                      struct buffer *ret_bytes);
/* Whether qpdf had to guess at anything that was asked since. */
bool foreign_file_is_regular(const struct foreign_file *file);

#endif
