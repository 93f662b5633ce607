#include "signaling/edge/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

/* How deep brackets nest, so that the parser is never handed what it would recurse into. */
static uint32_t depth_of(struct bytes text)
{
    uint32_t depth = 0, deepest = 0;
    bool in_string = false;
    for (size_t n = 0; n < text.size; n++) {
        uint8_t c = text.data[n];
        if (in_string) {
            if (c == '\\')
                n++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > deepest)
                deepest = depth;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}

enum err json_read(struct bytes text, json_t **ret_object)
{
    if (text.size > LIMIT_JSON_BYTES || depth_of(text) > LIMIT_JSON_DEPTH)
        return ERR_LIMIT;
    if (text.size == 0)
        return ERR_FORMAT;
    json_error_t error;
    json_t *json = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(json)) {
        json_decref(json);
        return ERR_FORMAT;
    }
    *ret_object = json;
    return ERR_OK;
}

enum err json_only(const json_t *object, const char *const *names)
{
    size_t known = 0;
    for (const char *const *name = names; *name; name++)
        known += json_object_get(object, *name) != NULL;
    return json_object_size(object) == known ? ERR_OK : ERR_UNKNOWN;
}

enum err json_text(const json_t *object, const char *name, const char **ret_text)
{
    const json_t *member = json_object_get(object, name);
    if (!json_is_string(member))
        return ERR_FORMAT;
    *ret_text = json_string_value(member);
    return ERR_OK;
}

enum err json_flag(const json_t *object, const char *name, bool *ret_flag)
{
    const json_t *member = json_object_get(object, name);
    if (!json_is_boolean(member))
        return ERR_FORMAT;
    *ret_flag = json_is_true(member);
    return ERR_OK;
}

enum err json_number(const json_t *object, const char *name, uint64_t most, uint64_t *ret_number)
{
    const json_t *member = json_object_get(object, name);
    if (!json_is_integer(member) || json_integer_value(member) < 0)
        return ERR_FORMAT;
    uint64_t number = (uint64_t)json_integer_value(member);
    if (number > most)
        return ERR_LIMIT;
    *ret_number = number;
    return ERR_OK;
}

json_t *json_of_id(uint64_t id)
{
    char text[24];
    if (id == 0)
        return json_null();
    snprintf(text, sizeof text, "%" PRIu64, id);
    return json_string(text);
}

json_t *json_of_time(utc_ms_t at)
{
    return at == 0 ? json_null() : json_integer(at);
}

json_t *json_of_optional(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

char *json_write(const json_t *json)
{
    return json_dumps(json, JSON_COMPACT);
}
