/* Catalogue, form, pages' lists and the field that was signed. */
#include "meeting/edge/paper/foreign_diff_part.h"

static const char changed[] = "unsupported.changed";
static const char page_changed[] = "revision.changed";

enum {
    FLAG_PRINT = 4, /* ISO 32000-2, table 167 */
    FLAG_LOCKED = 128,
};

/* -- lists ---------------------------------------------------------------------------------------
 */

static bool is_new(const struct foreign_diff *diff, uint32_t number)
{
    return foreign_is_null(foreign_file_object(diff->old, number));
}

bool foreign_diff_list_grew(const struct foreign_diff *diff, struct foreign_value old,
                            struct foreign_value new, struct foreign_value *ret_other)
{
    struct foreign_value before;
    struct foreign_value after;
    struct foreign_cursor left = foreign_inside(foreign_file_follow(diff->old, old));
    struct foreign_cursor right = foreign_inside(foreign_file_follow(diff->new, new));
    *ret_other = foreign_value_of(bytes_of("null"));
    while (foreign_next(&left, &before)) {
        bool more = foreign_next(&right, &after);
        if (more && foreign_same(before, after))
            continue;
        if (more)
            *ret_other = after;
        return false;
    }
    for (size_t count = 0; foreign_next(&right, &after); count++)
        if (count > 0 || after.kind != FOREIGN_REFERENCE || after.number != diff->added->field ||
            !is_new(diff, after.number)) {
            *ret_other = after;
            return false;
        }
    return !left.failed && !right.failed;
}

/* -- the form ------------------------------------------------------------------------------------
 */

/* Every entry of the older resources is the same in the newer; `depth` levels of dictionaries may
 * have gained some. */
static bool resources_grew(struct foreign_diff *diff, struct foreign_value old,
                           struct foreign_value new, int depth)
{
    struct foreign_value key;
    struct foreign_value value;
    struct foreign_value before = foreign_file_follow(diff->old, old);
    struct foreign_value after = foreign_file_follow(diff->new, new);
    if (depth == 0 || before.kind != FOREIGN_DICTIONARY || after.kind != FOREIGN_DICTIONARY)
        return foreign_same(old, new);
    foreign_diff_give(diff, old, FOREIGN_JUDGED);
    struct foreign_cursor cursor = foreign_inside(before);
    while (foreign_next(&cursor, &key) && foreign_next(&cursor, &value)) {
        struct foreign_value name;
        struct foreign_value other;
        struct foreign_cursor others = foreign_inside(after);
        bool found = false;
        while (!found && foreign_next(&others, &name) && foreign_next(&others, &other))
            found = foreign_same(key, name);
        if (!found || !resources_grew(diff, value, other, depth - 1))
            return false;
    }
    return !cursor.failed;
}

/* Fonts for fields to be written with may come, unless readers write the fields anew at once: then
 * a font could change what they show. */
static const char *check_resources(struct foreign_diff *diff, struct foreign_value old,
                                   struct foreign_value new)
{
    struct foreign_value before;
    struct foreign_value after;
    bool same_font = foreign_diff_same_key(old, new, "/DA");
    if (foreign_get(old, "/NeedAppearances", &before) && !foreign_is(before, "false"))
        return same_font && foreign_diff_same_key(old, new, "/DR") ? NULL : changed;
    if (foreign_get(old, "/DR", &before) &&
        (!foreign_get(new, "/DR", &after) || !resources_grew(diff, before, after, 2)))
        return changed;
    return foreign_get(old, "/DA", &before) && !same_font ? changed : NULL;
}

static const char *check_form(struct foreign_diff *diff, struct foreign_value old_reference,
                              struct foreign_value new_reference)
{
    static const char *const allowed[] = {"/Fields", "/SigFlags", "/DR", "/DA", NULL};
    struct foreign_value before;
    struct foreign_value after;
    struct foreign_value other;
    struct foreign_value old = foreign_file_follow(diff->old, old_reference);
    struct foreign_value new = foreign_file_follow(diff->new, new_reference);
    if (new.kind != FOREIGN_DICTIONARY)
        return changed;
    if (foreign_is_null(old))
        old = foreign_value_of(bytes_of("<< >>"));
    else if (!foreign_diff_only(old, new, allowed))
        return changed;
    foreign_diff_give(diff, old_reference, FOREIGN_JUDGED);
    (void)foreign_get(old, "/Fields", &before);
    (void)foreign_get(new, "/Fields", &after);
    if (!foreign_diff_list_grew(diff, before, after, &other))
        return changed;
    foreign_diff_give(diff, before, FOREIGN_JUDGED);
    return check_resources(diff, old, new);
}

