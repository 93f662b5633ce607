#include "meeting/proto/json_shape.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

enum { SHA256_HEX_DIGITS = 64 };

#define JSON_EXACT_MAX ((json_int_t)1 << 53)

enum err shape_load(struct bytes bytes, json_t **ret_object)
{
    json_error_t error;
    const char *text = bytes.size ? (const char *)bytes.data : "";
    json_t *object = json_loadb(text, bytes.size, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(object)) {
        json_decref(object);
        return ERR_FORMAT;
    }
    *ret_object = object;
    return ERR_OK;
}

/* -- checks that hold both ways -----------------------------------------------------------------
 */

static enum err text_check(const struct shape_field *field, const char *text, size_t size)
{
    bool may_be_empty = field->type == SHAPE_TEXT_ANY || field->type == SHAPE_LINES_ANY;
    bool may_break = field->type == SHAPE_LINES || field->type == SHAPE_LINES_ANY;
    if (size == 0 && !may_be_empty)
        return ERR_FORMAT;
    if (size > field->limit)
        return ERR_LIMIT;
    if (!utf8_valid((struct bytes){(const uint8_t *)text, size}))
        return ERR_FORMAT;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = (uint8_t)text[i];
        if ((c < 0x20 && !(c == '\n' && may_break)) || c == 0x7f)
            return ERR_FORMAT;
    }
    return ERR_OK;
}

static enum err hex256_check(const char *text, size_t size)
{
    if (size != SHA256_HEX_DIGITS)
        return ERR_FORMAT;
    return strspn(text, "0123456789abcdef") == size ? ERR_OK : ERR_FORMAT;
}

/* -- reading ------------------------------------------------------------------------------------
 */

static enum err id_read(const json_t *value, void *out)
{
    if (!json_is_string(value))
        return ERR_FORMAT;
    struct bytes text = {(const uint8_t *)json_string_value(value), json_string_length(value)};
    return id_parse(text, out);
}

static enum err text_read(const struct shape_field *field, const json_t *value, struct arena *arena,
                          void *out)
{
    if (!json_is_string(value))
        return ERR_FORMAT;
    const char *text = json_string_value(value);
    size_t size = json_string_length(value);
    enum err err =
        field->type == SHAPE_HEX256 ? hex256_check(text, size) : text_check(field, text, size);
    if (err != ERR_OK)
        return err;
    const char *copy = arena_text(arena, text, size);
    if (!copy)
        return ERR_NO_MEMORY;
    memcpy(out, &copy, sizeof copy);
    return ERR_OK;
}

static enum err number_read(const struct shape_field *field, const json_t *value, void *out)
{
    if (!json_is_integer(value))
        return ERR_FORMAT;
    json_int_t number = json_integer_value(value);
    if (number < 0)
        return ERR_FORMAT;
    if (field->type == SHAPE_U53 || field->type == SHAPE_TIME) {
        if (number > JSON_EXACT_MAX)
            return ERR_LIMIT;
        int64_t wide = number;
        memcpy(out, &wide, sizeof wide);
        return ERR_OK;
    }
    if (number > field->limit)
        return ERR_LIMIT;
    uint32_t narrow = (uint32_t)number;
    memcpy(out, &narrow, sizeof narrow);
    return ERR_OK;
}

static enum err word_read(const struct shape_field *field, const json_t *value, void *out)
{
    if (!json_is_string(value))
        return ERR_FORMAT;
    struct bytes word = {(const uint8_t *)json_string_value(value), json_string_length(value)};
    return words_find(field->words, word, out);
}

static enum err list_read(const struct shape_field *field, const json_t *value, struct arena *arena,
                          uint8_t *base, const char **ret_where)
{
    if (!json_is_array(value))
        return ERR_FORMAT;
    size_t count = json_array_size(value);
    if (count > field->limit)
        return ERR_LIMIT;
    size_t size = field->shape ? field->shape->size : sizeof(uint64_t);
    uint8_t *items = arena_take_list(arena, count, size);
    if (!items)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(value, i);
        enum err err = field->shape
                           ? shape_read(field->shape, item, arena, items + i * size, ret_where)
                           : id_read(item, items + i * size);
        if (err != ERR_OK)
            return err;
    }
    uint32_t narrow = (uint32_t)count;
    memcpy(base + field->offset, &items, sizeof items);
    memcpy(base + field->count_offset, &narrow, sizeof narrow);
    return ERR_OK;
}

