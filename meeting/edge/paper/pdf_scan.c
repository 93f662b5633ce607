#include "meeting/edge/paper/pdf_scan.h"

#include <string.h>

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool is_delimiter(uint8_t c)
{
    return c != '\0' && strchr("()<>[]{}/%", c) != NULL;
}

static bool is_regular(uint8_t c)
{
    return !is_space(c) && !is_delimiter(c);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

struct scan scan_init(struct bytes text)
{
    return (struct scan){text.data, text.data ? text.data + text.size : NULL, false};
}

bool scan_done(const struct scan *scan)
{
    struct scan rest = *scan;
    scan_space(&rest);
    return !rest.failed && rest.at == rest.end;
}

void scan_space(struct scan *scan)
{
    while (scan->at < scan->end && is_space(*scan->at))
        scan->at++;
}

bool scan_follows(const struct scan *scan, const char *text)
{
    size_t size = strlen(text);
    return !scan->failed && (size_t)(scan->end - scan->at) >= size &&
           memcmp(scan->at, text, size) == 0;
}

void scan_expect(struct scan *scan, const char *text)
{
    if (scan_follows(scan, text))
        scan->at += strlen(text);
    else
        scan->failed = true;
}

uint64_t scan_integer(struct scan *scan)
{
    uint64_t number = 0;
    size_t digits = 0;
    while (!scan->failed && scan->at < scan->end && is_digit(*scan->at)) {
        number = number * 10 + (uint64_t)(*scan->at++ - '0');
        if (++digits > 10)
            scan->failed = true;
    }
    if (digits == 0)
        scan->failed = true;
    return scan->failed ? 0 : number;
}

static void scan_name(struct scan *scan)
{
    scan->at++;
    const uint8_t *start = scan->at;
    while (scan->at < scan->end && is_regular(*scan->at)) {
        if (*scan->at == '#' || *scan->at < '!' || *scan->at > '~')
            scan->failed = true; /* two spellings of one name */
        scan->at++;
    }
    if (scan->at == start)
        scan->failed = true;
}

static void scan_literal(struct scan *scan)
{
    size_t depth = 0;
    do {
        uint8_t c = *scan->at++;
        if (c == '\\' && scan->at < scan->end)
            scan->at++;
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
    } while (depth > 0 && scan->at < scan->end);
    if (depth > 0)
        scan->failed = true;
}

static void scan_hex(struct scan *scan)
{
    scan->at++;
    while (scan->at < scan->end && is_hex(*scan->at))
        scan->at++;
    scan_expect(scan, ">");
}

/* A number, or "N 0 R" when that is what follows. */
static void scan_number(struct scan *scan, struct pdf_value *value)
{
    const uint8_t *start = scan->at;
    if (*scan->at == '+' || *scan->at == '-')
        scan->at++;
    size_t digits = 0;
    size_t points = 0;
    for (; scan->at < scan->end && (is_digit(*scan->at) || *scan->at == '.'); scan->at++)
        *scan->at == '.' ? points++ : digits++;
    if (digits == 0 || points > 1 || (scan->at < scan->end && is_regular(*scan->at)))
        scan->failed = true;
    if (scan->failed || points > 0 || !is_digit(*start))
        return;

    struct scan ahead = {start, scan->end, false};
    uint64_t number = scan_integer(&ahead);
    if (scan_follows(&ahead, " 0 R") && (ahead.end - ahead.at == 4 || !is_regular(ahead.at[4]))) {
        if (number == 0 || number > UINT32_MAX)
            scan->failed = true;
        value->kind = PDF_REFERENCE;
        value->reference = (uint32_t)number;
        scan->at = ahead.at + 4;
    }
}

static void scan_nested(struct scan *scan, struct pdf_value *value, int depth);

static void scan_keyword(struct scan *scan, struct pdf_value *value)
{
    static const struct {
        const char *text;
        enum pdf_kind kind;
    } words[] = {{"true", PDF_BOOL}, {"false", PDF_BOOL}, {"null", PDF_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (scan_follows(scan, words[i].text)) {
            scan->at += strlen(words[i].text);
            value->kind = words[i].kind;
            if (scan->at < scan->end && is_regular(*scan->at))
                scan->failed = true;
            return;
        }
    scan->failed = true;
}

static void scan_items(struct scan *scan, int depth)
{
    scan->at++;
    for (;;) {
        scan_space(scan);
        if (scan->failed || scan_follows(scan, "]"))
            break;
        struct pdf_value item;
        scan_nested(scan, &item, depth + 1);
    }
    scan_expect(scan, "]");
}

/* Viewers differ on which of two equal keys counts, so there may not be two. */
static void scan_entries(struct scan *scan, int depth)
{
    struct bytes keys[PDF_KEYS_MAX];
    size_t count = 0;
    scan->at += 2;
    for (;;) {
        scan_space(scan);
        if (scan->failed || scan_follows(scan, ">>"))
            break;
        struct pdf_value key;
        struct pdf_value value;
        scan_nested(scan, &key, depth + 1);
        if (scan->failed || key.kind != PDF_NAME || count == PDF_KEYS_MAX) {
            scan->failed = true;
            return;
        }
        for (size_t i = 0; i < count; i++)
            if (bytes_equal(keys[i], key.text))
                scan->failed = true;
        keys[count++] = key.text;
        scan_space(scan);
        scan_nested(scan, &value, depth + 1);
    }
    scan_expect(scan, ">>");
}

static void scan_nested(struct scan *scan, struct pdf_value *value, int depth)
{
    *value = (struct pdf_value){0};
    if (scan->failed || scan->at >= scan->end || depth > PDF_DEPTH_MAX) {
        scan->failed = true;
        return;
    }
    const uint8_t *start = scan->at;
    uint8_t c = *start;
    if (c == '/') {
        value->kind = PDF_NAME;
        scan_name(scan);
    } else if (c == '(') {
        value->kind = PDF_STRING;
        scan_literal(scan);
    } else if (c == '[') {
        value->kind = PDF_ARRAY;
        scan_items(scan, depth);
    } else if (scan_follows(scan, "<<")) {
        value->kind = PDF_DICTIONARY;
        scan_entries(scan, depth);
    } else if (c == '<') {
        value->kind = PDF_HEX;
        scan_hex(scan);
    } else if (is_digit(c) || c == '+' || c == '-' || c == '.') {
        value->kind = PDF_NUMBER;
        scan_number(scan, value);
    } else {
        scan_keyword(scan, value);
    }
    value->text = (struct bytes){start, (size_t)(scan->at - start)};
}

struct pdf_value scan_value(struct scan *scan)
{
    struct pdf_value value = {0};
    scan_space(scan);
    scan_nested(scan, &value, 0);
    return value;
}

static struct scan inside(struct pdf_value value, enum pdf_kind kind, size_t delimiter)
{
    struct scan scan = {0};
    if (value.kind != kind || value.text.size < 2 * delimiter) {
        scan.failed = true;
        return scan;
    }
    scan.at = value.text.data + delimiter;
    scan.end = value.text.data + value.text.size - delimiter;
    return scan;
}

struct scan scan_dictionary(struct pdf_value dictionary)
{
    return inside(dictionary, PDF_DICTIONARY, 2);
}

struct scan scan_array(struct pdf_value array)
{
    return inside(array, PDF_ARRAY, 1);
}

bool scan_item(struct scan *scan, struct pdf_value *ret_value)
{
    if (!scan->failed)
        scan_space(scan);
    if (scan->failed || scan->at == scan->end)
        return false;
    struct pdf_value value = scan_value(scan);
    if (!scan->failed)
        *ret_value = value;
    return !scan->failed;
}

bool scan_entry(struct scan *scan, struct pdf_value *ret_key, struct pdf_value *ret_value)
{
    struct pdf_value key;
    if (!scan_item(scan, &key))
        return false;
    if (!scan_item(scan, ret_value)) {
        scan->failed = true;
        return false;
    }
    *ret_key = key;
    return true;
}

bool pdf_get(struct pdf_value dictionary, const char *key, struct pdf_value *ret_value)
{
    struct scan scan = scan_dictionary(dictionary);
    struct pdf_value at;
    struct pdf_value value;
    while (scan_entry(&scan, &at, &value))
        if (pdf_is(at, key)) {
            *ret_value = value;
            return true;
        }
    return false;
}

bool pdf_is(struct pdf_value value, const char *text)
{
    return bytes_equal(value.text, bytes_of(text));
}

bool pdf_integer(struct pdf_value value, uint64_t *ret_number)
{
    if (value.kind != PDF_NUMBER)
        return false;
    struct scan scan = scan_init(value.text);
    uint64_t number = scan_integer(&scan);
    if (scan.failed || scan.at != scan.end)
        return false;
    *ret_number = number;
    return true;
}

/* "stream", a line feed, exactly Length bytes, "endstream". */
static void scan_stream(struct scan *scan, struct pdf_object *object)
{
    struct pdf_value length;
    uint64_t size = 0;
    if (!pdf_get(object->value, "/Length", &length) || !pdf_integer(length, &size)) {
        scan->failed = true;
        return;
    }
    scan_expect(scan, "stream\n");
    if (scan->failed || size > (uint64_t)(scan->end - scan->at)) {
        scan->failed = true;
        return;
    }
    object->stream = (struct bytes){scan->at, (size_t)size};
    scan->at += size;
    if (scan_follows(scan, "\n"))
        scan_expect(scan, "\n");
    scan_expect(scan, "endstream\n");
}

bool pdf_object_at(struct bytes file, size_t offset, uint32_t number, struct pdf_object *ret_object)
{
    if (offset >= file.size)
        return false;
    struct scan scan = scan_init((struct bytes){file.data + offset, file.size - offset});
    struct pdf_object object = {.number = number, .start = offset};
    if (scan_integer(&scan) != number)
        return false;
    scan_expect(&scan, " 0 obj\n");
    object.value = scan_value(&scan);
    scan_expect(&scan, "\n");
    if (scan_follows(&scan, "stream"))
        scan_stream(&scan, &object);
    scan_expect(&scan, "endobj\n");
    if (scan.failed)
        return false;
    object.end = (size_t)(scan.at - file.data);
    *ret_object = object;
    return true;
}
