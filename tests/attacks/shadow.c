/* Shadow attacks (hide, replace, hide and replace), and papers prepared for something before
 * anybody signs them: what the signer sees is not all that is in the file. */
#include "tests/attacks/attack.h"

static void replace_info(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    bool found = pdf_get(map->revisions[0].trailer, "/Info", &value);
    assert(found);
    attack_put_object(update, value.reference, "<< /Title (Another title) >>");
}

static void empty_page(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    const struct pdf_object *page = pdf_map_find(map, 0, attack_page_number(map));
    bool found = pdf_get(page->value, "/Contents", &value);
    assert(found);
    attack_put_object(update, value.reference, "<< /Length 0 >>\nstream\n\nendstream");
}

/* The file signed had a second revision already. */
static struct buffer sign_two_revisions(const struct attack *attack,
                                        const struct attack_world *world)
{
    const struct paper_place *place = &world->place;
    struct buffer base = forge_update(attack_file(world, attack->stage), attack->hook);
    struct buffer file = paper_sign(place, buffer_bytes(&base), PAPER_FIELD_CHAIR, &place->chair,
                                    "Lê Văn Ước", place->now);
    buffer_done(&base);
    return file;
}

/* Two papers of the same place, one's body and the other's signatures. */
static struct buffer splice(const struct attack *attack, const struct attack_world *world)
{
    struct bytes body = attack_file(world, ATTACK_TWICE);
    struct bytes tail = attack_file(world, attack->stage);
    size_t body_end = attack_revision_start(body, 2);
    size_t tail_start = attack_revision_start(tail, 2);
    struct buffer file = paper_copy((struct bytes){body.data, body_end});
    enum err err =
        buffer_put(&file, (struct bytes){tail.data + tail_start, tail.size - tail_start});
    assert(err == ERR_OK);
    return file;
}

#define PREPARED(NAME, SAYS, REASON)                                                               \
    .name = "shadow-prepared-" NAME, .says = "before anybody signs, " SAYS, .reason = REASON,      \
    .stage = ATTACK_BASE, .make = attack_prepared

#define IN_TABLE(NAME, SAYS, FROM, TO, REASON)                                                     \
    {                                                                                              \
        .name = "shadow-table-" NAME, .says = "an update's table " SAYS, .reason = REASON,         \
        .stage = ATTACK_TWICE, .make = attack_update, .hook = replace_info, .from = FROM, .to = TO \
    }