static enum err bool_read(const json_t *value, void *out)
{
    if (!json_is_boolean(value))
        return ERR_FORMAT;
    bool set = json_is_true(value);
    memcpy(out, &set, sizeof set);
    return ERR_OK;
}

static enum err field_read(const struct shape_field *field, const json_t *value,
                           struct arena *arena, uint8_t *base, const char **ret_where)
{
    uint8_t *out = base + field->offset;
    switch (field->type) {
    case SHAPE_ID:
        return id_read(value, out);
    case SHAPE_ID_OR_NULL:
    case SHAPE_ID_OPTIONAL:
        return json_is_null(value) ? ERR_OK : id_read(value, out);
    case SHAPE_TEXT:
    case SHAPE_TEXT_ANY:
    case SHAPE_LINES:
    case SHAPE_LINES_ANY:
    case SHAPE_HEX256:
        return text_read(field, value, arena, out);
    case SHAPE_U32:
    case SHAPE_U32_OPTIONAL:
    case SHAPE_U53:
    case SHAPE_TIME:
        return number_read(field, value, out);
    case SHAPE_BOOL:
    case SHAPE_FLAG:
        return bool_read(value, out);
    case SHAPE_WORD:
        return word_read(field, value, out);
    case SHAPE_OBJECT:
        return shape_read(field->shape, value, arena, out, ret_where);
    case SHAPE_LIST:
    case SHAPE_ID_LIST:
        return list_read(field, value, arena, base, ret_where);
    }
    return ERR_FORMAT;
}

static bool field_is_optional(const struct shape_field *field)
{
    return field->type == SHAPE_FLAG || field->type == SHAPE_ID_OPTIONAL ||
           field->type == SHAPE_U32_OPTIONAL;
}

/* The first member of `object` that `shape` does not know; NULL when it knows all. */
static const char *member_unknown(const struct shape *shape, const json_t *object)
{
    const char *name;
    json_t *value;
    /* The macro wants a non-const object, but only walks it. */
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        bool known = false;
        for (uint32_t i = 0; i < shape->field_count && !known; i++)
            known = strcmp(shape->fields[i].name, name) == 0;
        if (!known)
            return name;
    }
    return NULL;
}

enum err shape_read(const struct shape *shape, const json_t *object, struct arena *arena, void *out,
                    const char **ret_where)
{
    if (!json_is_object(object))
        return ERR_FORMAT;
    const char *unknown = member_unknown(shape, object);
    if (unknown) {
        if (ret_where)
            *ret_where = arena_text(arena, unknown, strlen(unknown));
        return ERR_UNKNOWN;
    }
    for (uint32_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        const json_t *value = json_object_get(object, field->name);
        if (!value && field_is_optional(field))
            continue;
        const char *inner = NULL;
        enum err err = value ? field_read(field, value, arena, out, &inner) : ERR_FORMAT;
        if (err != ERR_OK) {
            if (ret_where)
                *ret_where = inner ? inner : field->name;
            return err;
        }
    }
    return ERR_OK;
}

/* -- writing ------------------------------------------------------------------------------------
 */

static json_t *id_write(uint64_t id)
{
    char text[24];
    struct wr wr = wr_init((uint8_t *)text, sizeof text);
    wr_decimal(&wr, id);
    return json_stringn(text, wr_size(&wr));
}

static enum err text_write(const struct shape_field *field, const void *in, json_t **ret_value)
{
    const char *text;
    memcpy(&text, in, sizeof text);
    if (!text)
        return ERR_FORMAT;
    size_t size = strlen(text);
    enum err err =
        field->type == SHAPE_HEX256 ? hex256_check(text, size) : text_check(field, text, size);
    if (err == ERR_OK)
        *ret_value = json_stringn(text, size);
    return err;
}

