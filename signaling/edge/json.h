/* JSON at the door: bounded before it is parsed, strict about members, ids as decimal strings. */
#ifndef SIGNALING_EDGE_JSON_H
#define SIGNALING_EDGE_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"

/* One JSON object. ERR_LIMIT over LIMIT_JSON_BYTES or LIMIT_JSON_DEPTH, ERR_FORMAT when it is no
 * JSON object, holds a name twice, or is not UTF-8. */
MUST_USE enum err json_read(struct bytes text, json_t **ret_object);
/* ERR_UNKNOWN when `object` has a member whose name is not in the NULL-ended list. */
MUST_USE enum err json_only(const json_t *object, const char *const *names);

/* Each: ERR_FORMAT when the member is missing or of another type. Texts are the object's. */
MUST_USE enum err json_text(const json_t *object, const char *name, const char **ret_text);
MUST_USE enum err json_flag(const json_t *object, const char *name, bool *ret_flag);
/* Whole and within 0 … `most`. */
MUST_USE enum err json_number(const json_t *object, const char *name, uint64_t most,
                              uint64_t *ret_number);

/* An id as a string; 0 becomes null. */
json_t *json_of_id(uint64_t id);
/* A time; 0 becomes null. */
json_t *json_of_time(utc_ms_t at);
/* Text; "" and NULL become null. */
json_t *json_of_optional(const char *text);
/* Compact text with jansson's own allocation, to be freed; NULL without memory. */
char *json_write(const json_t *json);

#endif
