#include "meeting/edge/paper/foreign_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/foreign_signature.h"

enum { FIELD_DEPTH_MAX = 16 };

static const char irregular[] = "unsupported.irregular";

/* A walk through the tree of fields, each of them once. */
struct walk {
    const struct foreign_file *file;
    struct foreign_form *form;
    bool *seen;
};

/* The type of a field is its own, or its parent's. */
static bool is_signature(struct foreign_value field, bool inherited)
{
    struct foreign_value type;
    return foreign_get(field, "/FT", &type) ? foreign_is(type, "/Sig") : inherited;
}

static void read_name(const struct foreign_file *file, uint32_t number, char *ret_name)
{
    struct buffer text = {0};
    ret_name[0] = '\0';
    if (foreign_file_string(file, number, "/T", FOREIGN_UTF8, &text) != ERR_OK)
        return;
    size_t size = text.size < PDF_FORM_NAME_BYTES ? text.size : PDF_FORM_NAME_BYTES - 1;
    while (size < text.size && size > 0 && (text.data[size] & 0xC0) == 0x80)
        size--;
    if (utf8_valid((struct bytes){text.data, size})) {
        memcpy(ret_name, text.data, size);
        ret_name[size] = '\0';
    }
    buffer_done(&text);
}

static const char *add(struct walk *walk, uint32_t number, struct foreign_value signature)
{
    struct foreign_form *form = walk->form;
    if (signature.kind != FOREIGN_REFERENCE || signature.generation != 0)
        return "unsupported.dictionary";
    if (form->count == LIMIT_SIGNATURES_PER_FILE)
        return "unsupported.large";
    for (size_t i = 0; i < form->count; i++)
        if (form->signatures[i].number == signature.number)
            return "unsupported.dictionary"; /* shown in two places */
    struct foreign_signature *one = &form->signatures[form->count++];
    one->field = number;
    one->number = signature.number;
    read_name(walk->file, number, one->name);
    return foreign_signature_read(walk->file, one);
}

static const char *walk_fields(struct walk *walk, struct foreign_value list, bool inherited,
                               int depth)
{
    struct foreign_value item;
    struct foreign_cursor items = foreign_inside(foreign_file_follow(walk->file, list));
    if (depth > FIELD_DEPTH_MAX)
        return irregular;
    while (foreign_next(&items, &item)) {
        struct foreign_value value;
        if (item.kind != FOREIGN_REFERENCE || item.number == 0 ||
            item.number >= walk->file->count || walk->seen[item.number])
            return irregular;
        walk->seen[item.number] = true;
        struct foreign_value field = foreign_file_object(walk->file, item.number);
        bool signs = is_signature(field, inherited);
        const char *code = NULL;
        if (signs && foreign_get(field, "/V", &value))
            code = add(walk, item.number, value);
        if (!code && foreign_get(field, "/Kids", &value))
            code = walk_fields(walk, value, signs, depth + 1);
        if (code)
            return code;
    }
    return NULL;
}

static int by_end(const void *a, const void *b)
{
    const struct foreign_signature *left = a;
    const struct foreign_signature *right = b;
    return left->end < right->end ? -1 : left->end > right->end;
}

/* Each was added behind what the one before covers. */
static const char *check_order(struct foreign_form *form)
{
    qsort(form->signatures, form->count, sizeof *form->signatures, by_end);
    for (size_t i = 1; i < form->count; i++) {
        if (form->signatures[i].gap < form->signatures[i - 1].end)
            return "signature.range";
        if (form->signatures[i].certifies) /* what is certified is what stands before all others */
            return "unsupported.dictionary";
    }
    return NULL;
}

/* As the objects have it, those inside object streams too. */
static size_t count_ranges(const struct foreign_file *file)
{
    size_t count = 0;
    struct foreign_value token;
    for (uint32_t number = 1; number < file->count; number++) {
        struct foreign_cursor cursor = foreign_cursor_init(foreign_file_object(file, number).text);
        while (foreign_token(&cursor, &token))
            count += token.kind == FOREIGN_NAME && foreign_is(token, "/ByteRange");
    }
    return count;
}

/* As a reader finds it that looks through the bytes. */
static size_t count_spelled(struct bytes file)
{
    static const char text[] = "/ByteRange";
    size_t count = 0;
    const uint8_t *end = file.data + file.size;
    const uint8_t *at = file.data;
    while ((at = memmem(at, (size_t)(end - at), text, sizeof text - 1)) != NULL) {
        count++;
        at++;
    }
    return count;
}

const char *foreign_form_read(const struct foreign_file *file, struct foreign_form *ret_form)
{
    memset(ret_form, 0, sizeof *ret_form);
    struct walk walk = {.file = file, .form = ret_form, .seen = calloc(file->count, sizeof(bool))};
    if (!walk.seen)
        return "verify.failed";
    struct foreign_value catalogue = foreign_file_object(file, file->root);
    struct foreign_value form = foreign_file_get(file, catalogue, "/AcroForm");
    struct foreign_value fields;
    const char *code = NULL;
    if (foreign_get(form, "/Fields", &fields))
        code = walk_fields(&walk, fields, false, 0);
    free(walk.seen);
    if (!code)
        code = check_order(ret_form);
    /* A range that no field leads to could be shown by a reader that looks for it elsewhere. */
    if (!code &&
        (count_ranges(file) != ret_form->count || count_spelled(file->bytes) != ret_form->count))
        code = "unsupported.ranges";
    return code;
}

void foreign_form_done(struct foreign_form *form)
{
    for (size_t i = 0; i < form->count; i++)
        buffer_done(&form->signatures[i].cms);
    form->count = 0;
}
