/* Universal signature forgery: a signature without a value or a range, in the hope that a reader
 * then has nothing to object to. */
#include "tests/attacks/attack.h"

#define CONTENTS(NAME, SAYS, TEXT)                                                                 \
    {                                                                                              \
        .name = "forgery-contents-" NAME, .says = "the signature's value is " SAYS,                \
        .reason = "signature.contents", .stage = ATTACK_TWICE, .make = attack_insider, .plan = {   \
            .contents = TEXT                                                                       \
        }                                                                                          \
    }

#define RANGE_BYTES 34

/* The last ByteRange's numbers written anew. */
static struct buffer write_range(const struct attack *attack, const struct attack_world *world)
{
    struct bytes pdf = attack_file(world, attack->stage);
    struct buffer file = paper_copy(pdf);
    size_t at = forge_find(&file, attack_revision_start(pdf, attack->revision), "/ByteRange [");
    char text[RANGE_BYTES + 1];
    (void)snprintf(text, sizeof text, "%-*s", RANGE_BYTES, attack->to);
    forge_patch(&file, at + strlen("/ByteRange ["), text);
    return file;
}

#define RANGE(NAME, SAYS, TEXT)                                                                    \
    {                                                                                              \
        .name = "forgery-range-" NAME, .says = "the signed range " SAYS,                           \
        .reason = "signature.range", .stage = ATTACK_TWICE, .make = write_range, .revision = 2,    \
        .to = TEXT                                                                                 \
    }

/* No ByteRange is left in the whole file. */
static struct buffer without_ranges(const struct attack *attack, const struct attack_world *world)
{
    struct buffer file = paper_copy(attack_file(world, attack->stage));
    for (size_t at = 0, i = 0; i < 2; i++) {
        at = forge_find(&file, at, "/ByteRange");
        forge_patch(&file, at, "/ByteRenge");
    }
    return file;
}

static const struct attack attacks[] = {
    CONTENTS("null", "null", "null"),
    CONTENTS("zero", "one zero byte", "<00>"),
    CONTENTS("empty", "empty", "<>"),
    CONTENTS("string", "a string of another kind", "()"),
    CONTENTS("number", "a number", "0"),
    {.name = "forgery-contents-open",
     .says = "the signature's value was never put in",
     .reason = "cms.malformed",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .plan = {.keep_open = true}},
    {.name = "forgery-contents-key",
     .says = "the signature has no value",
     .reason = "signature.dictionary",
     .stage = ATTACK_TWICE,
     .make = attack_patch,
     .revision = 2,
     .from = "/Contents <",
     .to = "/Contentz <"},
    {.name = "forgery-range-key",
     .says = "the signature has no range",
     .reason = "signature.dictionary",
     .stage = ATTACK_TWICE,
     .make = attack_patch,
     .revision = 2,
     .from = "/ByteRange",
     .to = "/ByteRenge"},
    {.name = "forgery-ranges-gone",
     .says = "no signature has a range: it counts as unsigned",
     .reason = "pdf.unsigned",
     .stage = ATTACK_TWICE,
     .make = without_ranges},
    RANGE("zeros", "is zeros", "0 0 0 0"),
    RANGE("short", "has three numbers", "0 1 2"),
    RANGE("negative", "has a negative number", "0 -1 10 20"),
    RANGE("huge", "has numbers beyond the file", "0 9999999999 9999999999 9999999999"),
    RANGE("long", "has six numbers", "0 10 20 30 40 50"),
    RANGE("late", "begins behind the file's beginning", "5 100 200 300"),
    RANGE("string", "is a string", "(x)"),
    RANGE("null", "is null", "null"),
    RANGE("real", "has fractions", "0.0 10.0 20.0 30.0"),
    {.name = "forgery-range-stamp",
     .says = "the document timestamp's range is zeros",
     .reason = "signature.range",
     .stage = ATTACK_ARCHIVED,
     .make = write_range,
     .revision = 3,
     .to = "0 0 0 0"},
    {.name = "forgery-filter",
     .says = "another signature handler is named",
     .reason = "signature.dictionary",
     .stage = ATTACK_TWICE,
     .make = attack_patch,
     .revision = 2,
     .from = "/Adobe.PPKLite",
     .to = "/Adobe.PPKLitf"},
    {.name = "forgery-subfilter",
     .says = "another form of signature is named",
     .reason = "signature.dictionary",
     .stage = ATTACK_TWICE,
     .make = attack_patch,
     .revision = 2,
     .from = "/ETSI.CAdES.detached",
     .to = "/adbe.x509.rsa_sha1 "},
    {.name = "forgery-stamp-as-signature",
     .says = "a document timestamp is called a signature",
     .reason = "signature.dictionary",
     .stage = ATTACK_ARCHIVED,
     .make = attack_patch,
     .revision = 3,
     .from = "/Type /DocTimeStamp",
     .to = "/Type /Sig         "},
    {.name = "forgery-more-keys",
     .says = "the signature names a certificate beside its value",
     .reason = "signature.dictionary",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .plan = {.more_keys = "/Cert <00> "}},
    {.name = "forgery-certifies-later",
     .says = "a later signature certifies the paper anew",
     .reason = "signature.dictionary",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .plan = {.more_keys = "/Reference [ << /Type /SigRef /TransformMethod /DocMDP "
                           "/TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >> ] "}},
};

const struct attack_family attack_forgery = {"forgery", attacks, sizeof attacks / sizeof *attacks};
