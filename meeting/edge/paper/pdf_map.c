#include "meeting/edge/paper/pdf_map.h"

#include <stdlib.h>
#include <string.h>

/* An object takes at least "1 0 obj\nnull\nendobj\n" and 20 bytes of table. */
enum { OBJECT_BYTES_MIN = 40, ENTRY_BYTES = 20 };

static const char structure[] = "pdf.structure";
static const char trailing[] = "pdf.trailing";
static const char hidden[] = "pdf.hidden";

/* "%PDF-1.7", and a comment line of four bytes above 127 that marks the file as binary. */
static bool read_header(struct bytes file, size_t *ret_end)
{
    struct scan scan = scan_init(file);
    scan_expect(&scan, "%PDF-1.7\n%");
    for (int i = 0; i < 4 && !scan.failed; i++, scan.at++)
        if (scan.at >= scan.end || *scan.at < 128)
            scan.failed = true;
    scan_expect(&scan, "\n");
    if (scan.failed)
        return false;
    *ret_end = (size_t)(scan.at - file.data);
    return true;
}

/* The number in the file's last "startxref\nN\n%%EOF\n". */
static bool read_last(struct bytes file, size_t *ret_xref)
{
    static const char tail[] = "\n%%EOF\n";
    size_t tail_size = sizeof tail - 1;
    if (file.size < tail_size || memcmp(file.data + file.size - tail_size, tail, tail_size) != 0)
        return false;
    size_t end = file.size - tail_size;
    size_t start = end;
    while (start > 0 && end - start < 11 && file.data[start - 1] != '\n')
        start--;
    struct scan scan = scan_init((struct bytes){file.data + start, end - start});
    uint64_t number = scan_integer(&scan);
    if (scan.failed || scan.at != scan.end || number >= file.size)
        return false;
    *ret_xref = (size_t)number;
    return true;
}

/* Objects may not overlap, so together they are no longer than the file. Checked at once, or
 * objects inside objects would be read over and over. */
static bool add_object(struct pdf_map *map, size_t offset, uint32_t number)
{
    if (map->object_count >= map->file.size / OBJECT_BYTES_MIN + 1)
        return false;
    struct pdf_object *object = &map->objects[map->object_count++];
    if (!pdf_object_at(map->file, offset, number, object))
        return false;
    map->object_bytes += object->end - object->start;
    return map->object_bytes <= map->file.size;
}

/* One line of the table: "oooooooooo 00000 n \n", or the head of the free list, which says only
 * that nothing is free. */
static bool read_entry(struct pdf_map *map, struct scan *scan, uint64_t number)
{
    if (number == 0) {
        scan_expect(scan, "0000000000 65535 f \n");
        return !scan->failed;
    }
    const uint8_t *start = scan->at;
    uint64_t offset = scan_integer(scan);
    if (scan->at - start != 10)
        return false;
    scan_expect(scan, " 00000 n \n");
    return !scan->failed && offset < map->file.size && number < UINT32_MAX &&
           add_object(map, (size_t)offset, (uint32_t)number);
}

static bool read_table(struct pdf_map *map, struct scan *scan)
{
    uint64_t next = 0;
    scan_expect(scan, "xref\n");
    while (!scan->failed && !scan_follows(scan, "trailer")) {
        uint64_t number = scan_integer(scan);
        scan_expect(scan, " ");
        uint64_t count = scan_integer(scan);
        scan_expect(scan, "\n");
        if (scan->failed || number < next || count == 0 ||
            count > (uint64_t)(scan->end - scan->at) / ENTRY_BYTES)
            return false;
        next = number + count;
        for (; number < next; number++)
            if (!read_entry(map, scan, number))
                return false;
    }
    return !scan->failed;
}

/* The table at `xref` and what stands behind it. *ret_prev is 0 when there is no older revision. */
static bool read_revision(struct pdf_map *map, size_t xref, struct pdf_revision *ret_revision,
                          size_t *ret_prev)
{
    struct pdf_revision revision = {.xref = xref, .first = map->object_count};
    struct scan scan = scan_init((struct bytes){map->file.data + xref, map->file.size - xref});
    if (!read_table(map, &scan))
        return false;
    revision.count = map->object_count - revision.first;
    scan_expect(&scan, "trailer ");
    revision.trailer = scan_value(&scan);
    scan_expect(&scan, "\nstartxref\n");
    uint64_t again = scan_integer(&scan);
    scan_expect(&scan, "\n%%EOF\n");
    if (scan.failed || again != xref || revision.count == 0)
        return false;
    revision.end = (size_t)(scan.at - map->file.data);

    struct pdf_value value;
    uint64_t size = 0;
    uint64_t prev = 0;
    if (!pdf_get(revision.trailer, "/Size", &value) || !pdf_integer(value, &size) ||
        size > UINT32_MAX)
        return false;
    if (pdf_get(revision.trailer, "/Prev", &value) &&
        (!pdf_integer(value, &prev) || prev == 0 || prev >= xref))
        return false;
    revision.size = (uint32_t)size;
    *ret_revision = revision;
    *ret_prev = (size_t)prev;
    return true;
}

