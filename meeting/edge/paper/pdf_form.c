#include "meeting/edge/paper/pdf_form.h"

#include <string.h>

/* Digits, a point, digits: no locale, no exponent. */
static bool read_real(struct pdf_value value, double *ret_number)
{
    if (value.kind != PDF_NUMBER || value.text.size > 16)
        return false;
    double number = 0;
    double unit = 0; /* 0 until the point */
    bool negative = false;
    for (size_t i = 0; i < value.text.size; i++) {
        uint8_t c = value.text.data[i];
        if (c == '-' || c == '+') {
            negative = c == '-';
        } else if (c == '.') {
            unit = 1;
        } else {
            unit /= 10;
            number = unit > 0 ? number + (c - '0') * unit : number * 10 + (c - '0');
        }
    }
    *ret_number = negative ? -number : number;
    return true;
}

bool pdf_form_rect(struct pdf_value value, double ret_rect[4])
{
    struct scan scan = scan_array(value);
    struct pdf_value item;
    double rect[4];
    for (size_t i = 0; i < 4; i++)
        if (!scan_item(&scan, &item) || !read_real(item, &rect[i]))
            return false;
    if (scan_item(&scan, &item) || scan.failed)
        return false;
    memcpy(ret_rect, rect, sizeof rect);
    return true;
}

/* "(secretary)": letters, digits, '-' and '_' only. */
static bool read_name(struct pdf_value value, char ret_name[PDF_FORM_NAME_BYTES])
{
    size_t size = value.text.size - 2;
    if (value.kind != PDF_STRING || size == 0 || size >= PDF_FORM_NAME_BYTES)
        return false;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = value.text.data[1 + i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_';
        if (!good)
            return false;
        ret_name[i] = (char)c;
    }
    ret_name[size] = '\0';
    return true;
}

static bool is_stamp_name(const char *name)
{
    return strncmp(name, PDF_FORM_STAMP_PREFIX, sizeof PDF_FORM_STAMP_PREFIX - 1) == 0;
}

static bool read_field(const struct pdf_map *map, size_t revision, struct pdf_value reference,
                       struct pdf_field *field)
{
    const struct pdf_object *object = pdf_map_follow(map, revision, reference);
    struct pdf_value value;
    double rect[4];
    if (!object || object->stream.data || !pdf_get(object->value, "/FT", &value) ||
        (!pdf_is(value, "/Sig") && !pdf_is(value, "/Tx")))
        return false;
    field->is_text = pdf_is(value, "/Tx");
    if (!pdf_get(object->value, "/T", &value) || !read_name(value, field->name))
        return false;
    if (!pdf_get(object->value, "/Rect", &value) || !pdf_form_rect(value, rect))
        return false;
    field->number = object->number;
    field->width = rect[2] - rect[0];
    field->height = rect[3] - rect[1];
    field->is_stamp = !field->is_text && is_stamp_name(field->name);
    field->signature = 0;
    field->filled = (struct pdf_value){.kind = PDF_NULL};
    if (pdf_get(object->value, "/V", &value)) {
        if (value.kind != (field->is_text ? PDF_HEX : PDF_REFERENCE))
            return false;
        if (field->is_text)
            field->filled = value;
        else
            field->signature = value.reference;
    }
    if (field->is_stamp)
        return rect[0] == 0 && rect[1] == 0 && field->width == 0 && field->height == 0;
    return field->width > 0 && field->height > 0;
}

/* The form's dictionary, as `revision` shows it; NULL when there is none. */
static const struct pdf_object *find_form(const struct pdf_map *map, size_t revision)
{
    struct pdf_value value;
    const struct pdf_object *root = pdf_map_find(map, revision, map->root);
    return root && pdf_get(root->value, "/AcroForm", &value) ? pdf_map_follow(map, revision, value)
                                                             : NULL;
}

uint32_t pdf_form_font(const struct pdf_map *map, size_t revision, const char *name)
{
    struct pdf_value value;
    const struct pdf_object *form = find_form(map, revision);
    bool found = form && pdf_get(form->value, "/DR", &value) && pdf_get(value, "/Font", &value) &&
                 pdf_get(value, name, &value) && value.kind == PDF_REFERENCE;
    return found ? value.reference : 0;
}

bool pdf_form_read(const struct pdf_map *map, size_t revision, struct pdf_form *ret_form)
{
    struct pdf_form form = {.count = 0};
    struct pdf_value value;
    const struct pdf_object *acro = find_form(map, revision);
    if (!acro || !pdf_get(acro->value, "/Fields", &value))
        return false;
    struct scan scan = scan_array(value);
    struct pdf_value reference;
    while (scan_item(&scan, &reference)) {
        if (form.count == PDF_FORM_FIELDS_MAX ||
            !read_field(map, revision, reference, &form.fields[form.count]))
            return false;
        for (size_t i = 0; i < form.count; i++)
            if (strcmp(form.fields[i].name, form.fields[form.count].name) == 0 ||
                form.fields[i].number == form.fields[form.count].number)
                return false;
        form.count++;
    }
    if (scan.failed)
        return false;
    *ret_form = form;
    return true;
}
