/* Against the signer's certificate: who issued it, for what, and when. */
#include "tests/attacks/craft.h"

#include "certs/edge/ca_part.h"
#include "certs/edge/der.h"

/* The chair's field, signed with `key` and a certificate that the forger made. */
static struct buffer sign_with(const struct attack_world *world, struct bytes certificate,
                               EVP_PKEY *key, const struct bytes *bag, size_t bag_count)
{
    struct pades_prepared prepared = craft_prepare(world);
    struct craft craft = craft_good(world, &world->place.chair);
    struct buffer set = {0};
    enum err err = certs_signed_attributes(certificate, prepared.digest, &set);
    assert(err == ERR_OK);
    craft.certificate = certificate;
    craft.key = key;
    craft.bag[0] = certificate;
    craft.bag_count = 1;
    for (size_t i = 0; i < bag_count; i++)
        craft.bag[craft.bag_count++] = bag[i];
    craft.attributes = buffer_bytes(&set);
    struct buffer cms = craft_write(&craft);
    craft_put(&prepared, buffer_bytes(&cms));
    buffer_done(&cms);
    buffer_done(&set);
    return prepared.file;
}

#define SIGNING "critical,digitalSignature,nonRepudiation"
#define NO_CA "critical,CA:FALSE"

/* Certificates by our own authority, but not for signing papers. */
static const struct craft_certificate by_ours[] = {
    {.name = "www.lamgiang.example",
     .key_usage = "critical,digitalSignature",
     .extended_usage = "serverAuth",
     .constraints = NO_CA},
    {.name = "Lê Văn Ước", .key_usage = "critical,keyEncipherment", .constraints = NO_CA},
    {.name = "Lê Văn Ước",
     .key_usage = "critical,keyCertSign,cRLSign,nonRepudiation",
     .constraints = "critical,CA:TRUE"},
    {.name = "Dấu thời gian",
     .key_usage = "critical,digitalSignature",
     .extended_usage = "critical,timeStamping",
     .constraints = NO_CA},
};

static struct buffer sign_by_ours(const struct attack *attack, const struct attack_world *world)
{
    struct certs_ca *ca = world->place.ca;
    struct craft_certificate plan = by_ours[attack->variant];
    struct bytes chain[] = {certs_ca_issuing(ca)};
    plan.key = world->place.chair.key;
    plan.issuer = ca->issuing;
    plan.issuer_key = ca->issuing_key;
    struct buffer certificate = craft_issue(world, &plan);
    struct buffer file = sign_with(world, buffer_bytes(&certificate), plan.key, chain, 1);
    buffer_done(&certificate);
    return file;
}

static struct buffer sign_by_oneself(const struct attack *attack, const struct attack_world *world)
{
    (void)attack;
    struct craft_certificate plan = {.name = "Lê Văn Ước",
                                     .key = world->place.chair.key,
                                     .key_usage = SIGNING,
                                     .constraints = NO_CA};
    struct buffer certificate = craft_issue(world, &plan);
    struct buffer file = sign_with(world, buffer_bytes(&certificate), plan.key, NULL, 0);
    buffer_done(&certificate);
    return file;
}

/* The chair issues certificates with the key that is only for signing papers. */
static struct buffer sign_by_a_subject_of_the_chair(const struct attack *attack,
                                                    const struct attack_world *world)
{
    (void)attack;
    const struct signer *chair = &world->place.chair;
    X509 *issuer = NULL;
    enum err err = der_parse_certificate(buffer_bytes(&chair->issued.certificate), &issuer);
    assert(err == ERR_OK);
    struct craft_certificate plan = {.name = "Chủ tịch nước",
                                     .key = signer_key("P-256"),
                                     .issuer = issuer,
                                     .issuer_key = chair->key,
                                     .key_usage = SIGNING,
                                     .constraints = NO_CA};
    struct bytes chain[] = {buffer_bytes(&chair->issued.certificate),
                            certs_ca_issuing(world->place.ca)};
    struct buffer certificate = craft_issue(world, &plan);
    struct buffer file = sign_with(world, buffer_bytes(&certificate), plan.key, chain, 2);
    buffer_done(&certificate);
    EVP_PKEY_free(plan.key);
    X509_free(issuer);
    return file;
}

/* An authority under ours, which ours may not have. */
static struct buffer sign_under_a_deeper_authority(const struct attack *attack,
                                                   const struct attack_world *world)
{
    (void)attack;
    struct certs_ca *ca = world->place.ca;
    EVP_PKEY *key = signer_key("P-256");
    struct craft_certificate deeper = {.name = "CA huyện",
                                       .key = key,
                                       .issuer = ca->issuing,
                                       .issuer_key = ca->issuing_key,
                                       .key_usage = "critical,keyCertSign,cRLSign",
                                       .constraints = "critical,CA:TRUE"};
    struct buffer middle = craft_issue(world, &deeper);
    X509 *issuer = NULL;
    enum err err = der_parse_certificate(buffer_bytes(&middle), &issuer);
    assert(err == ERR_OK);
    struct craft_certificate plan = {.name = "Lê Văn Ước",
                                     .key = world->place.chair.key,
                                     .issuer = issuer,
                                     .issuer_key = key,
                                     .key_usage = SIGNING,
                                     .constraints = NO_CA};
    struct bytes chain[] = {buffer_bytes(&middle), certs_ca_issuing(ca)};
    struct buffer certificate = craft_issue(world, &plan);
    struct buffer file = sign_with(world, buffer_bytes(&certificate), plan.key, chain, 2);
    buffer_done(&certificate);
    buffer_done(&middle);
    X509_free(issuer);
    EVP_PKEY_free(key);
    return file;
}

