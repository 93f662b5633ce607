#include "signaling/core/http_text.h"

#include <string.h>

static struct bytes trimmed(const uint8_t *at, const uint8_t *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return (struct bytes){at, (size_t)(end - at)};
}

/* The next part of a list divided by `mark`, trimmed; false at the end. */
static bool part_next(struct bytes *rest, uint8_t mark, struct bytes *ret_part)
{
    if (rest->size == 0)
        return false;
    const uint8_t *end = rest->data + rest->size, *at = rest->data;
    while (at < end && *at != mark)
        at++;
    *ret_part = trimmed(rest->data, at);
    rest->data = at < end ? at + 1 : end;
    rest->size = (size_t)(end - rest->data);
    return true;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool equal_in_any_case(struct bytes text, const char *want)
{
    size_t size = strlen(want);
    if (text.size != size)
        return false;
    for (size_t n = 0; n < size; n++)
        if (lower(text.data[n]) != lower((uint8_t)want[n]))
            return false;
    return true;
}

enum err http_text_cookie(struct bytes header, const char *name, struct bytes *ret_value)
{
    size_t name_size = strlen(name);
    struct bytes part, found = {0};
    uint32_t count = 0;
    while (part_next(&header, ';', &part)) {
        if (part.size <= name_size || memcmp(part.data, name, name_size) != 0 ||
            part.data[name_size] != '=')
            continue;
        found = (struct bytes){part.data + name_size + 1, part.size - name_size - 1};
        count++;
    }
    if (count != 1)
        return count == 0 ? ERR_UNKNOWN : ERR_CONFLICT;
    *ret_value = found;
    return ERR_OK;
}

bool http_text_is_own_origin(struct bytes origin, struct bytes host)
{
    static const char SCHEME[] = "https://";
    size_t scheme_size = sizeof SCHEME - 1;
    if (host.size == 0 || origin.size != scheme_size + host.size)
        return false;
    for (size_t n = 0; n < host.size; n++)
        if (lower(origin.data[scheme_size + n]) != lower(host.data[n]))
            return false;
    return memcmp(origin.data, SCHEME, scheme_size) == 0;
}

static enum err digits_parse(struct bytes text, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (text.size == 0 || text.size > 18)
        return ERR_FORMAT;
    for (size_t n = 0; n < text.size; n++) {
        if (text.data[n] < '0' || text.data[n] > '9')
            return ERR_FORMAT;
        number = number * 10 + (uint64_t)(text.data[n] - '0');
    }
    *ret_number = number;
    return ERR_OK;
}

enum err http_text_range(struct bytes header, uint64_t size, uint64_t *ret_first, uint64_t *ret_end)
{
    static const char UNIT[] = "bytes=";
    size_t unit_size = sizeof UNIT - 1;
    if (header.size <= unit_size || memcmp(header.data, UNIT, unit_size) != 0)
        return ERR_UNSUPPORTED;
    struct bytes range = trimmed(header.data + unit_size, header.data + header.size);
    const uint8_t *dash = range.size ? memchr(range.data, '-', range.size) : NULL;
    if (!dash)
        return ERR_UNSUPPORTED;
    struct bytes from = {range.data, (size_t)(dash - range.data)};
    struct bytes to = {dash + 1, range.size - from.size - 1};

    uint64_t first = 0, last = 0;
    bool has_first = digits_parse(from, &first) == ERR_OK;
    bool has_last = digits_parse(to, &last) == ERR_OK;
    if ((!has_first && from.size > 0) || (!has_last && to.size > 0) || (!has_first && !has_last))
        return ERR_UNSUPPORTED;
    if (has_first && has_last && last < first)
        return ERR_UNSUPPORTED;
    if (!has_first) { /* the last so many bytes */
        first = last < size ? size - last : 0;
        if (last == 0)
            return ERR_LIMIT;
        has_last = false;
    }
    if (first >= size)
        return ERR_LIMIT;
    *ret_first = first;
    *ret_end = has_last && last < size - 1 ? last + 1 : size;
    return ERR_OK;
}

/* A weight of 0 in any writing: "q=0", "q=0.000". */
static bool weight_is_zero(struct bytes part)
{
    if (part.size < 3 || lower(part.data[0]) != 'q' || part.data[1] != '=')
        return false;
    for (size_t n = 2; n < part.size; n++)
        if (part.data[n] != '0' && part.data[n] != '.')
            return false;
    return true;
}

bool http_text_accepts(struct bytes header, const char *token)
{
    struct bytes item, name, weight;
    while (part_next(&header, ',', &item)) {
        if (!part_next(&item, ';', &name) || !equal_in_any_case(name, token))
            continue;
        return !(part_next(&item, ';', &weight) && weight_is_zero(weight));
    }
    return false;
}

bool http_text_has_etag(struct bytes header, const char *etag)
{
    struct bytes item;
    while (part_next(&header, ',', &item)) {
        if (item.size > 2 && memcmp(item.data, "W/", 2) == 0)
            item = (struct bytes){item.data + 2, item.size - 2};
        if (bytes_equal(item, bytes_of(etag)) || bytes_equal(item, bytes_of("*")))
            return true;
    }
    return false;
}

enum err http_text_bearer(struct bytes header, struct bytes *ret_token)
{
    struct bytes scheme, token;
    struct bytes rest = trimmed(header.data, header.data + header.size);
    if (!part_next(&rest, ' ', &scheme) || !equal_in_any_case(scheme, "bearer"))
        return ERR_FORMAT;
    token = trimmed(rest.data, rest.data + rest.size);
    if (token.size == 0 || memchr(token.data, ' ', token.size))
        return ERR_FORMAT;
    *ret_token = token;
    return ERR_OK;
}

bool http_text_is_type(struct bytes header, const char *type)
{
    struct bytes name;
    return part_next(&header, ';', &name) && equal_in_any_case(name, type);
}
