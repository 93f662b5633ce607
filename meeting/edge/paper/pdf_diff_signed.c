/* A revision that adds one signature. */
#include <math.h>
#include <stdio.h>

#include "meeting/edge/paper/pdf_diff_part.h"
#include "meeting/edge/paper/pdf_graph.h"
#include "meeting/edge/paper/pdf_policy.h"

static const char changed[] = "revision.changed";
static const char extra[] = "revision.extra";
static const char bad_appearance[] = "revision.appearance";

#define BOX_TOLERANCE 0.02 /* both are written with two decimals */

static bool field_fits(const struct pdf_object *old, const struct pdf_object *new,
                       const struct pdf_field *field, uint32_t form)
{
    char more[64];
    (void)snprintf(more, sizeof more, "/V %u 0 R", field->signature);
    return pdf_diff_is_filled(old, new, form, more);
}

static bool root_fits(const struct pdf_object *old, const struct pdf_object *new,
                      const struct pdf_field *field)
{
    char more[128];
    (void)snprintf(more, sizeof more, "/Perms << /DocMDP %u 0 R >>", field->signature);
    return pdf_diff_is_extended(old, new, more);
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

const char *pdf_diff_check_signed(const struct pdf_map *map, size_t revision,
                                  const struct pdf_field *field)
{
    const struct pdf_object *widget = pdf_map_find(map, revision, field->number);
    const struct pdf_object *form = pdf_map_find(map, revision, pdf_diff_form(widget));
    if (!form || form->number < map->revisions[revision - 1].size || !appearance_fits(form, field))
        return bad_appearance;
    const char *code = check_old(map, revision, field, form->number);
    return code ? code : check_new(map, revision, field, form);
}
