#include "meeting/edge/paper/foreign_diff.h"

#include <stdlib.h>

#include "meeting/edge/paper/foreign_diff_part.h"

static const char failed[] = "verify.failed";

bool foreign_diff_same_key(struct foreign_value old, struct foreign_value new, const char *key)
{
    struct foreign_value before;
    struct foreign_value after;
    bool had = foreign_get(old, key, &before);
    bool has = foreign_get(new, key, &after);
    return had == has && foreign_same(before, after);
}

static bool is_among(struct foreign_value key, const char *const *names)
{
    for (; *names; names++)
        if (foreign_is(key, *names))
            return true;
    return false;
}

/* Every key of `a` that is not among `allowed` is in `b`, with the same value. */
static bool is_within(struct foreign_value a, struct foreign_value b, const char *const *allowed)
{
    struct foreign_value key;
    struct foreign_value value;
    struct foreign_cursor cursor = foreign_inside(a);
    while (foreign_next(&cursor, &key) && foreign_next(&cursor, &value)) {
        struct foreign_value other;
        char name[128];
        if (is_among(key, allowed))
            continue;
        if (key.kind != FOREIGN_NAME || key.text.size >= sizeof name)
            return false;
        for (size_t i = 0; i < key.text.size; i++)
            name[i] = (char)key.text.data[i];
        name[key.text.size] = '\0';
        if (!foreign_get(b, name, &other) || !foreign_same(value, other))
            return false;
    }
    return !cursor.failed;
}

bool foreign_diff_only(struct foreign_value old, struct foreign_value new,
                       const char *const *allowed)
{
    return old.kind == FOREIGN_DICTIONARY &&
           new.kind == FOREIGN_DICTIONARY &&is_within(old, new, allowed) &&
           is_within(new, old, allowed);
}

void foreign_diff_give(struct foreign_diff *diff, struct foreign_value reference,
                       enum foreign_part part)
{
    uint32_t number = reference.number;
    if (reference.kind != FOREIGN_REFERENCE || number == 0 || number >= diff->old->count)
        return;
    bool alone = diff->before.references[number] <= 1 && number < diff->new->count &&
                 diff->after.references[number] <= 1;
    if (alone && diff->parts[number] == FOREIGN_FIXED)
        diff->parts[number] = part;
}

/* -- what may change -----------------------------------------------------------------------------
 */

/* /Info is no object's but the trailer's. */
static void give_information(struct foreign_diff *diff)
{
    struct foreign_value value;
    if (foreign_get(foreign_file_trailer(diff->old), "/Info", &value) &&
        value.kind == FOREIGN_REFERENCE && value.number < diff->old->count &&
        diff->before.references[value.number] == 0 && value.number < diff->new->count &&
        diff->after.references[value.number] == 0)
        diff->parts[value.number] = FOREIGN_FREE;
}

/* The store's lists may grow; what was in it stays. Behind the last signature they must have grown,
 * or something else was added. */
static const char *give_store(struct foreign_diff *diff)
{
    struct foreign_dss_parts now;
    size_t before = 0;
    size_t after = 0;
    if (foreign_dss_find(diff->old, diff->before.references, &diff->stored) != ERR_OK)
        return failed;
    if (foreign_dss_find(diff->new, diff->after.references, &now) != ERR_OK)
        return failed;
    bool kept = true;
    for (uint32_t number = 1; number < diff->old->count; number++) {
        struct foreign_value reference = {.kind = FOREIGN_REFERENCE, .number = number};
        if (diff->stored.lists[number])
            foreign_diff_give(diff, reference, FOREIGN_STORE);
        if (diff->stored.streams[number])
            kept = kept && number < diff->new->count &&now.streams[number];
        before += diff->stored.streams[number];
    }
    for (uint32_t number = 1; number < diff->new->count; number++)
        after += now.streams[number];
    foreign_dss_parts_done(&now);
    if (diff->added)
        return kept ? NULL : "unsupported.changed";
    return kept && after > before ? NULL : "revision.unsigned";
}

static const char *prepare(struct foreign_diff *diff)
{
    diff->parts = calloc(diff->old->count, sizeof *diff->parts);
    if (!diff->parts)
        return failed;
    const char *code = foreign_graph_make(diff->old, &diff->before);
    if (!code)
        code = foreign_graph_make(diff->new, &diff->after);
    if (!code)
        code = give_store(diff);
    if (!code && diff->added) {
        give_information(diff);
        foreign_diff_give_annotations(diff);
    }
    return code;
}

/* -- what did change -----------------------------------------------------------------------------
 */

static bool same_stream(const struct foreign_diff *diff, uint32_t number)
{
    struct buffer before = {0};
    struct buffer after = {0};
    bool same = foreign_file_stream(diff->old, number, FOREIGN_RAW, diff->old->bytes.size,
                                    &before) == ERR_OK &&
                foreign_file_stream(diff->new, number, FOREIGN_RAW, diff->new->bytes.size,
                                    &after) == ERR_OK &&
                bytes_equal(buffer_bytes(&before), buffer_bytes(&after));
    buffer_done(&before);
    buffer_done(&after);
    return same;
}

