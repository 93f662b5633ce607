#include "meeting/edge/paper/pdf_dss.h"

#include <stdio.h>
#include <string.h>

static const char *const keys[PDF_DSS_KINDS] = {
    [PDF_DSS_CERTIFICATES] = "/Certs", [PDF_DSS_CRLS] = "/CRLs", [PDF_DSS_OCSPS] = "/OCSPs"};

/* A stream of bytes as they are: "<< /Length N >>". */
static bool read_item(const struct pdf_map *map, size_t revision, struct pdf_value reference,
                      struct bytes *ret_item)
{
    char expected[48];
    const struct pdf_object *object = pdf_map_follow(map, revision, reference);
    if (!object || !object->stream.data || object->stream.size > PDF_DSS_ITEM_BYTES_MAX)
        return false;
    (void)snprintf(expected, sizeof expected, "<< /Length %zu >>", object->stream.size);
    *ret_item = object->stream;
    return pdf_is(object->value, expected);
}

static bool read_list(const struct pdf_map *map, size_t revision, struct pdf_value array,
                      struct pdf_dss_list *list)
{
    struct pdf_value reference;
    struct scan scan = scan_array(array);
    while (scan_item(&scan, &reference)) {
        if (list->count == PDF_DSS_ITEMS_MAX || reference.kind != PDF_REFERENCE)
            return false;
        list->numbers[list->count] = reference.reference;
        if (!read_item(map, revision, reference, &list->items[list->count++]))
            return false;
    }
    return !scan.failed;
}

bool pdf_dss_read(const struct pdf_map *map, size_t revision, struct pdf_dss *ret_dss)
{
    struct pdf_value value;
    memset(ret_dss, 0, sizeof *ret_dss);
    const struct pdf_object *root = pdf_map_find(map, revision, map->root);
    if (!root)
        return false;
    if (!pdf_get(root->value, "/DSS", &value))
        return true;
    const struct pdf_object *object = pdf_map_follow(map, revision, value);
    if (!object || object->stream.data)
        return false;
    ret_dss->number = object->number;
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++)
        if (pdf_get(object->value, keys[kind], &value) &&
            !read_list(map, revision, value, &ret_dss->lists[kind]))
            return false;
    struct buffer text = {0};
    bool same = pdf_dss_write(ret_dss, &text) == ERR_OK &&
                bytes_equal(buffer_bytes(&text), object->value.text);
    buffer_done(&text);
    return same;
}

static enum err put(struct buffer *text, const char *piece)
{
    return buffer_put(text, bytes_of(piece));
}

enum err pdf_dss_write(const struct pdf_dss *dss, struct buffer *ret_text)
{
    struct buffer text = {0};
    char piece[32];
    enum err err = put(&text, "<< /Type /DSS");
    for (size_t kind = 0; err == ERR_OK && kind < PDF_DSS_KINDS; kind++) {
        const struct pdf_dss_list *list = &dss->lists[kind];
        if (list->count == 0)
            continue;
        (void)snprintf(piece, sizeof piece, " %s [", keys[kind]);
        err = put(&text, piece);
        for (size_t i = 0; err == ERR_OK && i < list->count; i++) {
            (void)snprintf(piece, sizeof piece, " %u 0 R", list->numbers[i]);
            err = put(&text, piece);
        }
        if (err == ERR_OK)
            err = put(&text, " ]");
    }
    if (err == ERR_OK)
        err = put(&text, " >>");
    if (err != ERR_OK) {
        buffer_done(&text);
        return err;
    }
    *ret_text = text;
    return ERR_OK;
}

bool pdf_dss_add(struct pdf_dss *dss, enum pdf_dss_kind kind, uint32_t number, struct bytes item)
{
    struct pdf_dss_list *list = &dss->lists[kind];
    if (list->count == PDF_DSS_ITEMS_MAX)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (bytes_equal(list->items[i], item))
            return false;
    list->numbers[list->count] = number;
    list->items[list->count++] = item;
    return true;
}
