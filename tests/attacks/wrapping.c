/* Signature wrapping: content in the gap that no signature covers, or a second range. */
#include "tests/attacks/attack.h"

static struct buffer patch_gap(const struct attack *attack, const struct attack_world *world)
{
    struct bytes pdf = attack_file(world, attack->stage);
    struct buffer file = paper_copy(pdf);
    size_t gap = forge_find(&file, attack_revision_start(pdf, attack->revision), "/Contents <") +
                 strlen("/Contents <");
    forge_patch(&file, gap + attack->variant, attack->to);
    return file;
}

/* Another spelling of the same digits. */
static struct buffer respell(const struct attack *attack, const struct attack_world *world)
{
    struct bytes pdf = attack_file(world, attack->stage);
    struct buffer file = paper_copy(pdf);
    size_t gap = forge_find(&file, attack_revision_start(pdf, attack->revision), "/Contents <") +
                 strlen("/Contents <");
    for (size_t i = gap; i < gap + 200; i++)
        if (file.data[i] >= 'a' && file.data[i] <= 'f')
            file.data[i] = (uint8_t)(file.data[i] - 'a' + 'A');
    return file;
}

/* The gap is made longer by a dictionary's worth, and the range follows it. */
static struct buffer widen(const struct attack *attack, const struct attack_world *world)
{
    struct bytes pdf = attack_file(world, attack->stage);
    struct buffer genuine = paper_copy(pdf);
    size_t start = attack_revision_start(pdf, attack->revision);
    size_t gap_end = forge_find(&genuine, forge_find(&genuine, start, "/Contents <"), ">") + 1;
    struct buffer file = paper_copy((struct bytes){pdf.data, gap_end});
    enum err err = buffer_put(&file, bytes_of(attack->to));
    if (err == ERR_OK)
        err = buffer_put(&file, (struct bytes){pdf.data + gap_end, pdf.size - gap_end});
    assert(err == ERR_OK);
    buffer_done(&genuine);
    return file;
}

static const struct attack attacks[] = {
    {.name = "wrapping-padding",
     .says = "a byte behind the value in its gap",
     .reason = "signature.contents",
     .stage = ATTACK_TWICE,
     .make = patch_gap,
     .revision = 2,
     .variant = 2 * PADES_CONTENTS_BYTES - 2,
     .to = "41"},
    {.name = "wrapping-padding-stamp",
     .says = "a byte behind the document timestamp in its gap",
     .reason = "signature.contents",
     .stage = ATTACK_WHOLE,
     .make = patch_gap,
     .revision = 6,
     .variant = 2 * 6144 - 2,
     .to = "41"},
    {.name = "wrapping-spelling",
     .says = "the value's digits are spelled otherwise",
     .reason = "signature.contents",
     .stage = ATTACK_TWICE,
     .make = respell,
     .revision = 2},
    {.name = "wrapping-spelling-stamp",
     .says = "so are the timestamp's",
     .reason = "signature.contents",
     .stage = ATTACK_WHOLE,
     .make = respell,
     .revision = 6},
    {.name = "wrapping-payload",
     .says = "the value ends early, and a key follows in the gap",
     .reason = "signature.dictionary",
     .stage = ATTACK_TWICE,
     .make = patch_gap,
     .revision = 2,
     .variant = 10000,
     .to = "> /X <"},
    {.name = "wrapping-object",
     .says = "the value ends early, and an object follows in the gap",
     .reason = "pdf.hidden",
     .stage = ATTACK_TWICE,
     .make = patch_gap,
     .revision = 2,
     .variant = 10000,
     .to = "> >>\nendobj\n9 0 obj\n<< /X <"},
    {.name = "wrapping-space",
     .says = "white space among the digits",
     .reason = "pdf.structure",
     .stage = ATTACK_TWICE,
     .make = patch_gap,
     .revision = 2,
     .variant = 10000,
     .to = "  "},
    {.name = "wrapping-widened",
     .says = "a dictionary is put in behind the value",
     .reason = "pdf.structure",
     .stage = ATTACK_TWICE,
     .make = widen,
     .revision = 2,
     .to = " /Extra << /Type /Catalog >>"},
    {.name = "wrapping-moved",
     .says = "a whole page is put in between value and table",
     .reason = "pdf.structure",
     .stage = ATTACK_WHOLE,
     .make = widen,
     .revision = 5,
     .to = " >>\nendobj\n8 0 obj\n<< /Type /Page >>\nendobj\n99 0 obj\n<< /A <00>"},
    {.name = "wrapping-second-range",
     .says = "a second range in a picture's stream",
     .reason = "signature.range",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .plan = {.form = "<< /BBox [ 0 0 102.05 102.05 ] /Length 21 /Resources << >> /Subtype /Form "
                      "/Type /XObject >>\nstream\n/ByteRange [0 1 2 3] \nendstream"}},
    {.name = "wrapping-second-range-key",
     .says = "a signature has two ranges",
     .reason = "pdf.structure",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .plan = {.more_keys = "/ByteRange [0 1 2 3] "}},
};

const struct attack_family attack_wrapping = {"wrapping", attacks,
                                              sizeof attacks / sizeof *attacks};