static bool is_unchanged(const struct foreign_diff *diff, uint32_t number)
{
    bool is_stream = foreign_file_is_stream(diff->old, number);
    return is_stream == foreign_file_is_stream(diff->new, number) &&
           foreign_same(foreign_file_object(diff->old, number),
                        foreign_file_object(diff->new, number)) &&
           (!is_stream || same_stream(diff, number));
}

static bool is_named(const struct foreign_file *file, uint32_t number)
{
    struct foreign_value token;
    struct foreign_cursor cursor = foreign_cursor_init(foreign_file_trailer(file).text);
    while (foreign_token(&cursor, &token))
        if (token.kind == FOREIGN_REFERENCE && token.number == number)
            return true;
    return false;
}

/* Nothing leads there, in either file. */
static bool is_adrift(const struct foreign_diff *diff, uint32_t number)
{
    return diff->before.references[number] == 0 &&
           (number >= diff->new->count || diff->after.references[number] == 0) &&
           !is_named(diff->old, number) && !is_named(diff->new, number);
}

/* Compared elsewhere, by its keys and items; a stream would have more. */
static bool is_compared(const struct foreign_diff *diff, uint32_t number)
{
    if (foreign_file_is_stream(diff->old, number) || foreign_file_is_stream(diff->new, number))
        return false;
    return number == diff->old->root || (diff->added && number == diff->added->field) ||
           diff->parts[number] != FOREIGN_FIXED;
}

/* A field that somebody filled in, which a certification may allow: not judged here. */
static bool is_filled(const struct foreign_diff *diff, uint32_t number)
{
    struct foreign_value type;
    struct foreign_value field = foreign_file_object(diff->old, number);
    return foreign_get(field, "/Subtype", &type) && foreign_is(type, "/Widget") &&
           !(foreign_get(field, "/FT", &type) && foreign_is(type, "/Sig"));
}

static const char *check_object(const struct foreign_diff *diff, uint32_t number)
{
    if (is_compared(diff, number) || diff->parts[number] == FOREIGN_FREE || is_adrift(diff, number))
        return NULL;
    if (!diff->added)
        return "revision.unsigned";
    if (diff->before.is_page[number] && !foreign_file_is_stream(diff->new, number))
        return foreign_diff_page(diff, number);
    return diff->before.of_pages[number] && !is_filled(diff, number) ? "revision.changed"
                                                                     : "unsupported.changed";
}

static const char *check_objects(const struct foreign_diff *diff)
{
    for (uint32_t number = 1; number < diff->old->count; number++) {
        if (foreign_is_null(foreign_file_object(diff->old, number)))
            continue;
        const char *code = is_unchanged(diff, number) ? NULL : check_object(diff, number);
        if (code)
            return code;
    }
    return NULL;
}

/* What referred to nothing may not be given something to refer to. */
static const char *check_dangling(const struct foreign_diff *diff)
{
    struct foreign_value token;
    for (uint32_t number = 1; number < diff->old->count; number++) {
        struct foreign_cursor cursor =
            foreign_cursor_init(foreign_file_object(diff->old, number).text);
        while (foreign_token(&cursor, &token)) {
            if (token.kind != FOREIGN_REFERENCE ||
                !foreign_is_null(foreign_file_object(diff->old, token.number)) ||
                foreign_is_null(foreign_file_object(diff->new, token.number)))
                continue;
            if (!diff->added)
                return "revision.unsigned";
            return diff->before.of_pages[number] ? "revision.changed" : "unsupported.changed";
        }
    }
    return NULL;
}

/* A page may stay as it is while its list, an object of its own, does not. */
static const char *check_lists(const struct foreign_diff *diff)
{
    struct foreign_value list;
    for (uint32_t number = 1; diff->added && number < diff->old->count; number++) {
        if (!diff->before.is_page[number])
            continue;
        (void)foreign_get(foreign_file_object(diff->old, number), "/Annots", &list);
        if (list.kind != FOREIGN_REFERENCE)
            continue;
        const char *code = foreign_diff_page(diff, number);
        if (code)
            return code;
    }
    return NULL;
}

static const char *compare(struct foreign_diff *diff)
{
    if (diff->old->root != diff->new->root)
        return diff->added ? "revision.changed" : "revision.unsigned";
    if (!diff->added && !foreign_diff_same_key(foreign_file_trailer(diff->old),
                                               foreign_file_trailer(diff->new), "/Info"))
        return "revision.unsigned";
    const char *code = prepare(diff);
    if (!code)
        code = foreign_diff_catalogue(diff);
    if (!code && diff->added)
        code = foreign_diff_field(diff);
    if (!code)
        code = check_objects(diff);
    if (!code)
        code = check_lists(diff);
    if (!code)
        code = check_dangling(diff);
    /* Reading the streams may have brought up what nobody had looked at. */
    if (!code && !(foreign_file_is_regular(diff->old) && foreign_file_is_regular(diff->new)))
        code = "unsupported.irregular";
    return code;
}

const char *foreign_diff_check(const struct foreign_file *old, const struct foreign_file *new,
                               const struct foreign_signature *added)
{
    struct foreign_diff diff = {.old = old, .new = new, .added = added};
    const char *code = compare(&diff);
    foreign_graph_done(&diff.before);
    foreign_graph_done(&diff.after);
    foreign_dss_parts_done(&diff.stored);
    free(diff.parts);
    return code;
}
