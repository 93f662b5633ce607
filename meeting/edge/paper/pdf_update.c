#include "meeting/edge/paper/pdf_update.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Offsets in a table have ten digits; ours stay far below. */
enum { PRINT_BYTES = 1024 };

static void fail(struct pdf_update *update, enum err err)
{
    update->err = update->err == ERR_OK ? err : update->err;
}

void pdf_update_init(struct pdf_update *update, const struct pdf_map *map)
{
    *update = (struct pdf_update){.map = map};
    update->next = map->revisions[map->revision_count - 1].size;
    update->err = buffer_put(&update->out, map->file);
}

void pdf_update_done(struct pdf_update *update)
{
    buffer_done(&update->out);
}

uint32_t pdf_update_reserve(struct pdf_update *update)
{
    return update->next++;
}

void pdf_update_put(struct pdf_update *update, struct bytes bytes)
{
    if (update->err == ERR_OK)
        update->err = buffer_put(&update->out, bytes);
}

void pdf_update_print(struct pdf_update *update, const char *format, ...)
{
    char text[PRINT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= sizeof text) {
        fail(update, ERR_LIMIT);
        return;
    }
    pdf_update_put(update, (struct bytes){(const uint8_t *)text, (size_t)size});
}

void pdf_update_begin_object(struct pdf_update *update, uint32_t number)
{
    if (update->entry_count == PDF_UPDATE_OBJECTS_MAX) {
        fail(update, ERR_LIMIT);
        return;
    }
    update->entries[update->entry_count].number = number;
    update->entries[update->entry_count].offset = update->out.size;
    update->entry_count++;
    pdf_update_print(update, "%u 0 obj\n", number);
}

void pdf_update_end_object(struct pdf_update *update)
{
    pdf_update_print(update, "\nendobj\n");
}

void pdf_update_put_extended(struct pdf_update *update, struct pdf_value dictionary,
                             const char *more)
{
    pdf_update_put(update, (struct bytes){dictionary.text.data, dictionary.text.size - 2});
    pdf_update_print(update, "%s >>", more);
}

void pdf_update_put_listed(struct pdf_update *update, struct pdf_value dictionary, const char *key,
                           const char *more)
{
    struct pdf_value list;
    if (!pdf_get(dictionary, key, &list) || list.kind != PDF_ARRAY) {
        fail(update, ERR_FORMAT);
        return;
    }
    const uint8_t *end = list.text.data + list.text.size - 1; /* the ']' */
    size_t before = (size_t)(end - dictionary.text.data);
    pdf_update_put(update, (struct bytes){dictionary.text.data, before});
    pdf_update_print(update, "%s", more);
    pdf_update_put(update, (struct bytes){end, dictionary.text.size - before});
}

void pdf_update_begin_filled(struct pdf_update *update, struct pdf_value field, uint32_t form)
{
    struct pdf_value appearance;
    if (!pdf_get(field, "/AP", &appearance)) {
        fail(update, ERR_FORMAT);
        return;
    }
    const uint8_t *behind = appearance.text.data + appearance.text.size;
    size_t before = (size_t)(appearance.text.data - field.text.data);
    size_t rest = field.text.size - before - appearance.text.size - 2;
    pdf_update_put(update, (struct bytes){field.text.data, before});
    pdf_update_print(update, "<< /N %u 0 R >>", form);
    pdf_update_put(update, (struct bytes){behind, rest});
}

void pdf_update_put_filled(struct pdf_update *update, struct pdf_value field, uint32_t form,
                           const char *more)
{
    pdf_update_begin_filled(update, field, form);
    pdf_update_print(update, "%s >>", more);
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *left = a; /* `number` stands first in an entry */
    const uint32_t *right = b;
    return *left < *right ? -1 : *left > *right;
}

