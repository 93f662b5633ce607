/* The lines of a session description one by one, and the words within a line (RFC 8866, section 5).
 *
 * sdp_lines_check() has to pass once; afterwards walking cannot fail. Borrows the text. Pure. */
#ifndef SFU_PROTO_SDP_LINE_H
#define SFU_PROTO_SDP_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

struct sdp_line {
    uint32_t number; /* from 1 */
    char type;
    struct bytes value; /* behind "x=", without the line end */
};

struct sdp_lines {
    struct bytes rest;
    uint32_t number; /* of the line last given */
};

/* Whether every line is "x=value" of at most LIMIT_SDP_LINE_BYTES without control characters. */
MUST_USE enum err sdp_lines_check(struct bytes text, uint32_t *ret_line);

/* `before` is the number of lines in front of `text`. */
struct sdp_lines sdp_lines_init(struct bytes text, uint32_t before);
bool sdp_lines_next(struct sdp_lines *lines, struct sdp_line *ret_line);

/* The value of attribute `name` ("a=name:value", or "a=name" whose value is empty); false when the
 * line is something else. */
bool sdp_line_attribute(const struct sdp_line *line, const char *name, struct bytes *ret_value);

/* Takes the text up to the first `separator` off `*text`, and the separator too. */
struct bytes sdp_take(struct bytes *text, char separator);
/* Takes the next word; words stand apart by one or more spaces. Empty at the end. */
struct bytes sdp_take_word(struct bytes *text);
bool sdp_is(struct bytes text, const char *word);
bool sdp_is_caseless(struct bytes text, const char *word);
/* 1 or more characters of RFC 8866's token. */
bool sdp_is_token(struct bytes text);
/* Decimal digits only; false above `max`. */
bool sdp_number(struct bytes text, uint32_t max, uint32_t *ret_number);

#endif
