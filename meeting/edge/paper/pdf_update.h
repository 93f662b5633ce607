/* An incremental update (ISO 32000-2, section 7.5.6): the old bytes untouched, then new and changed
 * objects, their cross-reference table and a trailer that leads back. Written so that pdf_map can
 * read it: objects end to end, generation 0, /ID and /Info kept.
 *
 * Failure is sticky; pdf_update_finish() tells. */
#ifndef MEETING_EDGE_PAPER_PDF_UPDATE_H
#define MEETING_EDGE_PAPER_PDF_UPDATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "meeting/edge/paper/pdf_map.h"

enum { PDF_UPDATE_OBJECTS_MAX = 256 };

struct pdf_update {
    const struct pdf_map *map; /* of the file as it was; borrowed */
    struct buffer out;
    struct {
        uint32_t number;
        size_t offset;
    } entries[PDF_UPDATE_OBJECTS_MAX];
    size_t entry_count;
    uint32_t next; /* the next free object number */
    enum err err;
};

/* Begins with a copy of the mapped file. Always to be ended by pdf_update_done(). */
void pdf_update_init(struct pdf_update *update, const struct pdf_map *map);
void pdf_update_done(struct pdf_update *update);

/* A new object's number, to refer to before it is written. Each must be written once. */
uint32_t pdf_update_reserve(struct pdf_update *update);
/* "N 0 obj\n" … "\nendobj\n"; what stands between is put by the caller. */
void pdf_update_begin_object(struct pdf_update *update, uint32_t number);
void pdf_update_end_object(struct pdf_update *update);
void pdf_update_put(struct pdf_update *update, struct bytes bytes);
__attribute__((format(printf, 2, 3))) void pdf_update_print(struct pdf_update *update,
                                                            const char *format, ...);
/* A dictionary as it was, with more entries behind its own: `more` is "/Key value /Key value". */
void pdf_update_put_extended(struct pdf_update *update, struct pdf_value dictionary,
                             const char *more);
/* A field's dictionary, filled: its appearance `form` in place of the empty one, and `more` at its
 * end. ERR_FORMAT (sticky) when it has no appearance. */
void pdf_update_put_filled(struct pdf_update *update, struct pdf_value field, uint32_t form,
                           const char *more);
/* Likewise without an end, for the caller to put more entries and " >>". */
void pdf_update_begin_filled(struct pdf_update *update, struct pdf_value field, uint32_t form);
/* A dictionary with `more` as the last items of its array `key`. ERR_FORMAT (sticky) when it has no
 * such array. */
void pdf_update_put_listed(struct pdf_update *update, struct pdf_value dictionary, const char *key,
                           const char *more);

/* Writes table and trailer and hands the whole file over. */
MUST_USE enum err pdf_update_finish(struct pdf_update *update, struct buffer *ret_file);

/* Copies values of another file, and every object that they lead to, under new numbers. */
struct pdf_copy {
    const struct pdf_map *from;
    struct pdf_update *to;
    uint32_t old_numbers[PDF_UPDATE_OBJECTS_MAX];
    uint32_t new_numbers[PDF_UPDATE_OBJECTS_MAX];
    size_t count;
    size_t written;
};

/* Puts `value` into the object being written. */
void pdf_copy_value(struct pdf_copy *copy, struct pdf_value value);
/* Writes the objects that values put so far lead to. */
void pdf_copy_finish(struct pdf_copy *copy);

#endif