/* The rogue authority certifies our issuing CA too: two chains, one of them trusted. */
static struct buffer cross_sign(const struct attack *attack, const struct attack_world *world)
{
    (void)attack;
    struct certs_ca *rogue = world->rogue.ca;
    struct craft_certificate plan = {.name = "cross",
                                     .key = world->place.ca->issuing_key,
                                     .issuer = rogue->issuing,
                                     .issuer_key = rogue->issuing_key,
                                     .key_usage = "critical,keyCertSign,cRLSign",
                                     .constraints = "critical,CA:TRUE"};
    const struct signer *chair = &world->place.chair;
    struct buffer crossed = craft_issue(world, &plan);
    struct bytes chain[] = {certs_ca_issuing(world->place.ca), buffer_bytes(&crossed)};
    struct buffer file =
        sign_with(world, buffer_bytes(&chair->issued.certificate), chair->key, chain, 2);
    buffer_done(&crossed);
    return file;
}

/* A rogue authority's person; variant 1: with our issuing CA in the bag. */
static struct buffer sign_by_rogue(const struct attack *attack, const struct attack_world *world)
{
    const struct signer *chair = &world->rogue.chair;
    struct bytes chain[] = {certs_ca_issuing(attack->variant ? world->place.ca : world->rogue.ca)};
    return sign_with(world, buffer_bytes(&chair->issued.certificate), chair->key, chain, 1);
}

/* All the rogue's own: paper, people, timestamps. */
static struct buffer take_rogue(const struct attack *attack, const struct attack_world *world)
{
    if (attack->variant == 0)
        return paper_copy(buffer_bytes(&world->rogue.twice));
    return keep_whole(&world->rogue);
}

static struct buffer sign_revoked(const struct attack *attack, const struct attack_world *world)
{
    (void)attack;
    const struct paper_place *place = &world->place;
    struct signer signer = signer_make(place->ca, "Đỗ Hữu Nghĩa", "Chánh Văn phòng", 9, place->now);
    enum err err = certs_register_revoke(place->ca, signer.issued.serial,
                                         CERTS_REASON_KEY_COMPROMISE, place->now + 60000);
    assert(err == ERR_OK);
    struct buffer file = keep_sign(place, attack_file(world, ATTACK_BASE), PAPER_FIELD_CHAIR,
                                   &signer, "Đỗ Hữu Nghĩa", place->now + 120000);
    struct buffer kept = keep_archive(place, buffer_bytes(&file), place->now + 180000);
    buffer_done(&file);
    signer_done(&signer);
    return kept;
}

#define BY_OURS(NAME, SAYS, VARIANT)                                                               \
    {                                                                                              \
        .name = "chain-" NAME, .says = "the certificate is " SAYS, .reason = "certificate.usage",  \
        .make = sign_by_ours, .variant = VARIANT                                                   \
    }

static const struct attack attacks[] = {
    BY_OURS("tls", "a web server's", 0),
    BY_OURS("encipherment", "for encryption only", 1),
    BY_OURS("authority", "an authority's", 2),
    BY_OURS("tsa", "a timestamp authority's", 3),
    {.name = "chain-self",
     .says = "the signer certified himself, under the chair's name",
     .reason = "certificate.untrusted",
     .make = sign_by_oneself},
    {.name = "chain-by-person",
     .says = "the chair certified somebody",
     .reason = "certificate.untrusted",
     .make = sign_by_a_subject_of_the_chair},
    {.name = "chain-deeper",
     .says = "an authority under the province's issued the certificate",
     .reason = "certificate.untrusted",
     .make = sign_under_a_deeper_authority},
    {.name = "chain-crossed",
     .says = "a rogue authority's certificate for ours is carried",
     .reason = "cms.unused",
     .make = cross_sign},
    {.name = "chain-rogue",
     .says = "an authority of the same name certified the same people",
     .reason = "certificate.untrusted",
     .make = sign_by_rogue},
    {.name = "chain-rogue-mixed",
     .says = "the same, with our authority's certificate beside it",
     .reason = "certificate.untrusted",
     .make = sign_by_rogue,
     .variant = 1},
    {.name = "chain-rogue-paper",
     .says = "the whole paper is of another province",
     .reason = "certificate.untrusted",
     .make = take_rogue},
    {.name = "chain-rogue-whole",
     .says = "so is one with seal, timestamps and proofs",
     .reason = "timestamp.untrusted",
     .make = take_rogue,
     .variant = 1},
    {.name = "chain-expired",
     .says = "the certificates have expired, and no timestamp is there",
     .reason = "certificate.expired",
     .stage = ATTACK_TWICE,
     .make = attack_append,
     .to = "",
     .days = 1096},
    {.name = "chain-early",
     .says = "the certificates are not yet valid",
     .reason = "certificate.not_yet_valid",
     .stage = ATTACK_TWICE,
     .make = attack_append,
     .to = "",
     .days = -1},
    {.name = "chain-revoked",
     .says = "the certificate was revoked before the paper was signed",
     .reason = "certificate.revoked",
     .make = sign_revoked},
};

const struct attack_family attack_chain = {"chain", attacks, sizeof attacks / sizeof *attacks};