static void put_table(struct pdf_update *update)
{
    qsort(update->entries, update->entry_count, sizeof *update->entries, by_number);
    pdf_update_print(update, "xref\n");
    for (size_t i = 0; i < update->entry_count;) {
        size_t run = 1;
        while (i + run < update->entry_count &&
               update->entries[i + run].number == update->entries[i].number + run)
            run++;
        pdf_update_print(update, "%u %zu\n", update->entries[i].number, run);
        for (; run > 0; run--, i++)
            pdf_update_print(update, "%010zu 00000 n \n", update->entries[i].offset);
    }
}

static void put_kept(struct pdf_update *update, const char *key)
{
    const struct pdf_map *map = update->map;
    struct pdf_value value;
    if (!pdf_get(map->revisions[map->revision_count - 1].trailer, key, &value))
        return;
    pdf_update_print(update, "%s ", key);
    pdf_update_put(update, value.text);
    pdf_update_print(update, " ");
}

enum err pdf_update_finish(struct pdf_update *update, struct buffer *ret_file)
{
    const struct pdf_map *map = update->map;
    size_t xref = update->out.size;
    put_table(update);
    pdf_update_print(update, "trailer << ");
    put_kept(update, "/Info");
    put_kept(update, "/Root");
    pdf_update_print(update, "/Size %u ", update->next);
    put_kept(update, "/ID");
    pdf_update_print(update, "/Prev %zu >>\nstartxref\n%zu\n%%%%EOF\n",
                     map->revisions[map->revision_count - 1].xref, xref);
    if (update->err == ERR_OK && update->out.size > LIMIT_PDF_BYTES)
        update->err = ERR_LIMIT;
    if (update->err != ERR_OK)
        return update->err;
    *ret_file = update->out;
    update->out = (struct buffer){0};
    return ERR_OK;
}

static uint32_t new_number(struct pdf_copy *copy, uint32_t old)
{
    for (size_t i = 0; i < copy->count; i++)
        if (copy->old_numbers[i] == old)
            return copy->new_numbers[i];
    if (copy->count == PDF_UPDATE_OBJECTS_MAX) {
        copy->to->err = copy->to->err == ERR_OK ? ERR_LIMIT : copy->to->err;
        return 0;
    }
    copy->old_numbers[copy->count] = old;
    copy->new_numbers[copy->count] = pdf_update_reserve(copy->to);
    return copy->new_numbers[copy->count++];
}

void pdf_copy_value(struct pdf_copy *copy, struct pdf_value value)
{
    struct pdf_value key;
    struct pdf_value item;
    if (value.kind == PDF_REFERENCE) {
        pdf_update_print(copy->to, "%u 0 R", new_number(copy, value.reference));
    } else if (value.kind == PDF_ARRAY) {
        struct scan scan = scan_array(value);
        pdf_update_print(copy->to, "[ ");
        while (scan_item(&scan, &item)) {
            pdf_copy_value(copy, item);
            pdf_update_print(copy->to, " ");
        }
        pdf_update_print(copy->to, "]");
    } else if (value.kind == PDF_DICTIONARY) {
        struct scan scan = scan_dictionary(value);
        pdf_update_print(copy->to, "<< ");
        while (scan_entry(&scan, &key, &item)) {
            pdf_update_put(copy->to, key.text);
            pdf_update_print(copy->to, " ");
            pdf_copy_value(copy, item);
            pdf_update_print(copy->to, " ");
        }
        pdf_update_print(copy->to, ">>");
    } else {
        pdf_update_put(copy->to, value.text);
    }
}

void pdf_copy_finish(struct pdf_copy *copy)
{
    for (; copy->written < copy->count && copy->to->err == ERR_OK; copy->written++) {
        const struct pdf_object *object = pdf_map_find(copy->from, copy->from->revision_count - 1,
                                                       copy->old_numbers[copy->written]);
        if (!object) {
            copy->to->err = ERR_FORMAT;
            return;
        }
        pdf_update_begin_object(copy->to, copy->new_numbers[copy->written]);
        pdf_copy_value(copy, object->value);
        if (object->stream.data) {
            pdf_update_print(copy->to, "\nstream\n");
            pdf_update_put(copy->to, object->stream);
            pdf_update_print(copy->to, "\nendstream");
        }
        pdf_update_end_object(copy->to);
    }
}
