/* Text as it crosses our borders: hexadecimal, UTF-8, 63-bit ids, and bounded copies. Pure. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

/* Lower-case hexadecimal with a terminator. Needs: room for 2 * size + 1. */
void hex_write(const uint8_t *data, size_t size, char *ret_text);
/* ERR_FORMAT unless `text` is exactly 2 * size hexadecimal digits. */
MUST_USE enum err hex_parse(struct bytes text, uint8_t *ret_data, size_t size);

/* Whether the bytes are well-formed UTF-8 (RFC 3629) without NUL: no overlong forms, surrogates or
 * values above U+10FFFF. */
bool utf8_valid(struct bytes text);

/* A decimal id of 1 to 2^63 - 1; ERR_FORMAT otherwise. In JSON ids are strings, because numbers
 * there lose bits above 2^53. */
MUST_USE enum err id_parse(struct bytes text, uint64_t *ret_id);

/* Copies text with a terminator; ERR_LIMIT when it does not fit (nothing is ever cut silently). */
MUST_USE enum err text_copy(char *ret_text, size_t capacity, struct bytes text);

#endif
