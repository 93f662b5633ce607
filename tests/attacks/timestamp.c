/* Against the timestamps of signatures: who made them, over what, and when. */
#include "tests/attacks/stamper.h"

enum variant {
    GOOD,
    ROGUE,
    OTHER_DATA,
    OTHER_VALUE,
    GARBAGE,
    OTHER_ATTRIBUTE,
    TWO,
    TWICE_IN_BAG,
    /* by a stamper of the forger's: */
    OWN_STAMPER,
    NO_USAGE,
    USAGE_NOT_CRITICAL,
    USAGE_AND_MORE,
    REVOKED,
    VARIANTS,
};

/* What our CA certified the stamper for. */
static const char *const usages[VARIANTS] = {
    [OWN_STAMPER] = "critical,timeStamping", [NO_USAGE] = "",
    [USAGE_NOT_CRITICAL] = "timeStamping",   [USAGE_AND_MORE] = "critical,timeStamping,clientAuth",
    [REVOKED] = "critical,timeStamping",
};

static struct buffer ask(const struct paper_place *place, const uint8_t digest[CERTS_SHA256_BYTES])
{
    struct certs_ask ask = keep_ask(place);
    struct certs_stamp stamp;
    enum err err = certs_tsa_ask(&ask, digest, place->now, &stamp);
    assert(err == ERR_OK);
    return stamp.token;
}

/* `der` with its element `twin`, which lies in it, put twice, and the lengths around made to fit.
 */
static void repeat(struct buffer *ret, struct bytes der, struct bytes twin)
{
    const uint8_t *end = der.data + der.size;
    for (const uint8_t *element = der.data, *at = element; element < end; element = at) {
        long size = 0;
        int tag = 0, class = 0;
        (void)ASN1_get_object(&at, &size, &tag, &class, end - at);
        struct bytes inner = {at, (size_t)size};
        at += size;
        if (twin.data >= inner.data && twin.data < at) {
            size_t open = der_open(ret, *element);
            repeat(ret, inner, twin);
            der_close(ret, open);
            continue;
        }
        for (int n = 0; n < 1 + (element == twin.data); n++)
            der_put(ret, (struct bytes){element, (size_t)(at - element)});
    }
}

/* A good token that carries its signer's certificate twice. */
static struct buffer carry_twice(const struct attack_world *world,
                                 const uint8_t digest[CERTS_SHA256_BYTES])
{
    struct buffer good = ask(&world->place, digest);
    struct buffer own = {0}, twice = {0};
    enum err err = certs_timestamp_certificate(buffer_bytes(&good), &own);
    assert(err == ERR_OK);
    const uint8_t *at = memmem(good.data, good.size, own.data, own.size);
    assert(at);
    repeat(&twice, buffer_bytes(&good), (struct bytes){at, own.size});
    buffer_done(&own);
    buffer_done(&good);
    return twice;
}

static struct buffer make_token(const struct attack_world *world, enum variant variant,
                                const struct stamper *stamper, struct bytes value)
{
    uint8_t digest[CERTS_SHA256_BYTES];
    bool digested = EVP_Digest(value.data, value.size, digest, NULL, EVP_sha256(), NULL) == 1;
    assert(digested);
    digest[0] ^= variant == OTHER_DATA;
    if (variant == GARBAGE)
        return paper_copy(bytes_of("\x30\x03\x02\x01\x05"));
    if (variant == TWICE_IN_BAG)
        return carry_twice(world, digest);
    if (stamper)
        return stamper_stamp(stamper, world, digest);
    return ask(variant == ROGUE ? &world->rogue : &world->place, digest);
}

/* The chair's signature with a timestamp of the forger's choice. */
static struct buffer sign(const struct attack_world *world, enum variant variant,
                          const struct stamper *stamper)
{
    struct pades_prepared prepared = craft_prepare(world);
    struct craft craft = craft_good(world, &world->place.chair);
    struct buffer set = {0};
    enum err err = certs_signed_attributes(craft.certificate, prepared.digest, &set);
    assert(err == ERR_OK);
    craft.attributes = buffer_bytes(&set);
    struct buffer value = craft_sign(&craft);
    struct buffer other = craft_sign(&craft); /* of the same signer, over the same paper */
    struct buffer token =
        make_token(world, variant, stamper, buffer_bytes(variant == OTHER_VALUE ? &other : &value));
    craft.value = buffer_bytes(&value);
    if (variant == TWO) {
        struct buffer twin = paper_copy(buffer_bytes(&token));
        der_put(&token, buffer_bytes(&twin));
        buffer_done(&twin);
    }
    struct buffer unproven = craft_unproven(
        variant == OTHER_ATTRIBUTE ? "2a864886f70d0109100217" : CRAFT_STAMP, buffer_bytes(&token));
    craft.unproven = buffer_bytes(&unproven);
    struct buffer cms = craft_write(&craft);
    craft_put(&prepared, buffer_bytes(&cms));
    buffer_done(&cms);
    buffer_done(&unproven);
    buffer_done(&token);
    buffer_done(&other);
    buffer_done(&value);
    buffer_done(&set);
    return prepared.file;
}

