/* Makers that many attacks share. */
#include "tests/attacks/attack.h"

#include <stdarg.h>

static void put(struct buffer *file, struct bytes bytes)
{
    enum err err = buffer_put(file, bytes);
    assert(err == ERR_OK);
}

size_t attack_revision_start(struct bytes pdf, size_t index)
{
    struct pdf_map map;
    const char *code = NULL;
    if (index == 0)
        return 0;
    enum err err = pdf_map_parse(pdf, &map, &code);
    assert(err == ERR_OK && index <= map.revision_count);
    size_t start = map.revisions[index - 1].end;
    pdf_map_done(&map);
    return start;
}

void attack_put_object(struct pdf_update *update, uint32_t number, const char *text)
{
    pdf_update_begin_object(update, number);
    pdf_update_print(update, "%s", text);
    pdf_update_end_object(update);
}

uint32_t attack_page_number(const struct pdf_map *map)
{
    struct pdf_value value;
    for (size_t i = 0; i < map->object_count; i++)
        if (pdf_get(map->objects[i].value, "/Type", &value) && pdf_is(value, "/Page"))
            return map->objects[i].number;
    abort();
}

struct buffer attack_patch(const struct attack *attack, const struct attack_world *world)
{
    struct bytes pdf = attack_file(world, attack->stage);
    struct buffer file = paper_copy(pdf);
    assert(strlen(attack->from) == strlen(attack->to));
    forge_patch(&file,
                forge_find(&file, attack_revision_start(pdf, attack->revision), attack->from),
                attack->to);
    return file;
}

struct buffer attack_append(const struct attack *attack, const struct attack_world *world)
{
    struct buffer file = paper_copy(attack_file(world, attack->stage));
    put(&file, bytes_of(attack->to));
    return file;
}

struct buffer attack_prepend(const struct attack *attack, const struct attack_world *world)
{
    struct buffer file = paper_copy(bytes_of(attack->to));
    put(&file, attack_file(world, attack->stage));
    return file;
}

struct buffer attack_cut(const struct attack *attack, const struct attack_world *world)
{
    struct bytes pdf = attack_file(world, attack->stage);
    return paper_copy((struct bytes){pdf.data, pdf.size - attack->variant});
}

/* `file` with `to` instead of the first `from` behind `start`. */
static struct buffer replace(struct buffer *file, size_t start, const char *from, const char *to)
{
    size_t at = forge_find(file, start, from);
    size_t behind = at + strlen(from);
    struct buffer other = paper_copy((struct bytes){file->data, at});
    put(&other, bytes_of(to));
    put(&other, (struct bytes){file->data + behind, file->size - behind});
    buffer_done(file);
    return other;
}

struct buffer attack_update(const struct attack *attack, const struct attack_world *world)
{
    struct bytes pdf = attack_file(world, attack->stage);
    struct buffer file = forge_update(pdf, attack->hook);
    return attack->from ? replace(&file, pdf.size, attack->from, attack->to) : file;
}

struct buffer attack_insider(const struct attack *attack, const struct attack_world *world)
{
    struct forge_plan plan = attack->plan;
    plan.hook = attack->hook;
    return forge_sign(&world->place, attack_file(world, attack->stage), &world->place.chair, &plan);
}

struct buffer attack_signed_patch(const struct attack *attack, const struct attack_world *world)
{
    const struct paper_place *place = &world->place;
    struct bytes pdf = attack_file(world, attack->stage);
    struct bytes chain[] = {certs_ca_issuing(place->ca)};
    struct pades_request request = {PAPER_FIELD_AGENCY, KEEP_AGENCY, place->now};
    struct pades_prepared prepared;
    uint64_t range[4];
    uint8_t digest[CERTS_SHA256_BYTES];
    uint8_t raw[CERTS_RAW_SIGNATURE_BYTES];
    enum err err = pades_prepare(pdf, &request, &prepared);
    assert(err == ERR_OK);
    struct buffer file = prepared.file;
    size_t start = attack->revision > 0 ? pdf.size : 0; /* of the old part, or the new */
    assert(strlen(attack->from) == strlen(attack->to));
    memcpy(range, prepared.byte_range, sizeof range);
    forge_patch(&file, forge_find(&file, start, attack->from), attack->to);
    err = pades_digest(buffer_bytes(&file), range, digest);
    assert(err == ERR_OK);
    signer_answer(&place->chair, digest, raw);
    err =
        pades_complete(&file, range, buffer_bytes(&place->chair.issued.certificate), chain, 1, raw);
    assert(err == ERR_OK);
    return file;
}