static const struct attack attacks[] = {
    IN_TABLE("frees", "frees an object", " 00000 n ", " 00000 f ", "pdf.structure"),
    IN_TABLE("generation", "counts a generation", " 00000 n ", " 00001 n ", "pdf.structure"),
    IN_TABLE("root", "leads to another catalogue", "/Root 1 0 R", "/Root 2 0 R", "pdf.structure"),
    IN_TABLE("alone", "leads back to no other", "/Prev ", "/Pref ", "pdf.hidden"),
    {.name = "shadow-emptied",
     .says = "the page is emptied, for another layer to show",
     .reason = "revision.unsigned",
     .stage = ATTACK_TWICE,
     .make = attack_update,
     .hook = empty_page},
    {.name = "shadow-emptied-insider",
     .says = "the same beside a good signature",
     .reason = "revision.changed",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .hook = empty_page},
    {.name = "shadow-body",
     .says = "an object without a table at the end",
     .reason = "pdf.trailing",
     .stage = ATTACK_TWICE,
     .make = attack_append,
     .to = "8 0 obj\n<< /Type /Page >>\nendobj\n"},
    {.name = "shadow-two-revisions",
     .says = "the file signed had two revisions",
     .reason = "revision.unsigned",
     .stage = ATTACK_BASE,
     .make = sign_two_revisions,
     .hook = replace_info},
    {.name = "shadow-spliced",
     .says = "the chair's signature is taken from another copy",
     .reason = "cms.digest",
     .stage = ATTACK_STAMPED,
     .make = splice},
    {.name = "shadow-spliced-whole",
     .says = "everything after the secretary is of another copy",
     .reason = "timestamp.other",
     .stage = ATTACK_WHOLE,
     .make = splice},
    {PREPARED("orphan", "a second catalogue lies in the file", "pdf.hidden"),
     .more = "<< /Type /Catalog /Pages 6 0 R >>"},
    {PREPARED("page", "a page is in no tree", "pdf.hidden"),
     .more = "<< /Type /Page /Parent 6 0 R /MediaBox [ 0 0 9 9 ] >>"},
    {PREPARED("script", "the catalogue gets a script", "pdf.active"), .from = "/Lang (vi-VN)",
     .to = "/Lang (vi-VN) /OpenAction << /S /JavaScript /JS (x) >>"},
    {PREPARED("additional", "a page gets actions", "pdf.active"), .from = "/Annots [ 11 0 R ]",
     .to = "/Annots [ 11 0 R ] /AA << /O << /S /Named /N /Print >> >>"},
    {PREPARED("layer", "a page gets layers", "pdf.active"), .from = "/ExtGState <<",
     .to = "/Properties << /L 58 0 R >> /ExtGState <<", .more = "<< /Type /OCG /Name (L) >>"},
    {PREPARED("xfa", "the form gets a second form", "pdf.form"), .from = "/SigFlags 3",
     .to = "/SigFlags 3 /XFA 58 0 R", .more = "<< /Length 0 >>\nstream\n\nendstream"},
    {PREPARED("names", "the catalogue gets names", "pdf.active"), .from = "/Lang (vi-VN)",
     .to = "/Lang (vi-VN) /Names << /EmbeddedFiles << /Names [] >> >>"},
    {PREPARED("attachment", "a file is attached", "pdf.form"), .from = "/SigFlags 3",
     .to = "/SigFlags 3 /X << /EF << /F 58 0 R >> /Type /Filespec >>",
     .more = "<< /Length 0 >>\nstream\n\nendstream"},
    {PREPARED("link", "a page gets a link", "pdf.active"), .from = "/Annots [ 11 0 R ]",
     .to = "/Annots [ 11 0 R 58 0 R ]",
     .more = "<< /Type /Annot /Subtype /Link /Rect [ 0 0 9 9 ] /A << /S /URI /URI (x) >> >>"},
    {PREPARED("note", "a page gets a note", "pdf.form"), .from = "/Annots [ 11 0 R ]",
     .to = "/Annots [ 11 0 R 58 0 R ]",
     .more = "<< /Type /Annot /Subtype /FreeText /Rect [ 0 0 600 800 ] /F 132 >>"},
    {PREPARED("field", "a field's empty picture shows something", "pdf.form"),
     .from = "/BBox [ 0 0 102.05 102.05 ] /Resources << >>",
     .to = "/BBox [ 0 0 102.05 102.05 ] /Matrix [ 9 0 0 9 0 0 ] /Resources << >>"},
    {PREPARED("hidden-field", "the agency's field is hidden", "pdf.form"),
     .from = "/F 132 /FT /Sig /P 14 0 R /Rect [ 301.89",
     .to = "/F 130 /FT /Sig /P 14 0 R /Rect [ 301.89"},
    {PREPARED("rotated", "a page is turned", "pdf.active"), .from = "/Annots [ 11 0 R ]",
     .to = "/Annots [ 11 0 R ] /Rotate 90"},
    {PREPARED("permissions", "the catalogue already certifies", "pdf.active"),
     .from = "/Lang (vi-VN)", .to = "/Lang (vi-VN) /Perms << /DocMDP 2 0 R >>"},
    {PREPARED("alternates", "a picture for printing differs", "pdf.active"),
     .from = "/ExtGState <<", .to = "/XObject << /I << /Alternates [] >> >> /ExtGState <<"},
    {PREPARED("piece", "another program's data lies in a page", "pdf.active"),
     .from = "/ExtGState <<", .to = "/PieceInfo << >> /ExtGState <<"},
};

const struct attack_family attack_shadow = {"shadow", attacks, sizeof attacks / sizeof *attacks};
