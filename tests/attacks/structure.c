/* A file's structure: two readers may see two documents in it. */
#include "tests/attacks/attack.h"

static void replace_info(const struct pdf_map *map, struct pdf_update *update)
{
    struct pdf_value value;
    bool found = pdf_get(map->revisions[0].trailer, "/Info", &value);
    assert(found);
    attack_put_object(update, value.reference, "<< /Title (Another title) >>");
}

/* In an update that nobody signs, and in the paper before it is signed by the agency. */
#define TRAILER(NAME, SAYS, FROM, TO, REASON)                                                      \
    {                                                                                              \
        .name = "structure-trailer-" NAME, .says = "a trailer " SAYS, .reason = REASON,            \
        .stage = ATTACK_WHOLE, .make = attack_update, .hook = replace_info, .from = FROM, .to = TO \
    }

#define PATCHED(NAME, SAYS, FROM, TO, REASON)                                                      \
    {                                                                                              \
        .name = "structure-signed-" NAME, .says = SAYS ", and is signed so", .reason = REASON,     \
        .stage = ATTACK_BASE, .make = attack_signed_patch, .from = FROM, .to = TO                  \
    }

#define PREPARED(NAME, SAYS, REASON)                                                               \
    .name = "structure-prepared-" NAME, .says = "before anybody signs, " SAYS, .reason = REASON,   \
    .stage = ATTACK_BASE, .make = attack_prepared

static const struct attack attacks[] = {
    TRAILER("hybrid", "has a second table for newer readers", "/Info 2 0 R",
            "/Info 2 0 R /XRefStm 17", "revision.changed"),
    TRAILER("encrypt", "says that the file is encrypted", "/Info 2 0 R",
            "/Info 2 0 R /Encrypt 2 0 R", "revision.changed"),
    TRAILER("twice", "names two catalogues", "/Root 1 0 R", "/Root 1 0 R /Root 2 0 R",
            "pdf.structure"),
    TRAILER("escaped", "names two catalogues, one in another spelling", "/Root 1 0 R",
            "/Root 1 0 R /R#6fot 2 0 R", "pdf.structure"),
    TRAILER("comment", "has a comment", "trailer << ", "trailer << % /Root 9 0 R\n",
            "pdf.structure"),
    TRAILER("two", "is followed by another", "startxref", "trailer << /Root 2 0 R >>\nstartxref",
            "pdf.structure"),
    TRAILER("size", "says that there are too many objects", "/Size ", "/Size 9", "pdf.structure"),
    TRAILER("size-huge", "has a size beyond all numbers", "/Size ", "/Size 99999999999",
            "pdf.structure"),
    TRAILER("size-negative", "has a negative size", "/Size ", "/Size -", "pdf.structure"),
    TRAILER("prev-cycle", "leads back to itself", "/Prev ", "/Prev 9", "pdf.structure"),
    TRAILER("prev-zero", "leads back to the beginning", "/Prev ", "/Prev 0 /Pref ",
            "pdf.structure"),
    TRAILER("prev-indirect", "leads back by an object", "/Prev ", "/Prev 2 0 R /Pref ",
            "pdf.structure"),
    TRAILER("start", "is not where the end says", "startxref\n", "startxref\n1", "pdf.trailing"),
    TRAILER("id", "changes the file's identity", "/ID [<", "/ID [<00", "revision.changed"),
    TRAILER(
        "deep", "nests too deep", "/Info 2 0 R",
        "/Info 2 0 R /X [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "pdf.structure"),
    PATCHED("hybrid", "the first trailer has a second table", "/Info 2 0 R", "/XRefStm 17",
            "pdf.structure"),
    PATCHED("type", "the catalogue is none", "/Type /Catalog", "/Type /Katalog", "pdf.active"),
    PATCHED("key-twice", "the catalogue has two page trees", "/Lang (vi-VN)", "/Pages 2 0 R ",
            "pdf.structure"),
    PATCHED("name-escape", "a key is spelled otherwise", "/Lang (vi-VN)", "/P#61ges null",
            "pdf.structure"),
    PATCHED("comment", "a comment hides a key", "/Lang (vi-VN)", "%Lang (vi-VN)", "pdf.structure"),
    PATCHED("generation", "an object has a generation", "\n13 0 obj", "\n13 1 obj",
            "pdf.structure"),
    PATCHED("number", "an object has another's number", "\n13 0 obj", "\n14 0 obj",
            "pdf.structure"),
    PATCHED("length", "a stream is shorter than it says", "/Length 1217", "/Length 1216",
            "pdf.structure"),
    PATCHED("length-huge", "a stream is longer than it is", "/Length 1217", "/Length 9999",
            "pdf.structure"),
    PATCHED("table-space", "a table's line is written otherwise", " 00000 n \n", " 00000 n\n\n",
            "pdf.structure"),
    PATCHED("free-list", "the free list leads somewhere", "0000000000 65535 f",
            "0000000005 65535 f", "pdf.structure"),
    {PREPARED("encrypt", "the trailer says that the file is encrypted", "pdf.structure"),
     .trailer = "/Encrypt 2 0 R "},
    {PREPARED("hybrid", "the trailer has a second table for newer readers", "pdf.structure"),
     .trailer = "/XRefStm 17 "},
    {PREPARED("object-stream", "objects lie in a stream", "pdf.active"), .from = "/ExtGState <<",
     .to = "/XObject << /X 58 0 R >> /ExtGState <<",
     .more = "<< /Type /ObjStm /N 1 /First 4 /Length 9 >>\nstream\n99 0 <<>>\nendstream"},
    {PREPARED("table-stream", "a table lies in a stream", "pdf.active"), .from = "/ExtGState <<",
     .to = "/XObject << /X 58 0 R >> /ExtGState <<",
     .more = "<< /Type /XRef /Size 1 /W [ 1 1 1 ] /Length 3 >>\nstream\nabc\nendstream"},
    {PREPARED("crypt", "a stream has a filter of its own that hides", "pdf.active"),
     .from = "/N 3 /Length", .to = "/N 3 /DecodeParms << /Name /Crypt >> /Length"},
    {PREPARED("tree-cycle", "the page tree leads back to itself", "pdf.structure"),
     .from = "/Kids [ 13 0 R 14 0 R ]", .to = "/Kids [ 13 0 R 6 0 R ]"},
    {PREPARED("page-twice", "a page is in the tree twice", "pdf.form"),
     .from = "/Count 2 /Kids [ 13 0 R 14 0 R ]", .to = "/Count 3 /Kids [ 13 0 R 14 0 R 14 0 R ]"},
    {PREPARED("parent", "a page has another parent", "pdf.structure"),
     .from = "/Parent 6 0 R /Resources 22", .to = "/Parent 14 0 R /Resources 22"},
    {PREPARED("page-gone", "the tree names a page that is not there", "pdf.hidden"),
     .from = "/Kids [ 13 0 R 14 0 R ]", .to = "/Kids [ 13 0 R 14 0 R 99 0 R ]"},
    {PREPARED("count", "the tree counts another number of pages", "pdf.structure"),
     .from = "/Count 2", .to = "/Count 1"},
};

const struct attack_family attack_structure = {"structure", attacks,
                                               sizeof attacks / sizeof *attacks};
