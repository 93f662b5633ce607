#include "meeting/edge/paper/foreign_text.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_BYTES_MAX = 64, INTEGER_DIGITS_MAX = 18, REFERENCE_DIGITS_MAX = 9 };

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool is_regular(uint8_t c)
{
    return !is_space(c) && strchr("()<>[]{}/%", c) == NULL;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

struct foreign_cursor foreign_cursor_init(struct bytes text)
{
    return (struct foreign_cursor){text.data, text.data ? text.data + text.size : NULL, false};
}

static void skip_literal(struct foreign_cursor *cursor)
{
    size_t depth = 0;
    while (cursor->at < cursor->end) {
        uint8_t c = *cursor->at++;
        if (c == '\\' && cursor->at < cursor->end)
            cursor->at++;
        else if (c == '(')
            depth++;
        else if (c == ')' && --depth == 0)
            return;
    }
    cursor->failed = true;
}

static void skip_hex(struct foreign_cursor *cursor)
{
    while (cursor->at < cursor->end && *cursor->at != '>')
        cursor->at++;
    if (cursor->at == cursor->end)
        cursor->failed = true;
    else
        cursor->at++;
}

static void skip_regular(struct foreign_cursor *cursor)
{
    while (cursor->at < cursor->end && is_regular(*cursor->at))
        cursor->at++;
}

/* A run of digits, at most REFERENCE_DIGITS_MAX, with a space behind. */
static bool read_part(struct foreign_cursor *cursor, uint32_t *ret_number)
{
    uint32_t number = 0;
    size_t digits = 0;
    for (; cursor->at < cursor->end && is_digit(*cursor->at); cursor->at++) {
        if (++digits > REFERENCE_DIGITS_MAX)
            return false;
        number = number * 10 + (uint32_t)(*cursor->at - '0');
    }
    if (digits == 0 || cursor->at == cursor->end || *cursor->at != ' ')
        return false;
    cursor->at++;
    *ret_number = number;
    return true;
}

/* "12 0 R" */
static bool read_reference(struct foreign_cursor *cursor, struct foreign_value *token)
{
    struct foreign_cursor ahead = *cursor;
    if (!read_part(&ahead, &token->number) || !read_part(&ahead, &token->generation) ||
        ahead.at == ahead.end || *ahead.at != 'R' ||
        (ahead.at + 1 < ahead.end && is_regular(ahead.at[1])))
        return false;
    cursor->at = ahead.at + 1;
    token->kind = FOREIGN_REFERENCE;
    return true;
}

static void read_regular(struct foreign_cursor *cursor, struct foreign_value *token)
{
    const uint8_t *start = cursor->at;
    if (is_digit(*start) && read_reference(cursor, token))
        return;
    token->number = 0;
    token->generation = 0;
    skip_regular(cursor);
    bool number = is_digit(*start) || *start == '-' || *start == '+' || *start == '.';
    token->kind = number ? FOREIGN_NUMBER : FOREIGN_WORD;
    if (cursor->at == start) /* a delimiter where none can be */
        cursor->failed = true;
}

static bool is_doubled(const struct foreign_cursor *cursor)
{
    return cursor->end - cursor->at >= 2 && cursor->at[0] == cursor->at[1];
}

bool foreign_token(struct foreign_cursor *cursor, struct foreign_value *ret_token)
{
    while (cursor->at < cursor->end && is_space(*cursor->at))
        cursor->at++;
    if (cursor->failed || cursor->at == cursor->end)
        return false;
    struct foreign_value token = {.kind = FOREIGN_END};
    const uint8_t *start = cursor->at;
    if (*start == '[' || *start == ']') {
        token.kind = *start == '[' ? FOREIGN_ARRAY : FOREIGN_END;
        cursor->at++;
    } else if ((*start == '<' || *start == '>') && is_doubled(cursor)) {
        token.kind = *start == '<' ? FOREIGN_DICTIONARY : FOREIGN_END;
        cursor->at += 2;
    } else if (*start == '<' || *start == '(') {
        token.kind = FOREIGN_STRING;
        *start == '<' ? skip_hex(cursor) : skip_literal(cursor);
    } else if (*start == '/') {
        token.kind = FOREIGN_NAME;
        cursor->at++;
        skip_regular(cursor);
    } else {
        read_regular(cursor, &token);
    }
    if (cursor->failed)
        return false;
    token.text = (struct bytes){start, (size_t)(cursor->at - start)};
    *ret_token = token;
    return true;
}

bool foreign_next(struct foreign_cursor *cursor, struct foreign_value *ret_value)
{
    struct foreign_value first;
    struct foreign_value token;
    struct foreign_cursor ahead = *cursor;
    if (!foreign_token(&ahead, &first) || first.kind == FOREIGN_END)
        return false;
    size_t depth = first.kind == FOREIGN_ARRAY || first.kind == FOREIGN_DICTIONARY;
    while (depth > 0) {
        if (!foreign_token(&ahead, &token)) {
            cursor->failed = true;
            return false;
        }
        depth += token.kind == FOREIGN_ARRAY || token.kind == FOREIGN_DICTIONARY;
        depth -= token.kind == FOREIGN_END;
    }
    first.text.size = (size_t)(ahead.at - first.text.data);
    *cursor = ahead;
    *ret_value = first;
    return true;
}

struct foreign_value foreign_value_of(struct bytes text)
{
    struct foreign_cursor cursor = foreign_cursor_init(text);
    struct foreign_value value;
    if (foreign_next(&cursor, &value))
        return value;
    return (struct foreign_value){.kind = FOREIGN_WORD, .text = bytes_of("null")};
}

struct foreign_cursor foreign_inside(struct foreign_value container)
{
    struct foreign_cursor cursor = foreign_cursor_init(container.text);
    bool opens = container.kind == FOREIGN_ARRAY || container.kind == FOREIGN_DICTIONARY;
    cursor.at = opens ? cursor.at + (container.kind == FOREIGN_ARRAY ? 1 : 2) : cursor.end;
    return cursor;
}

bool foreign_get(struct foreign_value dictionary, const char *key, struct foreign_value *ret_value)
{
    struct foreign_value name;
    struct foreign_value value;
    *ret_value = (struct foreign_value){.kind = FOREIGN_WORD, .text = bytes_of("null")};
    if (dictionary.kind != FOREIGN_DICTIONARY)
        return false;
    struct foreign_cursor cursor = foreign_inside(dictionary);
    while (foreign_next(&cursor, &name) && foreign_next(&cursor, &value))
        if (name.kind == FOREIGN_NAME && foreign_is(name, key)) {
            *ret_value = value;
            return true;
        }
    return false;
}

bool foreign_is(struct foreign_value value, const char *text)
{
    return bytes_equal(value.text, bytes_of(text));
}

bool foreign_is_null(struct foreign_value value)
{
    return value.kind == FOREIGN_WORD && foreign_is(value, "null");
}

bool foreign_integer(struct foreign_value value, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (value.kind != FOREIGN_NUMBER || value.text.size == 0 ||
        value.text.size > INTEGER_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < value.text.size; i++) {
        if (!is_digit(value.text.data[i]))
            return false;
        number = number * 10 + (uint64_t)(value.text.data[i] - '0');
    }
    *ret_number = number;
    return true;
}

double foreign_real(struct foreign_value value)
{
    char text[NUMBER_BYTES_MAX];
    if (value.kind != FOREIGN_NUMBER || value.text.size >= sizeof text)
        return 0;
    memcpy(text, value.text.data, value.text.size);
    text[value.text.size] = '\0';
    return strtod(text, NULL);
}

static bool same_token(struct foreign_value a, struct foreign_value b)
{
    if (a.kind != b.kind)
        return false;
    if (bytes_equal(a.text, b.text))
        return true;
    /* Neither more nor less: what is too long to be read is compared by its text only. */
    double difference = foreign_real(a) - foreign_real(b);
    return a.kind == FOREIGN_NUMBER && a.text.size < NUMBER_BYTES_MAX &&
           b.text.size < NUMBER_BYTES_MAX && difference >= 0 && difference <= 0;
}

bool foreign_same(struct foreign_value a, struct foreign_value b)
{
    struct foreign_cursor left = foreign_cursor_init(a.text);
    struct foreign_cursor right = foreign_cursor_init(b.text);
    struct foreign_value one;
    struct foreign_value other;
    if (a.kind == b.kind && bytes_equal(a.text, b.text))
        return true;
    for (;;) {
        bool more = foreign_token(&left, &one);
        if (more != foreign_token(&right, &other))
            return false;
        if (!more)
            return !left.failed && !right.failed;
        if (!same_token(one, other))
            return false;
    }
}
