/* Against validation data and document timestamps. */
#include "tests/attacks/stamper.h"

#include "meeting/edge/paper/stamp.h"

enum variant { EMPTY, OTHER_FILE, ROGUE, UNUSED, GARBAGE };

/* A document timestamp of the forger's choice on a stamped paper. */
static struct buffer make(const struct attack *attack, const struct attack_world *world)
{
    enum variant variant = (enum variant)attack->variant;
    const struct paper_place *place = variant == ROGUE ? &world->rogue : &world->place;
    struct bytes issuers[] = {certs_ca_issuing(world->rogue.ca), certs_ca_issuing(world->place.ca)};
    struct stamp_material material = {
        .certificates = issuers, .certificate_count = variant == UNUSED ? 2 : variant == ROGUE};
    struct certs_ask ask = keep_ask(place);
    struct pades_prepared prepared;
    struct certs_stamp stamp;
    enum err err = stamp_prepare(attack_file(world, attack->stage), &material, &prepared);
    assert(err == ERR_OK);
    prepared.digest[0] ^= variant == OTHER_FILE;
    if (variant == EMPTY)
        return prepared.file;
    err = certs_tsa_ask(&ask, prepared.digest, place->now + 300000, &stamp);
    assert(err == ERR_OK);
    struct bytes token =
        variant == GARBAGE ? bytes_of("\x30\x03\x02\x01\x05") : buffer_bytes(&stamp.token);
    err = stamp_complete(&prepared.file, prepared.byte_range, token);
    assert(err == ERR_OK);
    buffer_done(&stamp.token);
    return prepared.file;
}

/* A document timestamp by an authority that was certified for something else. */
static struct buffer stamp_without_usage(const struct attack *attack,
                                         const struct attack_world *world)
{
    struct stamper stamper = stamper_open(world, "");
    struct buffer file = stamper_archive(&stamper, world, attack_file(world, attack->stage),
                                         (struct bytes){NULL, 0});
    stamper_close(&stamper);
    return file;
}

/* One by an authority that was revoked, as the next archive tells. */
static struct buffer stamp_revoked(const struct attack *attack, const struct attack_world *world)
{
    struct stamper stamper = stamper_open(world, "critical,timeStamping");
    struct buffer first = stamper_archive(&stamper, world, attack_file(world, attack->stage),
                                          (struct bytes){NULL, 0});
    struct buffer crl = stamper_revoke(&stamper, world, world->place.now - 60000);
    struct bytes more = buffer_bytes(&crl);
    struct stamp_material material = {.crls = &more, .crl_count = 1};
    struct certs_ask ask = keep_ask(&world->place);
    struct pades_prepared prepared;
    struct certs_stamp stamp;
    enum err err = stamp_prepare(buffer_bytes(&first), &material, &prepared);
    assert(err == ERR_OK);
    err = certs_tsa_ask(&ask, prepared.digest, world->place.now + 300000, &stamp);
    assert(err == ERR_OK);
    err = stamp_complete(&prepared.file, prepared.byte_range, buffer_bytes(&stamp.token));
    assert(err == ERR_OK);
    buffer_done(&stamp.token);
    buffer_done(&crl);
    buffer_done(&first);
    stamper_close(&stamper);
    return prepared.file;
}

/* The store's object, with `from` instead of `to`, in an update of any kind. */
static const struct pdf_object *find_store(const struct pdf_map *map)
{
    struct pdf_value value;
    const struct pdf_object *root = pdf_map_find(map, map->revision_count - 1, map->root);
    bool found = pdf_get(root->value, "/DSS", &value);
    assert(found);
    return pdf_map_find(map, map->revision_count - 1, value.reference);
}

static void empty_store(const struct pdf_map *map, struct pdf_update *update)
{
    attack_put_object(update, find_store(map)->number, "<< >>");
}

static void extend_store(const struct pdf_map *map, struct pdf_update *update)
{
    const struct pdf_object *store = find_store(map);
    pdf_update_begin_object(update, store->number);
    pdf_update_put_extended(update, store->value, "/VRI << >>");
    pdf_update_end_object(update);
}

