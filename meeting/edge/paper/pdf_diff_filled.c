/* A revision of the clerk's: number and date in their fields, and nothing else. */
#include <stdio.h>

#include "meeting/edge/paper/fill.h"
#include "meeting/edge/paper/pdf_diff_part.h"
#include "meeting/edge/paper/pdf_text.h"

static const char changed[] = "revision.changed";
static const char bad_filling[] = "revision.filling";

/* The value as it is written, and the form that it determines. */
static const char *check_field(const struct pdf_map *map, size_t revision,
                               const struct pdf_field *field)
{
    char text[FILL_TEXT_BYTES];
    char more[8 * FILL_TEXT_BYTES];
    const struct pdf_object *old = pdf_map_find(map, revision - 1, field->number);
    const struct pdf_object *new = pdf_map_find(map, revision, field->number);
    uint32_t number = pdf_diff_form(new);
    const struct pdf_object *form = pdf_map_find(map, revision, number);
    if (!old || !form || number < map->revisions[revision - 1].size || !form->stream.data)
        return bad_filling;
    if (pdf_text_read(field->filled, text, sizeof text) != ERR_OK || !fill_is_value(field, text))
        return bad_filling;
    (void)snprintf(more, sizeof more, "/V %.*s", (int)field->filled.text.size,
                   (const char *)field->filled.text.data);
    if (!pdf_diff_is_filled(old, new, number, more))
        return changed;

    struct buffer expected = {0};
    uint32_t font = pdf_form_font(map, revision, fill_font(field));
    if (fill_write_form(field, text, font, &expected) != ERR_OK)
        return "verify.failed";
    const struct bytes pieces[] = {form->value.text, bytes_of("\nstream\n"), form->stream,
                                   bytes_of("\nendstream")};
    bool same = pdf_diff_is(buffer_bytes(&expected), pieces, sizeof pieces / sizeof *pieces);
    buffer_done(&expected);
    return same ? NULL : bad_filling;
}

const char *pdf_diff_check_filled(const struct pdf_map *map, size_t revision,
                                  const struct pdf_change *change)
{
    const struct pdf_revision *at = &map->revisions[revision];
    for (size_t i = 0; i < change->count; i++) {
        const char *code = check_field(map, revision, &change->fields[i]);
        if (code)
            return code;
    }
    /* A field and its form each; two fields cannot share a form, as each has its own bytes. */
    bool whole = at->count == 2 * change->count &&
                 at->size - map->revisions[revision - 1].size == change->count;
    return whole ? NULL : "revision.extra";
}