/* Newest first, as the file leads; then turned round. */
static const char *read_revisions(struct pdf_map *map)
{
    size_t xref = 0;
    if (!read_last(map->file, &xref))
        return trailing;
    do {
        if (map->revision_count == PDF_REVISIONS_MAX)
            return structure;
        struct pdf_revision *revision = &map->revisions[map->revision_count];
        size_t end = map->revision_count > 0 ? revision[-1].start : map->file.size;
        size_t prev = 0;
        if (!read_revision(map, xref, revision, &prev))
            return structure;
        /* The newest reaches to the file's end, every older one to the next's first object. */
        if (map->revision_count == 0 && revision->end != end)
            return trailing;
        revision->start = revision->xref;
        for (size_t i = 0; i < revision->count; i++)
            if (map->objects[revision->first + i].start < revision->start)
                revision->start = map->objects[revision->first + i].start;
        if (map->revision_count > 0 && revision->end != end)
            return hidden;
        map->revision_count++;
        xref = prev;
    } while (xref != 0);
    for (size_t i = 0, j = map->revision_count - 1; i < j; i++, j--) {
        struct pdf_revision swap = map->revisions[i];
        map->revisions[i] = map->revisions[j];
        map->revisions[j] = swap;
    }
    return NULL;
}

static int by_start(const void *a, const void *b)
{
    const struct pdf_object *left = a;
    const struct pdf_object *right = b;
    return left->start < right->start ? -1 : left->start > right->start;
}

/* Objects lie end to end from the revision's first byte to its table. */
static bool tiles(const struct pdf_map *map, const struct pdf_revision *revision)
{
    size_t at = revision->start;
    for (size_t i = 0; i < revision->count; i++) {
        const struct pdf_object *object = &map->objects[revision->first + i];
        if (object->start != at)
            return false;
        at = object->end;
    }
    return at == revision->xref;
}

/* Numbers below Size, new ones without a hole, and the catalogue always the same. */
static bool check_numbers(struct pdf_map *map, size_t index)
{
    const struct pdf_revision *revision = &map->revisions[index];
    uint32_t before = index > 0 ? map->revisions[index - 1].size : 1;
    size_t fresh = 0;
    for (size_t i = 0; i < revision->count; i++) {
        uint32_t number = map->objects[revision->first + i].number;
        if (number >= revision->size)
            return false;
        fresh += number >= before;
    }
    struct pdf_value root;
    if (!pdf_get(revision->trailer, "/Root", &root) || root.kind != PDF_REFERENCE)
        return false;
    if (index == 0)
        map->root = root.reference;
    return root.reference == map->root && revision->size >= before &&
           fresh == revision->size - before;
}

static const char *check_revisions(struct pdf_map *map)
{
    size_t header = 0;
    if (!read_header(map->file, &header))
        return structure;
    if (map->revisions[0].start != header)
        return hidden;
    for (size_t i = 0; i < map->revision_count; i++) {
        struct pdf_revision *revision = &map->revisions[i];
        qsort(&map->objects[revision->first], revision->count, sizeof *map->objects, by_start);
        if (!tiles(map, revision))
            return hidden;
        if (!check_numbers(map, i))
            return structure;
    }
    return NULL;
}

enum err pdf_map_parse(struct bytes file, struct pdf_map *ret_map, const char **ret_code)
{
    *ret_code = NULL;
    struct pdf_map map = {.file = file};
    map.objects = calloc(file.size / OBJECT_BYTES_MIN + 1, sizeof *map.objects);
    if (!map.objects)
        return ERR_NO_MEMORY;
    const char *code = read_revisions(&map);
    if (!code)
        code = check_revisions(&map);
    if (code) {
        pdf_map_done(&map);
        *ret_code = code;
        return ERR_FORMAT;
    }
    *ret_map = map;
    return ERR_OK;
}

void pdf_map_done(struct pdf_map *map)
{
    free(map->objects);
    *map = (struct pdf_map){0};
}

const struct pdf_object *pdf_map_find(const struct pdf_map *map, size_t revision, uint32_t number)
{
    for (size_t r = revision + 1; r-- > 0;) {
        const struct pdf_revision *at = &map->revisions[r];
        const struct pdf_object *objects = &map->objects[at->first];
        /* Our own writers number objects in the order they stand. */
        if (r == 0 && number > 0 && number <= at->count && objects[number - 1].number == number)
            return &objects[number - 1];
        for (size_t i = 0; i < at->count; i++)
            if (objects[i].number == number)
                return &objects[i];
    }
    return NULL;
}

const struct pdf_object *pdf_map_follow(const struct pdf_map *map, size_t revision,
                                        struct pdf_value value)
{
    return value.kind == PDF_REFERENCE ? pdf_map_find(map, revision, value.reference) : NULL;
}
