/* Against the CMS of a signature, which its own signature covers only in part. */
#include "tests/attacks/craft.h"

enum variant {
    GOOD,
    TWO_SIGNERS,
    NO_SIGNER,
    ATTACHED,
    BY_MD5,
    BY_SHA1,
    BY_SHA512,
    CLAIMED_SHA1,
    BY_RSA,
    BY_P384,
    BARE,
    SIGNING_TIME,
    NO_ESS,
    OTHER_ESS,
    OTHER_DIGEST,
    OTHER_TYPE,
    OTHER_CONTENT,
    OTHER_KEY,
    OTHER_CERTIFICATE,
    EMPTY_BAG,
    NO_OWN,
    UNUSED,
    TWICE_IN_BAG,
    CRL,
    VERSION,
    DIGESTS,
    COUNTERSIGNED,
    ENVELOPED,
    GARBAGE,
    NO_VALUE,
    ZERO_VALUE,
    LONG_FORM,
    MIRRORED,
};

/* Without the last of the three (signing-certificate-v2), or with signing-time in its place. */
static struct buffer without_ess(struct bytes set, const char *instead)
{
    enum { HEAD = 3, ESS = 0x39, TAG_SET = 0x31 };
    struct buffer other = {0};
    size_t open = der_open(&other, TAG_SET);
    der_put(&other, (struct bytes){set.data + HEAD, 0x1A});
    if (instead)
        der_hex(&other, instead);
    der_put(&other,
            (struct bytes){set.data + HEAD + 0x1A, set.size - HEAD - 0x1A - (instead ? 0 : ESS)});
    der_close(&other, open);
    return other;
}

static struct buffer make_attributes(const struct attack_world *world, enum variant variant,
                                     const uint8_t digest[CERTS_SHA256_BYTES])
{
    const struct paper_place *place = &world->place;
    const struct signer *named = variant == OTHER_ESS ? &place->secretary : &place->chair;
    uint8_t hashed[CERTS_SHA256_BYTES];
    struct buffer set = {0};
    memcpy(hashed, digest, sizeof hashed);
    hashed[0] ^= variant == OTHER_DIGEST;
    enum err err = certs_signed_attributes(buffer_bytes(&named->issued.certificate), hashed, &set);
    assert(err == ERR_OK);
    if (variant == OTHER_TYPE)
        set.data[3 + 0x19] = 2; /* id-signedData */
    if (variant == NO_ESS || variant == SIGNING_TIME) {
        struct buffer other = without_ess(
            buffer_bytes(&set), variant == SIGNING_TIME
                                    ? "301c06092a864886f70d010905310f170d3236313132333036303030305a"
                                    : NULL);
        buffer_done(&set);
        set = other;
    }
    return set;
}

/* The same signature with s negated: as good as the first, and over the same bytes. */
static struct buffer mirror(const struct craft *craft)
{
    struct buffer value = craft_sign(craft);
    const unsigned char *at = value.data;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)value.size);
    BIGNUM *order = NULL;
    BN_hex2bn(&order, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    BIGNUM *r = BN_dup(ECDSA_SIG_get0_r(signature));
    BIGNUM *s = BN_new();
    BN_sub(s, order, ECDSA_SIG_get0_s(signature));
    ECDSA_SIG_set0(signature, r, s);
    unsigned char *der = NULL;
    int size = i2d_ECDSA_SIG(signature, &der);
    assert(size > 0);
    buffer_done(&value);
    struct buffer mirrored = paper_copy((struct bytes){der, (size_t)size});
    OPENSSL_free(der);
    ECDSA_SIG_free(signature);
    BN_free(order);
    return mirrored;
}

/* Keys, certificates and values that must live until the CMS is written. */
struct pieces {
    EVP_PKEY *key;
    struct buffer certificate;
    struct buffer value;
    struct buffer unproven;
    struct buffer crl;
};

static void use_own_certificate(const struct attack_world *world, struct craft *craft,
                                struct pieces *pieces)
{
    struct craft_certificate plan = {.name = "Lê Văn Ước",
                                     .key = pieces->key,
                                     .key_usage = "critical,digitalSignature,nonRepudiation",
                                     .constraints = "critical,CA:FALSE"};
    pieces->certificate = craft_issue(world, &plan);
    craft->certificate = buffer_bytes(&pieces->certificate);
    craft->bag[0] = craft->certificate;
    craft->bag_count = 1;
    craft->key = pieces->key;
}

static void set_algorithms(struct craft *craft, const EVP_MD *digest, const char *digest_id,
                           const char *signature_id)
{
    craft->digest = digest;
    craft->digest_id = digest_id;
    craft->signature_id = signature_id;
}