/* And archived, with our CA's word that the stamper was revoked a minute before. */
static struct buffer archive_revoked(const struct attack_world *world,
                                     const struct stamper *stamper, struct bytes pdf)
{
    struct buffer crl = stamper_revoke(stamper, world, world->place.now - 60000);
    struct buffer archived = stamper_archive(NULL, world, pdf, buffer_bytes(&crl));
    buffer_done(&crl);
    return archived;
}

static struct buffer make(const struct attack *attack, const struct attack_world *world)
{
    enum variant variant = (enum variant)attack->variant;
    if (!usages[variant])
        return sign(world, variant, NULL);
    struct stamper stamper = stamper_open(world, usages[variant]);
    struct buffer file = sign(world, variant, &stamper);
    if (variant == REVOKED) {
        struct buffer archived = archive_revoked(world, &stamper, buffer_bytes(&file));
        buffer_done(&file);
        file = archived;
    }
    stamper_close(&stamper);
    return file;
}

#define STAMP(NAME, SAYS, VARIANT, REASON)                                                         \
    {                                                                                              \
        .name = "timestamp-" NAME, .says = SAYS, .reason = REASON, .make = make,                   \
        .variant = VARIANT                                                                         \
    }

static const struct attack attacks[] = {
    STAMP("without-a-trick", "none: this workshop stamps well when it means to", GOOD,
          ATTACK_ACCEPTED),
    STAMP("rogue", "an authority of the same name made the timestamp", ROGUE,
          "timestamp.untrusted"),
    STAMP("other-data", "the timestamp is over something else", OTHER_DATA, "timestamp.other"),
    STAMP("other-value", "the timestamp is of another signature by the same person", OTHER_VALUE,
          "timestamp.other"),
    STAMP("garbage", "the timestamp is a number", GARBAGE, "timestamp.invalid"),
    STAMP("two", "the signature has its timestamp twice", TWO, "cms.profile"),
    STAMP("twice-in-bag", "the timestamp carries its certificate twice", TWICE_IN_BAG,
          "timestamp.invalid"),
    STAMP("other-attribute", "the timestamp is called something else", OTHER_ATTRIBUTE,
          "cms.profile"),
    STAMP("own-authority", "none: an authority that our CA certified for it makes the timestamp",
          OWN_STAMPER, ATTACK_ACCEPTED),
    STAMP("usage-none", "the timestamp's authority was certified for nothing of the kind", NO_USAGE,
          "timestamp.usage"),
    STAMP("usage-not-critical", "its certificate names the usage without insisting on it",
          USAGE_NOT_CRITICAL, "timestamp.usage"),
    STAMP("usage-and-more", "its certificate is for other things as well", USAGE_AND_MORE,
          "timestamp.usage"),
    STAMP("revoked", "the timestamp's authority had been revoked before", REVOKED,
          "timestamp.revoked"),
    {.name = "timestamp-expired",
     .says = "the timestamp has expired without a renewal",
     .reason = "timestamp.expired",
     .stage = ATTACK_STAMPED,
     .make = attack_append,
     .to = "",
     .days = 6 * 365},
    {.name = "timestamp-early",
     .says = "the timestamp's authority was not yet there",
     .reason = "timestamp.early",
     .stage = ATTACK_STAMPED,
     .make = attack_append,
     .to = "",
     .days = -365},
    {.name = "timestamp-whole-expired",
     .says = "the last of many timestamps has expired",
     .reason = "timestamp.expired",
     .stage = ATTACK_WHOLE,
     .make = attack_append,
     .to = "",
     .days = 6 * 365},
};

const struct attack_family attack_timestamp = {"timestamp", attacks,
                                               sizeof attacks / sizeof *attacks};