static enum err number_write(const struct shape_field *field, const void *in, json_t **ret_value)
{
    if (field->type == SHAPE_U53 || field->type == SHAPE_TIME) {
        int64_t wide;
        memcpy(&wide, in, sizeof wide);
        if (wide < 0 || wide > JSON_EXACT_MAX)
            return ERR_LIMIT;
        *ret_value = json_integer(wide);
        return ERR_OK;
    }
    uint32_t narrow;
    memcpy(&narrow, in, sizeof narrow);
    if (narrow > field->limit)
        return ERR_LIMIT;
    *ret_value = json_integer(narrow);
    return ERR_OK;
}

static enum err list_write(const struct shape_field *field, const uint8_t *base, json_t **ret_value)
{
    const uint8_t *items;
    uint32_t count;
    memcpy(&items, base + field->offset, sizeof items);
    memcpy(&count, base + field->count_offset, sizeof count);
    if (count > field->limit)
        return ERR_LIMIT;
    json_t *list = json_array();
    size_t size = field->shape ? field->shape->size : sizeof(uint64_t);
    for (uint32_t i = 0; list && i < count; i++) {
        json_t *item = NULL;
        enum err err = ERR_OK;
        if (field->shape) {
            err = shape_write(field->shape, items + i * size, &item);
        } else {
            uint64_t id;
            memcpy(&id, items + i * size, sizeof id);
            err = id == 0 || id > INT64_MAX ? ERR_FORMAT : ERR_OK;
            item = err == ERR_OK ? id_write(id) : NULL;
        }
        if (err == ERR_OK && json_array_append_new(list, item) != 0)
            err = ERR_NO_MEMORY;
        if (err != ERR_OK) {
            json_decref(list);
            return err;
        }
    }
    *ret_value = list;
    return ERR_OK;
}

static enum err id_field_write(const struct shape_field *field, const void *in, json_t **ret_value)
{
    uint64_t id;
    memcpy(&id, in, sizeof id);
    if (id > INT64_MAX || (id == 0 && field->type == SHAPE_ID))
        return ERR_FORMAT;
    *ret_value = id ? id_write(id) : json_null();
    return ERR_OK;
}

static enum err word_write(const struct shape_field *field, const void *in, json_t **ret_value)
{
    uint32_t value;
    memcpy(&value, in, sizeof value);
    if (value >= field->words->count)
        return ERR_FORMAT;
    *ret_value = json_string(field->words->word[value]);
    return ERR_OK;
}

static enum err field_write(const struct shape_field *field, const uint8_t *base,
                            json_t **ret_value)
{
    const uint8_t *in = base + field->offset;
    switch (field->type) {
    case SHAPE_ID:
    case SHAPE_ID_OR_NULL:
    case SHAPE_ID_OPTIONAL:
        return id_field_write(field, in, ret_value);
    case SHAPE_TEXT:
    case SHAPE_TEXT_ANY:
    case SHAPE_LINES:
    case SHAPE_LINES_ANY:
    case SHAPE_HEX256:
        return text_write(field, in, ret_value);
    case SHAPE_U32:
    case SHAPE_U32_OPTIONAL:
    case SHAPE_U53:
    case SHAPE_TIME:
        return number_write(field, in, ret_value);
    case SHAPE_BOOL:
    case SHAPE_FLAG:
        *ret_value = json_boolean(*in);
        return ERR_OK;
    case SHAPE_WORD:
        return word_write(field, in, ret_value);
    case SHAPE_OBJECT:
        return shape_write(field->shape, in, ret_value);
    case SHAPE_LIST:
    case SHAPE_ID_LIST:
        return list_write(field, base, ret_value);
    }
    return ERR_FORMAT;
}

enum err shape_write(const struct shape *shape, const void *in, json_t **ret_object)
{
    json_t *object = json_object();
    if (!object)
        return ERR_NO_MEMORY;
    for (uint32_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        json_t *value = NULL;
        enum err err = field_write(field, in, &value);
        if (err == ERR_OK && field->type == SHAPE_FLAG && json_is_false(value))
            continue; /* the two booleans are never counted */
        if (err == ERR_OK && json_object_set_new(object, field->name, value) != 0)
            err = ERR_NO_MEMORY;
        if (err != ERR_OK) {
            json_decref(object);
            return err;
        }
    }
    *ret_object = object;
    return ERR_OK;
}