const char *foreign_diff_catalogue(struct foreign_diff *diff)
{
    static const char *const between[] = {"/AcroForm", "/DSS",      "/Extensions",
                                          "/Version",  "/Metadata", NULL};
    static const char *const behind[] = {"/DSS", "/Extensions", "/Version", NULL};
    struct foreign_value old = foreign_file_object(diff->old, diff->old->root);
    struct foreign_value new = foreign_file_object(diff->new, diff->new->root);
    struct foreign_value before;
    struct foreign_value after;
    if (!foreign_diff_only(old, new, diff->added ? between : behind))
        return diff->added ? changed : "revision.unsigned";
    if (!diff->added)
        return NULL;
    if (foreign_get(old, "/Metadata", &before))
        foreign_diff_give(diff, before, FOREIGN_FREE);
    if (foreign_get(old, "/Extensions", &before))
        foreign_diff_give(diff, before, FOREIGN_FREE);
    (void)foreign_get(old, "/AcroForm", &before);
    (void)foreign_get(new, "/AcroForm", &after);
    return check_form(diff, before, after);
}

/* -- pages ---------------------------------------------------------------------------------------
 */

void foreign_diff_give_annotations(struct foreign_diff *diff)
{
    struct foreign_value list;
    for (uint32_t number = 1; number < diff->old->count; number++)
        if (diff->before.is_page[number] &&
            foreign_get(foreign_file_object(diff->old, number), "/Annots", &list))
            foreign_diff_give(diff, list, FOREIGN_JUDGED);
}

const char *foreign_diff_page(const struct foreign_diff *diff, uint32_t number)
{
    static const char *const allowed[] = {"/Annots", "/Tabs", NULL};
    struct foreign_value old = foreign_file_object(diff->old, number);
    struct foreign_value new = foreign_file_object(diff->new, number);
    struct foreign_value before;
    struct foreign_value after;
    struct foreign_value other;
    if (!foreign_diff_only(old, new, allowed))
        return page_changed;
    (void)foreign_get(old, "/Annots", &before);
    (void)foreign_get(new, "/Annots", &after);
    if (foreign_diff_list_grew(diff, before, after, &other))
        return NULL;
    /* A field's part on the page that we cannot place is not a text laid over it. */
    return foreign_is(foreign_file_get(diff->new, other, "/Subtype"), "/Widget") ? changed
                                                                                 : page_changed;
}

/* -- the field -----------------------------------------------------------------------------------
 */

/* Printing and being locked may come; being hidden may not go. */
static bool flags_fit(struct foreign_value old, struct foreign_value new)
{
    struct foreign_value before;
    struct foreign_value after;
    uint64_t was = 0;
    uint64_t is = 0;
    if (foreign_get(old, "/F", &before) && !foreign_integer(before, &was))
        return false;
    if (foreign_get(new, "/F", &after) && !foreign_integer(after, &is))
        return false;
    return (was & ~is) == 0 && (is & ~was & ~(uint64_t)(FLAG_PRINT | FLAG_LOCKED)) == 0;
}

static bool area_fits(const struct foreign_diff *diff, struct foreign_value field)
{
    double edges[4] = {0};
    struct foreign_value item;
    struct foreign_cursor items = foreign_inside(foreign_file_get(diff->new, field, "/Rect"));
    for (size_t i = 0; i < 4 && foreign_next(&items, &item); i++)
        edges[i] = foreign_real(item);
    double area = (edges[2] - edges[0]) * (edges[3] - edges[1]);
    return area <= FOREIGN_PICTURE_AREA_MAX && area >= -FOREIGN_PICTURE_AREA_MAX;
}

static bool is_plain_field(struct foreign_value field)
{
    struct foreign_value value;
    if (!foreign_get(field, "/FT", &value) || !foreign_is(value, "/Sig"))
        return false;
    if (foreign_get(field, "/Type", &value) && !foreign_is(value, "/Annot"))
        return false;
    if (foreign_get(field, "/Subtype", &value) && !foreign_is(value, "/Widget"))
        return false;
    return !foreign_get(field, "/Parent", &value);
}

const char *foreign_diff_field(const struct foreign_diff *diff)
{
    static const char *const allowed[] = {"/V", "/AP", "/MK", "/M", "/P", "/DA", "/F", NULL};
    const struct foreign_signature *added = diff->added;
    struct foreign_value old = foreign_file_object(diff->old, added->field);
    struct foreign_value new = foreign_file_object(diff->new, added->field);
    struct foreign_value value;
    if (foreign_get(new, "/Kids", &value) || !foreign_get(new, "/V", &value) ||
        value.kind != FOREIGN_REFERENCE || value.number != added->number ||
        !is_new(diff, added->number))
        return changed;
    if (foreign_is_null(old)) {
        if (!is_plain_field(new))
            return changed;
    } else if (foreign_get(old, "/V", &value) || !foreign_diff_only(old, new, allowed) ||
               !flags_fit(old, new)) {
        return changed;
    }
    return area_fits(diff, new) ? NULL : "unsupported.picture";
}