/* Algorithms and keys. */
static void weaken(const struct attack_world *world, enum variant variant, struct craft *craft,
                   struct pieces *pieces)
{
    switch ((int)variant) {
    case BY_MD5:
        set_algorithms(craft, EVP_md5(), "2a864886f70d0205", CRAFT_ECDSA_SHA256);
        break;
    case BY_SHA1:
        set_algorithms(craft, EVP_sha1(), "2b0e03021a", "2a8648ce3d0401");
        break;
    case BY_SHA512:
        set_algorithms(craft, EVP_sha512(), "608648016503040203", "2a8648ce3d040304");
        break;
    case CLAIMED_SHA1:
        craft->digest_id = "2b0e03021a";
        break;
    case BY_RSA:
        pieces->key = EVP_RSA_gen(2048);
        use_own_certificate(world, craft, pieces);
        craft->signature_id = "2a864886f70d01010b";
        break;
    case BY_P384:
        pieces->key = signer_key("P-384");
        use_own_certificate(world, craft, pieces);
        break;
    default:
        break;
    }
}

/* What the CMS carries, and how it is put together. */
static void arrange(const struct attack_world *world, enum variant variant, struct craft *craft,
                    struct pieces *pieces)
{
    const struct paper_place *place = &world->place;
    static const uint8_t null[] = {5, 0};
    static const uint8_t zero[] = {0x30, 6, 2, 1, 0, 2, 1, 0};
    enum err err = ERR_OK;
    switch ((int)variant) {
    case TWO_SIGNERS:
        craft->signers = 2;
        break;
    case NO_SIGNER:
        craft->signers = 0;
        break;
    case ATTACHED:
        craft->content = bytes_of("%PDF-1.7 another paper");
        break;
    case OTHER_CONTENT:
        craft->content_type = CRAFT_SIGNED_DATA;
        break;
    case OTHER_KEY:
        craft->key = place->secretary.key;
        break;
    case OTHER_CERTIFICATE:
        craft->certificate = buffer_bytes(&pieces->certificate);
        craft->bag[0] = craft->certificate;
        break;
    case EMPTY_BAG:
        craft->bag_count = 0;
        break;
    case NO_OWN:
        craft->bag[0] = craft->bag[1];
        craft->bag_count = 1;
        break;
    case UNUSED:
        craft->bag[craft->bag_count++] = certs_ca_issuing(world->rogue.ca);
        break;
    case TWICE_IN_BAG:
        craft->bag[craft->bag_count++] = craft->bag[1];
        break;
    case CRL:
        err = certs_crl(place->ca, place->now, &pieces->crl);
        craft->crl = buffer_bytes(&pieces->crl);
        break;
    case VERSION:
        craft->version = 3;
        break;
    case DIGESTS:
        craft->digests = 2;
        break;
    case COUNTERSIGNED:
        pieces->unproven = craft_unproven("2a864886f70d010906", (struct bytes){null, sizeof null});
        craft->unproven = buffer_bytes(&pieces->unproven);
        break;
    case ENVELOPED:
        craft->type = "2a864886f70d010703";
        break;
    case NO_VALUE:
        craft->value = (struct bytes){null, 0};
        break;
    case ZERO_VALUE:
        craft->value = (struct bytes){zero, sizeof zero};
        break;
    case MIRRORED:
        pieces->value = mirror(craft);
        craft->value = buffer_bytes(&pieces->value);
        break;
    default:
        break;
    }
    assert(err == ERR_OK);
}

/* The same key under another name: whose signature is it? */
static void rename_chair(const struct attack_world *world, struct pieces *pieces)
{
    struct certs_person person = {"Phạm Thùy Dương", "Chủ tịch", "", "Tỉnh Lam Giang", 99};
    struct certs_issued issued;
    struct buffer csr = signer_csr(world->place.chair.key);
    enum err err = certs_issue_personal(world->place.ca, &person, buffer_bytes(&csr),
                                        world->place.now, &issued);
    assert(err == ERR_OK);
    pieces->certificate = paper_copy(buffer_bytes(&issued.certificate));
    certs_issued_done(&issued);
    buffer_done(&csr);
}

/* Another encoding of the same thing: the outermost length in one byte more. */
static void lengthen(struct buffer *cms)
{
    struct buffer other = {0};
    assert(cms->data[1] == 0x82);
    der_hex(&other, "308300");
    der_put(&other, (struct bytes){cms->data + 2, cms->size - 2});
    buffer_done(cms);
    *cms = other;
}

