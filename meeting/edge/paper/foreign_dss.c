#include "meeting/edge/paper/foreign_dss.h"

#include <stdlib.h>

#include "base/limits.h"

enum { STORE_DEPTH_MAX = 8 };

/* -- its parts -----------------------------------------------------------------------------------
 */

void foreign_dss_parts_done(struct foreign_dss_parts *parts)
{
    free(parts->lists);
    free(parts->streams);
    *parts = (struct foreign_dss_parts){0};
}

/* Deeper than any store is, nothing is a part of it. */
static void find(const struct foreign_file *file, const uint32_t *references,
                 struct foreign_value value, int depth, struct foreign_dss_parts *parts)
{
    struct foreign_value token;
    if (value.kind == FOREIGN_REFERENCE) {
        uint32_t number = value.number;
        if (number == 0 || number >= file->count || parts->lists[number] || depth == 0)
            return;
        if (foreign_file_is_stream(file, number)) {
            parts->streams[number] = true;
            return;
        }
        if (references[number] > 1)
            return;
        parts->lists[number] = true;
        value = foreign_file_object(file, number);
    }
    struct foreign_cursor cursor = foreign_inside(value);
    while (foreign_token(&cursor, &token))
        if (token.kind == FOREIGN_REFERENCE)
            find(file, references, token, depth - 1, parts);
}

enum err foreign_dss_find(const struct foreign_file *file, const uint32_t *references,
                          struct foreign_dss_parts *ret_parts)
{
    struct foreign_value store;
    struct foreign_dss_parts parts = {
        .lists = calloc(file->count, sizeof(bool)),
        .streams = calloc(file->count, sizeof(bool)),
    };
    if (!parts.lists || !parts.streams) {
        foreign_dss_parts_done(&parts);
        return ERR_NO_MEMORY;
    }
    if (foreign_get(foreign_file_object(file, file->root), "/DSS", &store))
        find(file, references, store, STORE_DEPTH_MAX, &parts);
    *ret_parts = parts;
    return ERR_OK;
}

/* -- its contents --------------------------------------------------------------------------------
 */

static bool read_list(const struct foreign_file *file, struct foreign_value list,
                      enum pdf_dss_kind kind, struct foreign_dss *dss)
{
    struct foreign_value item;
    struct foreign_cursor items = foreign_inside(list);
    while (foreign_next(&items, &item)) {
        struct buffer *bytes = &dss->items[kind][dss->counts[kind]];
        size_t most = kind == PDF_DSS_CRLS ? LIMIT_CRL_BYTES : PDF_DSS_ITEM_BYTES_MAX;
        if (item.kind != FOREIGN_REFERENCE || dss->counts[kind] == PDF_DSS_ITEMS_MAX ||
            foreign_file_stream(file, item.number, FOREIGN_DECODED, most, bytes) != ERR_OK)
            return false;
        dss->bytes[kind][dss->counts[kind]++] = buffer_bytes(bytes);
    }
    return true;
}

bool foreign_dss_read(const struct foreign_file *file, struct foreign_dss *ret_dss)
{
    static const char *const keys[PDF_DSS_KINDS] = {
        [PDF_DSS_CERTIFICATES] = "/Certs", [PDF_DSS_CRLS] = "/CRLs", [PDF_DSS_OCSPS] = "/OCSPs"};
    struct foreign_value catalogue = foreign_file_object(file, file->root);
    struct foreign_value store = foreign_file_get(file, catalogue, "/DSS");
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++)
        if (!read_list(file, foreign_file_get(file, store, keys[kind]), (enum pdf_dss_kind)kind,
                       ret_dss))
            return false;
    return true;
}

void foreign_dss_done(struct foreign_dss *dss)
{
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++)
        for (size_t i = 0; i < dss->counts[kind]; i++)
            buffer_done(&dss->items[kind][i]);
}
