#include "meeting/edge/paper/foreign_signature.h"

#include <string.h>

static const char bad_contents[] = "signature.contents";
static const char bad_range[] = "signature.range";
static const char bad_dictionary[] = "unsupported.dictionary";

/* The dictionary's head stands at most so far before its value. */
enum { HEAD_BYTES_MAX = 64 * 1024, CONTENTS_BYTES_MAX = 1024 * 1024 };

/* -- what kind it is -----------------------------------------------------------------------------
 */

static const char *read_kind(struct foreign_value dictionary, struct foreign_signature *signature)
{
    static const struct {
        const char *name;
        const char *code;
        bool is_cades;
        bool is_stamp;
    } kinds[] = {
        {"/adbe.pkcs7.detached", NULL, false, false},
        {"/ETSI.CAdES.detached", NULL, true, false},
        {"/ETSI.RFC3161", NULL, false, true},
        {"/adbe.pkcs7.sha1", "unsupported.pkcs7_sha1", false, false},
        {"/adbe.x509.rsa_sha1", "unsupported.x509_rsa_sha1", false, false},
    };
    struct foreign_value value;
    if (!foreign_get(dictionary, "/SubFilter", &value))
        return bad_dictionary;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (foreign_is(value, kinds[i].name)) {
            signature->is_cades = kinds[i].is_cades;
            signature->is_stamp = kinds[i].is_stamp;
            return kinds[i].code;
        }
    return "unsupported.subfilter";
}

static const char *check_keys(struct foreign_value dictionary, bool is_stamp)
{
    struct foreign_value value;
    if (foreign_get(dictionary, "/Type", &value) &&
        !foreign_is(value, is_stamp ? "/DocTimeStamp" : "/Sig"))
        return bad_dictionary;
    if (!foreign_get(dictionary, "/Filter", &value) || !foreign_is(value, "/Adobe.PPKLite") ||
        foreign_get(dictionary, "/Cert", &value))
        return bad_dictionary;
    return NULL;
}

/* A certification names what may be changed after it: 1 is nothing. */
static void read_certification(const struct foreign_file *file, struct foreign_value dictionary,
                               struct foreign_signature *signature)
{
    struct foreign_value reference;
    uint64_t allowed = 2;
    struct foreign_value list = foreign_file_get(file, dictionary, "/Reference");
    struct foreign_cursor references = foreign_inside(list);
    while (foreign_next(&references, &reference)) {
        if (!foreign_is(foreign_file_get(file, reference, "/TransformMethod"), "/DocMDP"))
            continue;
        signature->certifies = true;
        struct foreign_value terms = foreign_file_get(file, reference, "/TransformParams");
        if (foreign_integer(foreign_file_get(file, terms, "/P"), &allowed) && allowed == 1)
            signature->forbids_changes = true;
    }
}

/* -- where it stands -----------------------------------------------------------------------------
 */

static bool read_range(const struct foreign_file *file, struct foreign_value dictionary,
                       struct foreign_signature *signature)
{
    uint64_t range[4];
    struct foreign_value item;
    struct foreign_value list;
    if (!foreign_get(dictionary, "/ByteRange", &list) || list.kind != FOREIGN_ARRAY)
        return false;
    struct foreign_cursor items = foreign_inside(list);
    for (size_t i = 0; i < 4; i++)
        if (!foreign_next(&items, &item) || !foreign_integer(item, &range[i]))
            return false;
    if (foreign_next(&items, &item) || range[0] != 0 || range[1] >= range[2] ||
        range[2] > file->bytes.size || range[3] == 0 || range[3] > file->bytes.size - range[2])
        return false;
    signature->gap = range[1];
    signature->gap_end = range[2];
    signature->end = range[2] + range[3];
    return true;
}

/* "%%EOF", and at most the end of its line. */
static bool ends_a_revision(struct bytes file, uint64_t end)
{
    static const char mark[] = "%%EOF";
    size_t size = (size_t)end;
    if (size > 0 && file.data[size - 1] == '\n')
        size--;
    if (size > 0 && file.data[size - 1] == '\r')
        size--;
    return size > sizeof mark - 1 &&
           memcmp(file.data + size - (sizeof mark - 1), mark, sizeof mark - 1) == 0;
}

