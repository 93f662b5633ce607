/* Gathering what a paper's signatures need, and sealing it with a timestamp. */
#include <stdlib.h>
#include <string.h>

#include "meeting/edge/paper/paper.h"
#include "meeting/edge/paper/pdf_dss.h"
#include "meeting/edge/paper/pdf_form.h"
#include "meeting/edge/paper/pdf_signature.h"
#include "meeting/edge/paper/preserve.h"
#include "meeting/edge/paper/stamp.h"

/* -- reading -------------------------------------------------------------------------------------
 */

/* A signature or document timestamp of the file. */
struct signed_part {
    size_t revision;
    bool is_stamp;
    bool ends;         /* the last person's, or the agency's */
    struct buffer cms; /* or token */
};

struct signed_parts {
    struct signed_part list[PDF_FORM_FIELDS_MAX];
    size_t count;
};

static void parts_done(struct signed_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        buffer_done(&parts->list[i].cms);
}

/* The revision that wrote object `number` last. */
static size_t revision_of(const struct pdf_map *map, const struct pdf_object *object)
{
    size_t revision = 0;
    while (revision + 1 < map->revision_count && object->start >= map->revisions[revision].end)
        revision++;
    return revision;
}

static bool ends_signing(const struct pdf_field *field)
{
    return strcmp(field->name, PAPER_FIELD_CHAIR) == 0 ||
           strcmp(field->name, PAPER_FIELD_SIGNER) == 0 ||
           strcmp(field->name, PAPER_FIELD_AGENCY) == 0;
}

static enum err read_part(const struct pdf_map *map, const struct pdf_field *field,
                          struct signed_parts *parts)
{
    const struct pdf_object *object = pdf_map_find(map, map->revision_count - 1, field->signature);
    struct signed_part *part = &parts->list[parts->count];
    struct pdf_signature read;
    if (!object)
        return ERR_FORMAT;
    part->revision = revision_of(map, object);
    part->is_stamp = field->is_stamp;
    part->ends = ends_signing(field);
    const char *code = field->is_stamp
                           ? pdf_signature_read_stamp(map, part->revision, object, &read)
                           : pdf_signature_read(map, part->revision, object, &read);
    if (code || pdf_signature_cms(&read, &part->cms))
        return ERR_FORMAT;
    parts->count++;
    return ERR_OK;
}