static void add_store(const struct pdf_map *map, struct pdf_update *update)
{
    char more[48];
    const struct pdf_object *root = pdf_map_find(map, map->revision_count - 1, map->root);
    uint32_t store = pdf_update_reserve(update);
    (void)snprintf(more, sizeof more, "/DSS %u 0 R", store);
    attack_put_object(update, store, "<< /Certs [ ] >>");
    pdf_update_begin_object(update, root->number);
    pdf_update_put_extended(update, root->value, more);
    pdf_update_end_object(update);
}

#define MAKE(NAME, SAYS, STAGE, VARIANT, REASON)                                                   \
    {                                                                                              \
        .name = "archive-" NAME, .says = "a document timestamp " SAYS, .reason = REASON,           \
        .stage = STAGE, .make = make, .variant = VARIANT                                           \
    }

#define PATCH(NAME, SAYS, STAGE, REVISION, FROM, TO, REASON)                                       \
    {                                                                                              \
        .name = "archive-" NAME, .says = SAYS, .reason = REASON, .stage = STAGE,                   \
        .make = attack_patch, .revision = REVISION, .from = FROM, .to = TO                         \
    }

static const struct attack attacks[] = {
    MAKE("empty", "was never put in", ATTACK_STAMPED, EMPTY, "timestamp.invalid"),
    MAKE("empty-again", "was never put in, on top of one", ATTACK_WHOLE, EMPTY,
         "timestamp.invalid"),
    MAKE("other-file", "is of another file", ATTACK_STAMPED, OTHER_FILE, "timestamp.other"),
    MAKE("other-file-again", "is of another file, on top of one", ATTACK_WHOLE, OTHER_FILE,
         "timestamp.other"),
    MAKE("rogue", "is by an authority of the same name", ATTACK_STAMPED, ROGUE,
         "timestamp.untrusted"),
    MAKE("rogue-again", "is by an authority of the same name, on top of one", ATTACK_WHOLE, ROGUE,
         "timestamp.untrusted"),
    MAKE("garbage", "is a number", ATTACK_TWICE, GARBAGE, "timestamp.invalid"),
    MAKE("unused", "seals a certificate that nothing needs", ATTACK_STAMPED, UNUSED,
         "archive.unused"),
    MAKE("unused-twice", "seals such a certificate when nothing has a timestamp", ATTACK_TWICE,
         UNUSED, "archive.unused"),
    {.name = "archive-usage",
     .says = "a document timestamp is by an authority certified for something else",
     .reason = "timestamp.usage",
     .stage = ATTACK_STAMPED,
     .make = stamp_without_usage},
    {.name = "archive-revoked",
     .says = "a document timestamp is by an authority that had been revoked",
     .reason = "timestamp.revoked",
     .stage = ATTACK_STAMPED,
     .make = stamp_revoked},
    {.name = "archive-emptied",
     .says = "the validation data is taken out, in an update",
     .reason = "revision.unsigned",
     .stage = ATTACK_ARCHIVED,
     .make = attack_update,
     .hook = empty_store},
    {.name = "archive-emptied-insider",
     .says = "the same beside a good signature",
     .reason = "revision.changed",
     .stage = ATTACK_ARCHIVED,
     .make = attack_insider,
     .hook = empty_store},
    {.name = "archive-extended",
     .says = "the validation data gets what we do not write",
     .reason = "revision.unsigned",
     .stage = ATTACK_WHOLE,
     .make = attack_update,
     .hook = extend_store},
    {.name = "archive-added-insider",
     .says = "a signature brings validation data of its own",
     .reason = "revision.changed",
     .stage = ATTACK_TWICE,
     .make = attack_insider,
     .hook = add_store},
    PATCH("field", "the timestamp's field has an extent", ATTACK_ARCHIVED, 3, "/Rect [ 0 0 0 0",
          "/Rect [ 0 0 9 9", "revision.changed"),
    PATCH("proof", "a byte of a proof is altered", ATTACK_ARCHIVED, 3, "stream\n\x30",
          "stream\n\x31", "timestamp.other"),
    PATCH("page", "the page is altered in the revision that archives", ATTACK_ARCHIVED, 3,
          "841.889764", "841.889765", "revision.changed"),
};

const struct attack_family attack_archive = {"archive", attacks, sizeof attacks / sizeof *attacks};