static bool is_white(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

/* The number that ends before `at`, behind white space; moves `at` before it. */
static bool number_before(struct bytes file, size_t *at, uint64_t *ret_number)
{
    uint64_t scale = 1;
    uint64_t number = 0;
    size_t digits = 0;
    while (*at > 0 && is_white(file.data[*at - 1]))
        --*at;
    for (; *at > 0 && file.data[*at - 1] >= '0' && file.data[*at - 1] <= '9'; --*at) {
        if (++digits > 9)
            return false;
        number += scale * (uint64_t)(file.data[*at - 1] - '0');
        scale *= 10;
    }
    *ret_number = number;
    return digits > 0;
}

/* The gap stands in that very object: the last head before it ("12 0 obj") is its own, and the key
 * right before it is Contents. Words in a string ("object") are no head. */
static bool stands_in_object(struct bytes file, const struct foreign_signature *signature)
{
    static const char key[] = "/Contents";
    size_t at = (size_t)signature->gap;
    while (at > 0 && is_white(file.data[at - 1]))
        at--;
    if (at < sizeof key - 1 || memcmp(file.data + at - (sizeof key - 1), key, sizeof key - 1) != 0)
        return false;
    size_t low = at > HEAD_BYTES_MAX ? at - HEAD_BYTES_MAX : 0;
    for (at -= 3; at > low; at--) {
        uint64_t number = 0;
        uint64_t generation = 0;
        size_t head = at;
        if (memcmp(file.data + at, "obj", 3) == 0 && number_before(file, &head, &generation) &&
            number_before(file, &head, &number))
            return generation == 0 && number == signature->number;
    }
    return false;
}

/* -- its value -----------------------------------------------------------------------------------
 */

/* Digits of one case only, so that a value has few spellings. */
static bool digit_of(uint8_t c, uint8_t *ret_digit, bool *lower, bool *upper)
{
    if (c >= '0' && c <= '9') {
        *ret_digit = (uint8_t)(c - '0');
    } else if (c >= 'a' && c <= 'f') {
        *ret_digit = (uint8_t)(c - 'a' + 10);
        *lower = true;
    } else if (c >= 'A' && c <= 'F') {
        *ret_digit = (uint8_t)(c - 'A' + 10);
        *upper = true;
    } else {
        return false;
    }
    return true;
}

static const char *decode_gap(struct bytes file, struct foreign_signature *signature)
{
    size_t size = (size_t)(signature->gap_end - signature->gap);
    const uint8_t *gap = file.data + signature->gap;
    bool lower = false;
    bool upper = false;
    if (size < 4 || size % 2 != 0 || size / 2 > CONTENTS_BYTES_MAX || gap[0] != '<' ||
        gap[size - 1] != '>')
        return bad_contents;
    if (buffer_reserve(&signature->cms, size / 2) != ERR_OK)
        return "verify.failed";
    for (size_t i = 1; i + 1 < size; i += 2) {
        uint8_t high = 0;
        uint8_t low = 0;
        if (!digit_of(gap[i], &high, &lower, &upper) || !digit_of(gap[i + 1], &low, &lower, &upper))
            return bad_contents;
        signature->cms.data[signature->cms.size++] = (uint8_t)(high << 4 | low);
    }
    return lower && upper ? bad_contents : NULL;
}

static const char *read_contents(const struct foreign_file *file,
                                 struct foreign_signature *signature)
{
    struct buffer held = {0};
    const char *code = decode_gap(file->bytes, signature);
    if (code)
        return code;
    if (foreign_file_string(file, signature->number, "/Contents", FOREIGN_BINARY, &held) != ERR_OK)
        return bad_contents;
    bool same = bytes_equal(buffer_bytes(&held), buffer_bytes(&signature->cms));
    buffer_done(&held);
    return same ? NULL : bad_contents;
}

const char *foreign_signature_read(const struct foreign_file *file,
                                   struct foreign_signature *signature)
{
    struct foreign_value dictionary = foreign_file_object(file, signature->number);
    struct buffer date = {0};
    if (dictionary.kind != FOREIGN_DICTIONARY || foreign_file_is_stream(file, signature->number))
        return bad_dictionary;
    const char *code = read_kind(dictionary, signature);
    if (!code)
        code = check_keys(dictionary, signature->is_stamp);
    if (!code &&
        (!read_range(file, dictionary, signature) || !ends_a_revision(file->bytes, signature->end)))
        code = bad_range;
    if (!code)
        code = read_contents(file, signature);
    if (!code && !stands_in_object(file->bytes, signature))
        code = bad_dictionary;
    if (code)
        return code;
    read_certification(file, dictionary, signature);
    if (foreign_file_string(file, signature->number, "/M", FOREIGN_BINARY, &date) == ERR_OK &&
        foreign_date_parse(buffer_bytes(&date), &signature->at) != ERR_OK)
        signature->at = 0;
    buffer_done(&date);
    return NULL;
}