static enum err read_parts(const struct pdf_map *map, struct signed_parts *parts)
{
    struct pdf_form form;
    parts->count = 0;
    if (!pdf_form_read(map, map->revision_count - 1, &form))
        return ERR_FORMAT;
    memset(parts->list, 0, sizeof parts->list);
    for (size_t i = 0; i < form.count; i++) {
        enum err err = form.fields[i].signature ? read_part(map, &form.fields[i], parts) : ERR_OK;
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

/* Facts of one signature, given the revision of the last document timestamp (0: none). */
static enum err add_facts(const struct signed_part *part, size_t stamped,
                          struct preserve_facts *facts)
{
    struct certs_carried carried;
    if (part->is_stamp || part->revision < stamped) {
        facts->ended = facts->ended || part->ends;
        return ERR_OK;
    }
    enum err err = certs_cms_carried(buffer_bytes(&part->cms), &carried);
    if (err != ERR_OK)
        return err;
    facts->untimed += carried.token.size == 0;
    facts->unarchived++;
    facts->ended = facts->ended || part->ends;
    certs_carried_done(&carried);
    return ERR_OK;
}

/* The document timestamps: the last one's revision, and when its authority's certificate ends. */
static size_t last_stamp(const struct signed_parts *parts, struct preserve_facts *facts)
{
    size_t stamped = 0;
    for (size_t i = 0; i < parts->count; i++) {
        const struct signed_part *part = &parts->list[i];
        struct certs_timestamp said;
        if (!part->is_stamp || part->revision < stamped)
            continue;
        stamped = part->revision;
        if (certs_timestamp_read(buffer_bytes(&part->cms), &said) == ERR_OK)
            facts->stamp_ends_at = said.not_after;
    }
    return stamped;
}

enum err preserve_read(struct bytes pdf, struct preserve_facts *ret_facts)
{
    struct pdf_map map = {0};
    struct signed_parts parts;
    struct preserve_facts facts = {0};
    const char *code = NULL;
    enum err err = pdf_map_parse(pdf, &map, &code);
    if (err != ERR_OK)
        return err;
    err = read_parts(&map, &parts);
    size_t stamped = err == ERR_OK ? last_stamp(&parts, &facts) : 0;
    for (size_t i = 0; err == ERR_OK && i < parts.count; i++)
        err = add_facts(&parts.list[i], stamped, &facts);
    parts_done(&parts);
    pdf_map_done(&map);
    if (err == ERR_OK)
        *ret_facts = facts;
    return err;
}

/* -- gathering -----------------------------------------------------------------------------------
 */

enum { GATHERED_MAX = PDF_DSS_ITEMS_MAX };

struct gathering {
    const struct certs_ask *ask;
    utc_ms_t now;
    struct pdf_dss dss; /* what the file holds already */
    struct certs_archive archive;
    struct buffer lists[PDF_DSS_KINDS][GATHERED_MAX];
    struct bytes items[PDF_DSS_KINDS][GATHERED_MAX];
    size_t counts[PDF_DSS_KINDS];
};

static void gathering_free(struct gathering *gathering)
{
    for (size_t kind = 0; kind < PDF_DSS_KINDS; kind++)
        for (size_t i = 0; i < gathering->counts[kind]; i++)
            buffer_done(&gathering->lists[kind][i]);
    free(gathering);
}

/* Takes `item` over. */
static enum err keep(struct gathering *gathering, enum pdf_dss_kind kind, struct buffer *item)
{
    size_t *count = &gathering->counts[kind];
    if (*count == GATHERED_MAX) {
        buffer_done(item);
        return ERR_LIMIT;
    }
    gathering->lists[kind][*count] = *item;
    gathering->items[kind][(*count)++] = buffer_bytes(item);
    return ERR_OK;
}

static bool has_fresh_proof(const struct gathering *gathering, struct bytes certificate,
                            struct bytes issuer)
{
    struct certs_archive fresh = {
        .crls = {gathering->items[PDF_DSS_CRLS], gathering->counts[PDF_DSS_CRLS], NULL},
        .ocsps = {gathering->items[PDF_DSS_OCSPS], gathering->counts[PDF_DSS_OCSPS], NULL},
    };
    return certs_has_proof(&gathering->archive, certificate, issuer) ||
           certs_has_proof(&fresh, certificate, issuer);
}

/* One certificate's proof, unless it is there. A certificate that names nowhere to ask stays
 * without; the verifier says so. */
static enum err gather_proof(struct gathering *gathering, struct bytes certificate,
                             struct bytes issuer)
{
    struct certs_proof proof;
    struct buffer copy = {0};
    if (has_fresh_proof(gathering, certificate, issuer))
        return ERR_OK;
    enum err err = certs_proof_ask(gathering->ask, certificate, issuer, gathering->now, &proof);
    if (err == ERR_UNSUPPORTED)
        return ERR_OK;
    if (err == ERR_OK)
        err = keep(gathering, proof.kind == CERTS_PROOF_OCSP ? PDF_DSS_OCSPS : PDF_DSS_CRLS,
                   &proof.der);
    if (err == ERR_OK)
        err = buffer_put(&copy, issuer);
    return err == ERR_OK ? keep(gathering, PDF_DSS_CERTIFICATES, &copy) : err;
}

/* Of what came with a signature or a token, for finding issuers. */
struct pile {
    struct bytes items[2 * (CERTS_CHAIN_MAX + 1)];
    size_t count;
};

static void pile_add(struct pile *pile, const struct certs_carried *carried)
{
    for (size_t i = 0; i < carried->count; i++)
        pile->items[pile->count++] = buffer_bytes(&carried->certificates[i]);
}

static enum err gather_chain(struct gathering *gathering, struct bytes certificate,
                             const struct pile *pile, bool for_tsa)
{
    struct certs_chain chain;
    struct certs_history_plan plan = {
        .archive = &gathering->archive,
        .carried = pile->items,
        .carried_count = pile->count,
        .trust = gathering->ask->trust,
        .for_tsa = for_tsa,
        .at = gathering->now,
    };
    enum err err = certs_chain_find(certificate, &plan, &chain);
    if (err != ERR_OK)
        return err;
    for (size_t i = 0; err == ERR_OK && i + 1 < chain.count; i++)
        err =
            gather_proof(gathering, buffer_bytes(&chain.list[i]), buffer_bytes(&chain.list[i + 1]));
    certs_chain_done(&chain);
    return err;
}

/* `carried`: with the signature that the token is of. */
static enum err gather_token(struct gathering *gathering, struct bytes token,
                             const struct certs_carried *carried)
{
    struct certs_carried own;
    struct pile pile = {.count = 0};
    enum err err = certs_timestamp_carried(token, &own);
    if (err != ERR_OK)
        return err;
    pile_add(&pile, carried);
    pile_add(&pile, &own);
    err = gather_chain(gathering, buffer_bytes(&own.certificates[0]), &pile, true);
    certs_carried_done(&own);
    return err;
}

static enum err gather_part(struct gathering *gathering, const struct signed_part *part)
{
    struct certs_carried carried = {.count = 0};
    struct pile pile = {.count = 0};
    if (part->is_stamp)
        return gather_token(gathering, buffer_bytes(&part->cms), &carried);
    enum err err = certs_cms_carried(buffer_bytes(&part->cms), &carried);
    if (err != ERR_OK)
        return err;
    pile_add(&pile, &carried);
    err = gather_chain(gathering, buffer_bytes(&carried.certificates[0]), &pile, false);
    if (err == ERR_OK && carried.token.size > 0)
        err = gather_token(gathering, buffer_bytes(&carried.token), &carried);
    certs_carried_done(&carried);
    return err;
}

static enum err gather(const struct pdf_map *map, struct gathering *gathering)
{
    struct signed_parts parts;
    if (!pdf_dss_read(map, map->revision_count - 1, &gathering->dss))
        return ERR_FORMAT;
    const struct pdf_dss_list *lists = gathering->dss.lists;
    gathering->archive = (struct certs_archive){
        .certificates = {lists[PDF_DSS_CERTIFICATES].items, lists[PDF_DSS_CERTIFICATES].count,
                         NULL},
        .crls = {lists[PDF_DSS_CRLS].items, lists[PDF_DSS_CRLS].count, NULL},
        .ocsps = {lists[PDF_DSS_OCSPS].items, lists[PDF_DSS_OCSPS].count, NULL},
    };
    enum err err = read_parts(map, &parts);
    for (size_t i = 0; err == ERR_OK && i < parts.count; i++)
        err = gather_part(gathering, &parts.list[i]);
    parts_done(&parts);
    return err;
}

/* -- sealing -------------------------------------------------------------------------------------
 */

static enum err seal(struct bytes pdf, const struct gathering *gathering, struct buffer *ret_pdf)
{
    struct stamp_material material = {
        .certificates = gathering->items[PDF_DSS_CERTIFICATES],
        .certificate_count = gathering->counts[PDF_DSS_CERTIFICATES],
        .crls = gathering->items[PDF_DSS_CRLS],
        .crl_count = gathering->counts[PDF_DSS_CRLS],
        .ocsps = gathering->items[PDF_DSS_OCSPS],
        .ocsp_count = gathering->counts[PDF_DSS_OCSPS],
    };
    struct pades_prepared prepared;
    struct certs_stamp stamp;
    enum err err = stamp_prepare(pdf, &material, &prepared);
    if (err != ERR_OK)
        return err;
    err = certs_tsa_ask(gathering->ask, prepared.digest, gathering->now, &stamp);
    if (err == ERR_OK) {
        err = stamp_complete(&prepared.file, prepared.byte_range, buffer_bytes(&stamp.token));
        buffer_done(&stamp.token);
    }
    if (err == ERR_OK)
        *ret_pdf = prepared.file;
    else
        pades_prepared_done(&prepared);
    return err;
}

enum err preserve_add(struct bytes pdf, const struct certs_ask *ask, utc_ms_t now,
                      struct buffer *ret_pdf)
{
    struct pdf_map map = {0};
    const char *code = NULL;
    struct gathering *gathering = calloc(1, sizeof *gathering);
    if (!gathering)
        return ERR_NO_MEMORY;
    gathering->ask = ask;
    gathering->now = now;
    enum err err = pdf_map_parse(pdf, &map, &code);
    if (err == ERR_OK)
        err = gather(&map, gathering);
    if (err == ERR_OK)
        err = seal(pdf, gathering, ret_pdf);
    pdf_map_done(&map);
    gathering_free(gathering);
    return err;
}
