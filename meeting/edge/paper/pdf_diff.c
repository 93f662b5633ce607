#include "meeting/edge/paper/pdf_diff.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "meeting/edge/paper/pdf_graph.h"
#include "meeting/edge/paper/pdf_policy.h"

static const char changed[] = "revision.changed";
static const char removed[] = "revision.removed";
static const char extra[] = "revision.extra";
static const char bad_appearance[] = "revision.appearance";

#define BOX_TOLERANCE 0.02 /* both are written with two decimals */

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

/* Exactly one field gained a value; no other field is different. */
static const char *find_signed(const struct pdf_map *map, size_t revision,
                               struct pdf_field *ret_field)
{
    struct pdf_form before;
    struct pdf_form after;
    if (!pdf_form_read(map, revision - 1, &before) || !pdf_form_read(map, revision, &after) ||
        before.count != after.count)
        return changed;
    size_t gained = 0;
    for (size_t i = 0; i < after.count; i++) {
        const struct pdf_field *old = &before.fields[i];
        const struct pdf_field *new = &after.fields[i];
        if (old->number != new->number || strcmp(old->name, new->name) != 0)
            return changed;
        if (old->signature != new->signature && old->signature != 0)
            return removed;
        if (old->signature != new->signature) {
            gained++;
            *ret_field = *new;
        }
    }
    return gained == 1 ? NULL : gained == 0 ? "revision.unsigned" : changed;
}

/* The new dictionary is the old one's bytes with `more` before its end. */
static bool is_extended(const struct pdf_object *old, const struct pdf_object *new,
                        const char *more)
{
    size_t kept = old->value.text.size - 2;
    size_t more_size = strlen(more);
    const uint8_t *at = new->value.text.data;
    return !old->stream.data && !new->stream.data &&
           old->value.kind == PDF_DICTIONARY &&new->value.text.size == kept + more_size + 3 &&
           memcmp(at, old->value.text.data, kept) == 0 && memcmp(at + kept, more, more_size) == 0 &&
           memcmp(at + kept + more_size, " >>", 3) == 0;
}

/* The old dictionary's bytes with the appearance `form` in place of the empty one, and the
 * signature before its end. */
static bool field_fits(const struct pdf_object *old, const struct pdf_object *new,
                       const struct pdf_field *field, uint32_t form)
{
    struct pdf_value empty;
    char filled[64];
    char more[64];
    if (old->stream.data || new->stream.data || !pdf_get(old->value, "/AP", &empty))
        return false;
    struct bytes before = {old->value.text.data, (size_t)(empty.text.data - old->value.text.data)};
    struct bytes behind = {empty.text.data + empty.text.size,
                           old->value.text.size - before.size - empty.text.size - 2};
    (void)snprintf(filled, sizeof filled, "<< /N %u 0 R >>", form);
    (void)snprintf(more, sizeof more, "/V %u 0 R >>", field->signature);
    const struct bytes parts[] = {before, bytes_of(filled), behind, bytes_of(more)};
    struct bytes rest = new->value.text;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (rest.size < parts[i].size || memcmp(rest.data, parts[i].data, parts[i].size) != 0)
            return false;
        rest.data += parts[i].size;
        rest.size -= parts[i].size;
    }
    return rest.size == 0;
}

static bool root_fits(const struct pdf_object *old, const struct pdf_object *new,
                      const struct pdf_field *field)
{
    char more[128];
    (void)snprintf(more, sizeof more, "/Perms << /DocMDP %u 0 R >>", field->signature);
    return is_extended(old, new, more);
}

/* The appearance's number, from the signed field's /AP << /N … >>; 0 if it has none. */
static uint32_t find_form(const struct pdf_object *widget)
{
    struct pdf_value value;
    if (!pdf_get(widget->value, "/AP", &value) || !pdf_get(value, "/N", &value) ||
        value.kind != PDF_REFERENCE)
        return 0;
    return value.reference;
}

/* Every object that existed before and is written again. */
static const char *check_old(const struct pdf_map *map, size_t revision,
                             const struct pdf_field *field, uint32_t form)
{
    const struct pdf_revision *at = &map->revisions[revision];
    uint32_t size_before = map->revisions[revision - 1].size;
    bool certified = false;
    for (size_t i = 0; i < at->count; i++) {
        const struct pdf_object *new = &map->objects[at->first + i];
        if (new->number >= size_before)
            continue;
        const struct pdf_object *old = pdf_map_find(map, revision - 1, new->number);
        if (!old)
            return changed;
        if (new->number == map->root && revision == 1 && root_fits(old, new, field))
            certified = true;
        else if (new->number != field->number || !field_fits(old, new, field, form))
            return changed;
    }
    return certified == (revision == 1) ? NULL : changed;
}

/* A form that fills its field and cannot draw beyond it. */
static bool appearance_fits(const struct pdf_object *form, const struct pdf_field *field)
{
    static const char *const allowed[] = {"/BBox",    "/Filter", "/Length", "/Resources",
                                          "/Subtype", "/Type",   NULL};
    struct pdf_value value;
    double box[4];
    return form->stream.data && pdf_policy_keys(form->value, allowed) &&
           pdf_get(form->value, "/Subtype", &value) && pdf_is(value, "/Form") &&
           pdf_get(form->value, "/BBox", &value) && pdf_form_rect(value, box) && box[0] == 0 &&
           box[1] == 0 && fabs(box[2] - field->width) < BOX_TOLERANCE &&
           fabs(box[3] - field->height) < BOX_TOLERANCE;
}

/* New objects are the signature, its appearance, and what that leads to: no orphan, and nothing of
 * the appearance is an older object. */
static const char *check_new(const struct pdf_map *map, size_t revision,
                             const struct pdf_field *field, const struct pdf_object *form)
{
    const struct pdf_revision *at = &map->revisions[revision];
    uint32_t size_before = map->revisions[revision - 1].size;
    size_t fresh = at->size - size_before;
    for (size_t i = 0; i < at->count; i++)
        if (pdf_graph_is_active(map->objects[at->first + i].value))
            return "pdf.active";
    struct pdf_graph graph;
    if (pdf_graph_init(&graph, map, revision) != ERR_OK)
        return "verify.failed";
    pdf_graph_walk(&graph, form->value);
    bool own = !graph.dangling && form->number >= size_before && !graph.seen[form->number] &&
               field->signature >= size_before && field->signature < at->size &&
               !graph.seen[field->signature];
    for (uint32_t number = 0; number < size_before; number++)
        own = own && !graph.seen[number];
    bool whole = own && graph.count + 2 == fresh; /* the form itself, and the signature */
    pdf_graph_done(&graph);
    return whole ? NULL : extra;
}

const char *pdf_diff_check(const struct pdf_map *map, size_t revision, struct pdf_field *ret_field)
{
    struct pdf_field field = {0};
    if (!trailer_fits(map, revision))
        return changed;
    const char *code = find_signed(map, revision, &field);
    if (code)
        return code;
    const struct pdf_object *widget = pdf_map_find(map, revision, field.number);
    const struct pdf_object *form = pdf_map_find(map, revision, find_form(widget));
    if (!form || form->number < map->revisions[revision - 1].size || !appearance_fits(form, &field))
        return bad_appearance;
    code = check_old(map, revision, &field, form->number);
    if (!code)
        code = check_new(map, revision, &field, form);
    if (!code)
        *ret_field = field;
    return code;
}
