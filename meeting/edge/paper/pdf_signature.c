#include "meeting/edge/paper/pdf_signature.h"

#include <string.h>

#include "base/text.h"
#include "meeting/edge/paper/civil.h"
#include "meeting/edge/paper/pades_gap.h"
#include "meeting/edge/paper/pdf_policy.h"
#include "meeting/edge/paper/stamp.h"

static const char bad_dictionary[] = "signature.dictionary";
static const char bad_range[] = "signature.range";
static const char bad_contents[] = "signature.contents";

static bool key_is(struct pdf_value dictionary, const char *key, const char *text)
{
    struct pdf_value value;
    return pdf_get(dictionary, key, &value) && pdf_is(value, text);
}

/* The first signature certifies, with exactly this; no later one may. */
static bool reference_fits(struct pdf_value dictionary, bool certifies)
{
    static const char certification[] =
        "[ << /Type /SigRef /TransformMethod /DocMDP "
        "/TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >> ]";
    struct pdf_value value;
    bool given = pdf_get(dictionary, "/Reference", &value);
    return given == certifies && (!given || pdf_is(value, certification));
}

static bool read_time(struct pdf_value dictionary, utc_ms_t *ret_at)
{
    struct pdf_value value;
    char text[CIVIL_TEXT_BYTES];
    if (!pdf_get(dictionary, "/M", &value) || value.kind != PDF_STRING || value.text.size < 2)
        return false;
    struct bytes inner = {value.text.data + 1, value.text.size - 2};
    return text_copy(text, sizeof text, inner) == ERR_OK && civil_parse_pdf(text, ret_at) == ERR_OK;
}

static bool read_range(struct pdf_value dictionary, uint64_t ret_range[4])
{
    struct pdf_value value;
    struct pdf_value item;
    if (!pdf_get(dictionary, "/ByteRange", &value))
        return false;
    struct scan scan = scan_array(value);
    for (size_t i = 0; i < 4; i++)
        if (!scan_item(&scan, &item) || !pdf_integer(item, &ret_range[i]))
            return false;
    return !scan_item(&scan, &item) && !scan.failed;
}

/* The gap is exactly the Contents, of one of these sizes, and all else up to the revision's end is
 * covered. */
static const char *read_covered(const struct pdf_map *map, size_t revision,
                                const struct pdf_object *object, const size_t sizes[2],
                                struct pdf_signature *signature)
{
    struct pdf_value contents;
    if (!pdf_get(object->value, "/Contents", &contents) || contents.kind != PDF_HEX ||
        (contents.text.size != 2 * sizes[0] + 2 && contents.text.size != 2 * sizes[1] + 2))
        return bad_contents;
    signature->contents = (struct bytes){contents.text.data + 1, contents.text.size - 2};

    const uint64_t *range = signature->byte_range;
    uint64_t gap = (uint64_t)(contents.text.data - map->file.data);
    uint64_t gap_end = gap + contents.text.size;
    bool covered = read_range(object->value, signature->byte_range) && range[0] == 0 &&
                   range[1] == gap && range[2] == gap_end &&
                   range[3] == map->revisions[revision].end - gap_end;
    return covered ? NULL : bad_range;
}

const char *pdf_signature_read(const struct pdf_map *map, size_t revision,
                               const struct pdf_object *object, struct pdf_signature *ret_signature)
{
    static const char *const allowed[] = {"/ByteRange", "/Contents",  "/Filter", "/M", "/Name",
                                          "/Reference", "/SubFilter", "/Type",   NULL};
    static const size_t sizes[2] = {PADES_CONTENTS_BYTES, PADES_CONTENTS_BYTES_BEFORE};
    struct pdf_signature signature = {0};
    struct pdf_value name;
    if (object->stream.data || !pdf_policy_keys(object->value, allowed) ||
        !key_is(object->value, "/Type", "/Sig") ||
        !key_is(object->value, "/Filter", "/Adobe.PPKLite") ||
        !key_is(object->value, "/SubFilter", "/ETSI.CAdES.detached") ||
        !pdf_get(object->value, "/Name", &name) || name.kind != PDF_HEX ||
        !reference_fits(object->value, revision == 1) || !read_time(object->value, &signature.at))
        return bad_dictionary;
    const char *code = read_covered(map, revision, object, sizes, &signature);
    if (!code)
        *ret_signature = signature;
    return code;
}

const char *pdf_signature_read_stamp(const struct pdf_map *map, size_t revision,
                                     const struct pdf_object *object,
                                     struct pdf_signature *ret_signature)
{
    static const char *const allowed[] = {"/ByteRange", "/Contents", "/Filter",
                                          "/SubFilter", "/Type",     NULL};
    static const size_t sizes[2] = {STAMP_CONTENTS_BYTES, STAMP_CONTENTS_BYTES};
    struct pdf_signature signature = {0};
    if (object->stream.data || !pdf_policy_keys(object->value, allowed) ||
        !key_is(object->value, "/Type", "/DocTimeStamp") ||
        !key_is(object->value, "/Filter", "/Adobe.PPKLite") ||
        !key_is(object->value, "/SubFilter", "/ETSI.RFC3161"))
        return bad_dictionary;
    const char *code = read_covered(map, revision, object, sizes, &signature);
    if (!code)
        *ret_signature = signature;
    return code;
}

const char *pdf_signature_cms(const struct pdf_signature *signature, struct buffer *ret_cms)
{
    uint8_t bytes[PADES_CONTENTS_BYTES_BEFORE];
    size_t room = signature->contents.size / 2;
    for (size_t i = 0; i < signature->contents.size; i++) /* one spelling only */
        if (signature->contents.data[i] >= 'A' && signature->contents.data[i] <= 'F')
            return bad_contents;
    if (hex_parse(signature->contents, bytes, room) != ERR_OK)
        return bad_contents;
    struct bytes all = {bytes, room};
    size_t size = pades_gap_der_size(all);
    if (size == 0)
        return bad_contents;
    for (size_t i = size; i < room; i++)
        if (bytes[i] != 0)
            return bad_contents;
    struct buffer cms = {0};
    if (buffer_put(&cms, (struct bytes){bytes, size}) != ERR_OK)
        return "verify.failed";
    *ret_cms = cms;
    return NULL;
}
