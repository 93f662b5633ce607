/* A revision that archives: validation data and a document timestamp. */
#include <stdio.h>

#include "meeting/edge/paper/pdf_diff_part.h"
#include "meeting/edge/paper/pdf_dss.h"
#include "meeting/edge/paper/stamp.h"

static const char changed[] = "revision.changed";
static const char extra[] = "revision.extra";

struct archive {
    const struct pdf_map *map;
    size_t revision;
    const struct pdf_field *stamp;
    struct pdf_dss before;
    struct pdf_dss after;
    size_t rewritten; /* old objects that were found well changed */
    size_t fresh;     /* new objects that belong here */
};

static bool is_fresh(const struct archive *archive, uint32_t number)
{
    return number >= archive->map->revisions[archive->revision - 1].size &&
           number < archive->map->revisions[archive->revision].size;
}

/* What was in the store stays; what came is new. */
static bool lists_grew(struct archive *archive)
{
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++) {
        const struct pdf_dss_list *old = &archive->before.lists[kind];
        const struct pdf_dss_list *new = &archive->after.lists[kind];
        if (new->count < old->count)
            return false;
        for (size_t i = 0; i < new->count; i++) {
            if (i < old->count ? new->numbers[i] != old->numbers[i]
                               : !is_fresh(archive, new->numbers[i]))
                return false;
            for (size_t k = 0; k < i; k++) /* twice is once too often */
                if (bytes_equal(new->items[k], new->items[i]))
                    return false;
        }
        archive->fresh += new->count - old->count;
    }
    return true;
}

static const struct pdf_object *old_object(const struct archive *archive, uint32_t number)
{
    return pdf_map_find(archive->map, archive->revision - 1, number);
}

static const struct pdf_object *new_object(const struct archive *archive, uint32_t number)
{
    return pdf_map_find(archive->map, archive->revision, number);
}

static bool store_fits(struct archive *archive)
{
    const struct pdf_map *map = archive->map;
    if (!pdf_dss_read(map, archive->revision - 1, &archive->before) ||
        !pdf_dss_read(map, archive->revision, &archive->after) || !lists_grew(archive))
        return false;
    if (archive->before.number != 0) {
        archive->rewritten += new_object(archive, archive->before.number) !=
                              old_object(archive, archive->before.number);
        return archive->after.number == archive->before.number;
    }
    if (archive->after.number == 0)
        return true;
    char more[48];
    (void)snprintf(more, sizeof more, "/DSS %u 0 R", archive->after.number);
    archive->fresh++;
    archive->rewritten++;
    return is_fresh(archive, archive->after.number) &&
           pdf_diff_is_extended(old_object(archive, map->root), new_object(archive, map->root),
                                more);
}

/* Whether `number` has the timestamp's field as one more item of its array `key`. */
static bool is_listed(struct archive *archive, uint32_t number, const char *key)
{
    struct pdf_value list;
    char more[32];
    const struct pdf_object *old = old_object(archive, number);
    const struct pdf_object *new = new_object(archive, number);
    if (!old || !new || old->stream.data || new->stream.data || !pdf_get(old->value, key, &list) ||
        list.kind != PDF_ARRAY)
        return false;
    size_t before = (size_t)(list.text.data + list.text.size - 1 - old->value.text.data);
    (void)snprintf(more, sizeof more, "%u 0 R ", archive->stamp->number);
    const struct bytes pieces[] = {
        {old->value.text.data, before},
        bytes_of(more),
        {old->value.text.data + before, old->value.text.size - before},
    };
    archive->rewritten++;
    return pdf_diff_is(new->value.text, pieces, sizeof pieces / sizeof *pieces);
}

static bool field_fits(struct archive *archive, size_t ordinal)
{
    char text[STAMP_FIELD_BYTES];
    const struct pdf_object *field = new_object(archive, archive->stamp->number);
    uint32_t page = stamp_page(archive->map, archive->revision - 1);
    uint32_t form = stamp_form(archive->map, archive->revision - 1);
    stamp_write_field(ordinal, page, archive->stamp->signature, text);
    archive->fresh += 2; /* the field, and the timestamp itself, which pdf_stamp_read() judges */
    return field && !field->stream.data && pdf_is(field->value, text) &&
           is_fresh(archive, archive->stamp->number) &&
           is_fresh(archive, archive->stamp->signature) && is_listed(archive, page, "/Annots") &&
           is_listed(archive, form, "/Fields");
}

const char *pdf_diff_check_archived(const struct pdf_map *map, size_t revision,
                                    const struct pdf_field *stamp, size_t ordinal)
{
    struct archive archive = {.map = map, .revision = revision, .stamp = stamp};
    if (!stamp->is_stamp || !store_fits(&archive) || !field_fits(&archive, ordinal))
        return changed;
    const struct pdf_revision *at = &map->revisions[revision];
    bool whole = at->size - map->revisions[revision - 1].size == archive.fresh &&
                 at->count == archive.fresh + archive.rewritten;
    return whole ? NULL : extra;
}