/* -- a paper written anew, in one revision -------------------------------------------------------
 */

__attribute__((format(printf, 2, 3))) static void put_text(struct buffer *file, const char *format,
                                                           ...)
{
    char text[64];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put(file, bytes_of(text));
}

/* The object's text, with `to` instead of `from` if that is in its dictionary. */
static bool put_rewritten(struct buffer *file, const struct pdf_map *map,
                          const struct pdf_object *object, const struct attack *attack)
{
    const uint8_t *begin = map->file.data + object->start;
    struct bytes dictionary = object->value.text;
    const uint8_t *at =
        attack->from ? memmem(dictionary.data, dictionary.size, attack->from, strlen(attack->from))
                     : NULL;
    if (!at) {
        put(file, (struct bytes){begin, object->end - object->start});
        return false;
    }
    const uint8_t *behind = at + strlen(attack->from);
    put(file, (struct bytes){begin, (size_t)(at - begin)});
    put(file, bytes_of(attack->to));
    put(file, (struct bytes){behind, (size_t)(map->file.data + object->end - behind)});
    return true;
}

static struct buffer rebuild(struct bytes pdf, const struct attack *attack)
{
    struct pdf_map map;
    const char *code = NULL;
    enum err err = pdf_map_parse(pdf, &map, &code);
    assert(err == ERR_OK && map.revision_count == 1);
    struct buffer file = paper_copy((struct bytes){pdf.data, map.revisions[0].start});
    size_t *offsets = calloc(map.object_count + 2, sizeof *offsets);
    bool done = !attack->from;
    struct attack unchanged = *attack;
    unchanged.from = NULL;
    for (size_t i = 0; i < map.object_count; i++) {
        const struct pdf_object *object = &map.objects[i];
        offsets[object->number] = file.size;
        done |= put_rewritten(&file, &map, object, done ? &unchanged : attack);
    }
    assert(done);
    size_t count = map.object_count + 1;
    if (attack->more) {
        offsets[count] = file.size;
        put_text(&file, "%zu 0 obj\n", count++);
        put(&file, bytes_of(attack->more));
        put(&file, bytes_of("\nendobj\n"));
    }
    size_t xref = file.size;
    put_text(&file, "xref\n0 %zu\n0000000000 65535 f \n", count);
    for (size_t i = 1; i < count; i++)
        put_text(&file, "%010zu 00000 n \n", offsets[i]);
    struct pdf_value size;
    struct pdf_value trailer = map.revisions[0].trailer;
    bool has = pdf_get(trailer, "/Size", &size);
    assert(has);
    put(&file, bytes_of("trailer "));
    put(&file, bytes_of("<< "));
    put(&file, bytes_of(attack->trailer ? attack->trailer : ""));
    put(&file,
        (struct bytes){trailer.text.data + 3, (size_t)(size.text.data - trailer.text.data) - 3});
    put_text(&file, "%zu", count);
    const uint8_t *behind = size.text.data + size.text.size;
    put(&file, (struct bytes){behind, (size_t)(trailer.text.data + trailer.text.size - behind)});
    put_text(&file, "\nstartxref\n%zu\n%%%%EOF\n", xref);
    free(offsets);
    pdf_map_done(&map);
    return file;
}

struct buffer attack_prepared(const struct attack *attack, const struct attack_world *world)
{
    const struct paper_place *place = &world->place;
    struct buffer base = rebuild(attack_file(world, ATTACK_BASE), attack);
    struct buffer file = paper_sign(place, buffer_bytes(&base), PAPER_FIELD_CHAIR, &place->chair,
                                    "Lê Văn Ước", place->now);
    buffer_done(&base);
    return file;
}
