/* Objects of a PDF as qpdf spells them: one spelling of each, whatever the file's is (ISO 32000-2,
 * section 7.3). A cursor over such a text, and what the second profile asks of it. Pure, no
 * allocation; nesting is walked without recursion, so depth costs nothing.
 *
 * Failure is sticky: a text that ends too early gives no more tokens. */
#ifndef MEETING_EDGE_PAPER_FOREIGN_TEXT_H
#define MEETING_EDGE_PAPER_FOREIGN_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum foreign_kind {
    FOREIGN_WORD, /* null, true, false */
    FOREIGN_NUMBER,
    FOREIGN_REFERENCE,
    FOREIGN_NAME,
    FOREIGN_STRING,
    FOREIGN_ARRAY,      /* as a token, its "[" */
    FOREIGN_DICTIONARY, /* as a token, its "<<" */
    FOREIGN_END,        /* "]" or ">>"; a token only */
};

struct foreign_value {
    enum foreign_kind kind;
    struct bytes text;   /* with its delimiters */
    uint32_t number;     /* of a reference */
    uint32_t generation; /* likewise */
};

struct foreign_cursor {
    const uint8_t *at;
    const uint8_t *end;
    bool failed;
};

struct foreign_cursor foreign_cursor_init(struct bytes text);
/* The next token, brackets by themselves; false at the end. */
bool foreign_token(struct foreign_cursor *cursor, struct foreign_value *ret_token);
/* The next whole value; false at the end, or at a bracket that closes what is around. */
bool foreign_next(struct foreign_cursor *cursor, struct foreign_value *ret_value);

/* The value that a text is. "null" when it is none. */
struct foreign_value foreign_value_of(struct bytes text);
/* Behind the opening bracket of an array or dictionary; at the end of anything else. */
struct foreign_cursor foreign_inside(struct foreign_value container);
/* The value under `key` ("/Type"); false, and "null", when there is none or it is no dictionary. */
bool foreign_get(struct foreign_value dictionary, const char *key, struct foreign_value *ret_value);
bool foreign_is(struct foreign_value value, const char *text);
bool foreign_is_null(struct foreign_value value);
/* Digits only. */
bool foreign_integer(struct foreign_value value, uint64_t *ret_number);
/* Any number; 0 when it is none. */
double foreign_real(struct foreign_value value);
/* Token by token; numbers by what they are worth, since writers spell them anew. */
bool foreign_same(struct foreign_value a, struct foreign_value b);

#endif
