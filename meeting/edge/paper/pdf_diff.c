#include "meeting/edge/paper/pdf_diff.h"

#include <stdio.h>
#include <string.h>

#include "meeting/edge/paper/pdf_diff_part.h"
#include "meeting/edge/paper/pdf_policy.h"

static const char changed[] = "revision.changed";
static const char removed[] = "revision.removed";

/* -- comparing texts -----------------------------------------------------------------------------
 */

bool pdf_diff_is(struct bytes text, const struct bytes *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text.size < pieces[i].size || memcmp(text.data, pieces[i].data, pieces[i].size) != 0)
            return false;
        text.data += pieces[i].size;
        text.size -= pieces[i].size;
    }
    return text.size == 0;
}

bool pdf_diff_is_extended(const struct pdf_object *old, const struct pdf_object *new,
                          const char *more)
{
    if (old->stream.data || new->stream.data || old->value.kind != PDF_DICTIONARY)
        return false;
    const struct bytes pieces[] = {
        {old->value.text.data, old->value.text.size - 2}, bytes_of(more), bytes_of(" >>")};
    return pdf_diff_is(new->value.text, pieces, sizeof pieces / sizeof *pieces);
}

bool pdf_diff_is_filled(const struct pdf_object *old, const struct pdf_object *new, uint32_t form,
                        const char *more)
{
    struct pdf_value empty;
    char filled[64];
    if (old->stream.data || new->stream.data || !pdf_get(old->value, "/AP", &empty))
        return false;
    size_t before = (size_t)(empty.text.data - old->value.text.data);
    (void)snprintf(filled, sizeof filled, "<< /N %u 0 R >>", form);
    const struct bytes pieces[] = {
        {old->value.text.data, before},
        bytes_of(filled),
        {empty.text.data + empty.text.size, old->value.text.size - before - empty.text.size - 2},
        bytes_of(more),
        bytes_of(" >>"),
    };
    return pdf_diff_is(new->value.text, pieces, sizeof pieces / sizeof *pieces);
}

uint32_t pdf_diff_form(const struct pdf_object *widget)
{
    struct pdf_value value;
    if (!widget || !pdf_get(widget->value, "/AP", &value) || !pdf_get(value, "/N", &value) ||
        value.kind != PDF_REFERENCE)
        return 0;
    return value.reference;
}

/* -- what kind of change it is -------------------------------------------------------------------
 */

static bool same_key(const struct pdf_map *map, size_t revision, const char *key)
{
    struct pdf_value before;
    struct pdf_value after;
    bool had = pdf_get(map->revisions[revision - 1].trailer, key, &before);
    bool has = pdf_get(map->revisions[revision].trailer, key, &after);
    return had == has && (!had || bytes_equal(before.text, after.text));
}

static bool trailer_fits(const struct pdf_map *map, size_t revision)
{
    static const char *const allowed[] = {"/ID", "/Info", "/Prev", "/Root", "/Size", NULL};
    return pdf_policy_keys(map->revisions[revision].trailer, allowed) &&
           same_key(map, revision, "/ID") && same_key(map, revision, "/Info") &&
           same_key(map, revision, "/Root");
}

static size_t count_stamps(const struct pdf_form *form)
{
    size_t count = 0;
    for (size_t i = 0; i < form->count; i++)
        count += form->fields[i].is_stamp;
    return count;
}

/* The fields that gained a value; every other is as it was. */
static const char *find_gained(const struct pdf_form *before, const struct pdf_form *after,
                               struct pdf_change *change)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct pdf_field *old = &before->fields[i];
        const struct pdf_field *new = &after->fields[i];
        if (old->number != new->number || strcmp(old->name, new->name) != 0 ||
            old->is_text != new->is_text)
            return changed;
        bool had = old->signature != 0 || old->filled.kind != PDF_NULL;
        bool same = old->signature == new->signature && old->filled.kind == new->filled.kind &&
                    (!old->is_text || bytes_equal(old->filled.text, new->filled.text));
        if (same)
            continue;
        if (had)
            return removed;
        if (change->count == PDF_CHANGE_FIELDS_MAX ||
            (change->count > 0 && change->fields[0].is_text != new->is_text))
            return changed;
        change->fields[change->count++] = *new;
    }
    return NULL;
}

const char *pdf_diff_check(const struct pdf_map *map, size_t revision,
                           struct pdf_change *ret_change)
{
    struct pdf_form before;
    struct pdf_form after;
    struct pdf_change change = {.count = 0};
    if (!trailer_fits(map, revision) || !pdf_form_read(map, revision - 1, &before) ||
        !pdf_form_read(map, revision, &after) || after.count < before.count ||
        after.count > before.count + 1)
        return changed;
    const char *code = find_gained(&before, &after, &change);
    if (code)
        return code;
    if (after.count > before.count) {
        if (change.count > 0)
            return changed;
        change.kind = PDF_CHANGE_ARCHIVED;
        change.fields[change.count++] = after.fields[before.count];
        code = pdf_diff_check_archived(map, revision, change.fields, count_stamps(&before) + 1);
    } else if (change.count == 0) {
        return "revision.unsigned";
    } else if (change.fields[0].is_text) {
        change.kind = PDF_CHANGE_FILLED;
        code = pdf_diff_check_filled(map, revision, &change);
    } else {
        change.kind = PDF_CHANGE_SIGNED;
        code = change.count == 1 ? pdf_diff_check_signed(map, revision, change.fields) : changed;
    }
    if (!code)
        *ret_change = change;
    return code;
}
