/* JSON objects to and from structs, by a table: the one place where members are checked.
 *
 * A shape lists the members of an object and where each lies in a struct. Reading is strict (see
 * event_json.h); what reading accepts, writing gives back. */
#ifndef MEETING_PROTO_JSON_SHAPE_H
#define MEETING_PROTO_JSON_SHAPE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "meeting/proto/arena.h"
#include "meeting/proto/words.h"

enum shape_type {
    SHAPE_ID,          /* uint64_t; "1" to "9223372036854775807" */
    SHAPE_ID_OR_NULL,  /* uint64_t; null is 0 */
    SHAPE_ID_OPTIONAL, /* uint64_t; null or missing is 0; written as null */
    SHAPE_TEXT,        /* const char *; one line, 1 to `limit` bytes */
    SHAPE_TEXT_ANY,    /* const char *; one line, 0 to `limit` bytes */
    SHAPE_LINES,       /* const char *; 1 to `limit` bytes, may hold newlines */
    SHAPE_LINES_ANY,
    SHAPE_HEX256,       /* const char *; 64 lower-case hexadecimal digits */
    SHAPE_U32,          /* uint32_t; 0 to `limit` */
    SHAPE_U32_OPTIONAL, /* missing is 0; always written */
    SHAPE_U53,          /* uint64_t; what a JSON number holds exactly */
    SHAPE_TIME,         /* utc_ms_t; not negative */
    SHAPE_BOOL,         /* bool */
    SHAPE_FLAG,         /* bool; false is left out */
    SHAPE_WORD,         /* uint32_t; one of `words` */
    SHAPE_OBJECT,       /* a struct of `shape` in place */
    SHAPE_LIST,         /* pointer to structs of `shape`, at most `limit`; uint32_t count */
    SHAPE_ID_LIST,      /* pointer to uint64_t, at most `limit`; uint32_t count */
};

struct shape_field {
    const char *name;
    enum shape_type type;
    uint32_t limit;
    size_t offset;
    size_t count_offset;
    const struct word_list *words;
    const struct shape *shape;
};

struct shape {
    size_t size; /* of the struct */
    uint32_t field_count;
    const struct shape_field *fields;
};

/* ERR_FORMAT unless `bytes` are one JSON object without doubled members. The caller's:
 * json_decref(). */
MUST_USE enum err shape_load(struct bytes bytes, json_t **ret_object);

/* Reads `object` into the zeroed struct at `out`; texts and lists live in `arena`. ERR_FORMAT,
 * ERR_LIMIT, ERR_UNKNOWN (a member or word that does not exist), ERR_NO_MEMORY. `ret_where` (may be
 * NULL) is set to the offending member's name, in `arena` or static, when the result is an error.
 */
MUST_USE enum err shape_read(const struct shape *shape, const json_t *object, struct arena *arena,
                             void *out, const char **ret_where);

/* Writes the struct at `in` as an object. ERR_FORMAT, ERR_LIMIT, ERR_NO_MEMORY. */
MUST_USE enum err shape_write(const struct shape *shape, const void *in, json_t **ret_object);

#endif