static struct buffer make(const struct attack *attack, const struct attack_world *world)
{
    enum variant variant = (enum variant)attack->variant;
    struct pieces pieces = {0};
    struct craft craft = craft_good(world, &world->place.chair);
    struct pades_prepared prepared = craft_prepare(world);
    struct buffer set = make_attributes(world, variant, prepared.digest);
    craft.attributes = variant == BARE ? (struct bytes){0} : buffer_bytes(&set);
    craft.message = bytes_of("anything");
    if (variant == OTHER_CERTIFICATE)
        rename_chair(world, &pieces);
    weaken(world, variant, &craft, &pieces);
    arrange(world, variant, &craft, &pieces);
    struct buffer cms =
        variant == GARBAGE ? paper_copy(bytes_of("\x30\x03\x02\x01\x05")) : craft_write(&craft);
    if (variant == LONG_FORM)
        lengthen(&cms);
    craft_put(&prepared, buffer_bytes(&cms));
    EVP_PKEY_free(pieces.key);
    buffer_done(&pieces.certificate);
    buffer_done(&pieces.value);
    buffer_done(&pieces.unproven);
    buffer_done(&pieces.crl);
    buffer_done(&set);
    buffer_done(&cms);
    return prepared.file;
}

#define CMS(NAME, SAYS, VARIANT, REASON)                                                           \
    {                                                                                              \
        .name = "cms-" NAME, .says = SAYS, .reason = REASON, .stage = ATTACK_BASE, .make = make,   \
        .variant = VARIANT                                                                         \
    }

static const struct attack attacks[] = {
    CMS("two-signers", "two people's values in one signature", TWO_SIGNERS, "cms.profile"),
    CMS("no-signer", "nobody's value in the signature", NO_SIGNER, "cms.profile"),
    CMS("attached", "the signature brings other content with it", ATTACHED, "cms.profile"),
    CMS("md5", "the digest is MD5", BY_MD5, "cms.profile"),
    CMS("sha1", "the digest is SHA-1", BY_SHA1, "cms.profile"),
    CMS("sha512", "the digest is SHA-512, which this house does not write", BY_SHA512,
        "cms.profile"),
    CMS("claimed-sha1", "SHA-256 is called SHA-1", CLAIMED_SHA1, "cms.profile"),
    CMS("rsa", "the key is an RSA key, which this house does not issue for", BY_RSA, "cms.profile"),
    CMS("p384", "the key is on another curve", BY_P384, "cms.profile"),
    CMS("bare", "the signature has no signed attributes", BARE, "cms.profile"),
    CMS("signing-time", "a time that PAdES forbids is signed", SIGNING_TIME, "cms.profile"),
    CMS("no-certificate-attribute", "the signature does not say by which certificate", NO_ESS,
        "cms.profile"),
    CMS("other-certificate-attribute", "the signature names another certificate", OTHER_ESS,
        "cms.certificate"),
    CMS("other-digest", "the signature is over another document", OTHER_DIGEST, "cms.digest"),
    CMS("other-type", "the signed type is not that of a document", OTHER_TYPE, "cms.profile"),
    CMS("other-content", "the content's type is not that of a document", OTHER_CONTENT,
        "cms.profile"),
    CMS("other-key", "another key signed", OTHER_KEY, "cms.signature"),
    CMS("renamed", "a certificate of the same key for another person", OTHER_CERTIFICATE,
        "cms.certificate"),
    CMS("empty-bag", "no certificate is carried", EMPTY_BAG, "cms.profile"),
    CMS("no-own", "only the issuer's certificate is carried", NO_OWN, "cms.profile"),
    CMS("unused", "a stranger's certificate is carried", UNUSED, "cms.unused"),
    CMS("twice-in-bag", "a certificate is carried twice", TWICE_IN_BAG, "cms.unused"),
    CMS("crl", "a revocation list is carried", CRL, "cms.profile"),
    CMS("version", "the form's version is another", VERSION, "cms.profile"),
    CMS("digests", "the digest's algorithm is listed twice", DIGESTS, "cms.profile"),
    CMS("countersigned", "somebody countersigned outside the document", COUNTERSIGNED,
        "cms.profile"),
    CMS("enveloped", "the value is an envelope", ENVELOPED, "cms.malformed"),
    CMS("garbage", "the value is a number", GARBAGE, "cms.malformed"),
    CMS("no-value", "the value inside is empty", NO_VALUE, "cms.signature"),
    CMS("zero-value", "the value inside is (0, 0)", ZERO_VALUE, "cms.signature"),
    CMS("long-form", "a length is written in one byte more", LONG_FORM, "signature.contents"),
    /* ECDSA holds for (r, n - s) whenever it holds for (r, s), so anybody may exchange them until a
     * later revision or a timestamp covers the value. Nothing signed or shown changes: signer,
     * document and verdict are the same, so it is accepted by design. */
    CMS("mirrored", "the value is exchanged for its mirror, which is as good", MIRRORED,
        ATTACK_ACCEPTED),
    CMS("without-a-trick", "none: what this workshop makes is good when it means to be", GOOD,
        ATTACK_ACCEPTED),
};

const struct attack_family attack_cms = {"cms", attacks, sizeof attacks / sizeof *attacks};
