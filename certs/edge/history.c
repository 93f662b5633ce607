#include "certs/edge/history_part.h"

#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "certs/edge/der.h"
#include "certs/edge/memo.h"
#include "certs/edge/status_part.h"
#include "certs/edge/trust_part.h"

/* Everybody who may have issued something, nearest first. Parsing a certificate costs more than
 * checking a signature, so those of the archive are parsed only when nobody else will do. */
struct issuers {
    STACK_OF(X509) * carried; /* borrowed; may be NULL */
    STACK_OF(X509) * anchors;
    STACK_OF(X509) * archived; /* NULL until needed */
    const struct certs_archive *archive;
};

static bool issuers_open(const struct certs_history_plan *plan, STACK_OF(X509) * carried,
                         struct issuers *issuers)
{
    *issuers = (struct issuers){
        .carried = carried,
        .anchors =
            X509_STORE_get1_all_certs(plan->for_tsa ? plan->trust->tsa : plan->trust->people),
        .archive = plan->archive,
    };
    return issuers->anchors != NULL;
}

static void issuers_done(struct issuers *issuers)
{
    sk_X509_pop_free(issuers->anchors, X509_free);
    sk_X509_pop_free(issuers->archived, X509_free);
}

static void mark(const struct certs_items *items, size_t index)
{
    if (items->used)
        items->used[index] = true;
}

/* The archive's copies of a certificate that served. */
static void mark_certificate(const struct certs_archive *archive, const X509 *certificate)
{
    struct buffer der = {0};
    if (archive->certificates.count == 0 || der_of_certificate(certificate, &der) != ERR_OK)
        return;
    for (size_t i = 0; i < archive->certificates.count; i++)
        if (bytes_equal(archive->certificates.items[i], buffer_bytes(&der)))
            mark(&archive->certificates, i);
    buffer_done(&der);
}

static X509 *find_among(STACK_OF(X509) * candidates, const struct certs_memo *memo,
                        X509 *certificate)
{
    for (int i = 0; i < sk_X509_num(candidates); i++) {
        X509 *candidate = sk_X509_value(candidates, i);
        if (X509_check_issued(candidate, certificate) == X509_V_OK &&
            (memo_knows_issuer(memo, certificate, candidate) ||
             X509_verify(certificate, X509_get0_pubkey(candidate)) == 1))
            return candidate;
    }
    return NULL;
}

/* The issuer; NULL: nobody knows. */
static X509 *find_issuer(struct issuers *issuers, X509 *certificate)
{
    const struct certs_memo *memo = issuers->archive->memo;
    X509 *found = find_among(issuers->carried, memo, certificate);
    if (!found)
        found = find_among(issuers->anchors, memo, certificate);
    if (!found && !issuers->archived)
        issuers->archived =
            memo_parse_all(issuers->archive->memo, issuers->archive->certificates.items,
                           issuers->archive->certificates.count);
    if (!found)
        found = find_among(issuers->archived, memo, certificate);
    if (found)
        mark_certificate(issuers->archive, found);
    return found;
}

/* Takes one proof into account. One that ended before the moment proves nothing of it, unless it
 * tells of a revocation, which is for ever. */
static void weigh(const struct certs_standing *standing, utc_ms_t at, struct certs_history *history)
{
    bool speaks = standing->next_update == 0 || standing->next_update >= at;
    if (standing->status == CERTS_STATUS_REVOKED) {
        bool before = standing->revoked_at <= at;
        if (history->revoked_at == 0 || standing->revoked_at < history->revoked_at)
            history->revoked_at = standing->revoked_at;
        if (before)
            history->proven = CERTS_PROVEN_REVOKED;
        else if (history->proven != CERTS_PROVEN_REVOKED)
            history->proven = CERTS_PROVEN_REVOKED_LATER;
    } else if (standing->status == CERTS_STATUS_GOOD && speaks &&
               history->proven == CERTS_PROVEN_NOTHING) {
        history->proven = CERTS_PROVEN_GOOD;
    }
}

/* A proof names what it speaks of: one without these bytes cannot be about it, and reading it, with
 * all its signatures, is spared. */
static bool mentions(struct bytes proof, const unsigned char *name, size_t size)
{
    return size > 0 && proof.size >= size && memmem(proof.data, proof.size, name, size) != NULL;
}

/* Everything the archive says of `certificate`, at most CERTS_MEMO_PROOFS_MAX. */
static size_t read_proofs(const struct certs_archive *archive, X509 *certificate, X509 *issuer,
                          struct certs_standing *ret_standings)
{
    size_t count = 0;
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    const unsigned char *name = NULL;
    size_t name_size = 0;
    (void)X509_NAME_get0_der(X509_get_issuer_name(certificate), &name, &name_size);
    for (size_t i = 0; i < archive->ocsps.count && count < CERTS_MEMO_PROOFS_MAX; i++)
        if (mentions(archive->ocsps.items[i], ASN1_STRING_get0_data(serial),
                     (size_t)ASN1_STRING_length(serial)) &&
            status_read_ocsp(archive->ocsps.items[i], certificate, issuer, &ret_standings[count]) ==
                ERR_OK) {
            mark(&archive->ocsps, i);
            count++;
        }
    for (size_t i = 0; i < archive->crls.count && count < CERTS_MEMO_PROOFS_MAX; i++)
        if (mentions(archive->crls.items[i], name, name_size) &&
            status_read_crl(archive->crls.items[i], certificate, issuer, &ret_standings[count]) ==
                ERR_OK) {
            mark(&archive->crls, i);
            count++;
        }
    return count;
}

/* A chain is as good as the worst of its certificates. */
static struct certs_history worse(struct certs_history a, struct certs_history b)
{
    static const int ranks[] = {[CERTS_PROVEN_GOOD] = 0,
                                [CERTS_PROVEN_REVOKED_LATER] = 1,
                                [CERTS_PROVEN_NOTHING] = 2,
                                [CERTS_PROVEN_REVOKED] = 3};
    return ranks[b.proven] > ranks[a.proven] ? b : a;
}

static int memo_find(const struct certs_memo *memo, const uint8_t sha256[CERTS_SHA256_BYTES])
{
    for (size_t i = 0; i < memo->count; i++)
        if (memcmp(memo->known[i].sha256, sha256, CERTS_SHA256_BYTES) == 0)
            return (int)i;
    return -1;
}

/* Looks at a certificate and all above it; gives its place in the memo, -1 when that is full. */
static int look_at(struct issuers *issuers, struct certs_memo *memo, X509 *certificate)
{
    int first = -1;
    int below = -1;
    while (certificate) {
        uint8_t sha256[CERTS_SHA256_BYTES];
        unsigned size = 0;
        if (X509_digest(certificate, EVP_sha256(), sha256, &size) != 1)
            return first;
        int at = memo_find(memo, sha256);
        bool known = at >= 0;
        if (!known && memo->count < CERTS_MEMO_MAX) {
            at = (int)memo->count++;
            memcpy(memo->known[at].sha256, sha256, sizeof sha256);
            memo->known[at].issuer = -1;
        }
        if (below >= 0)
            memo->known[below].issuer = at;
        first = first >= 0 ? first : at;
        if (known || at < 0)
            return first;
        X509 *issuer = find_issuer(issuers, certificate);
        if (issuer && X509_cmp(issuer, certificate) == 0) {
            memo->known[at].issuer = at; /* signed by itself: nobody else vouches for it */
            return first;
        }
        if (issuer)
            memo->known[at].standing_count =
                read_proofs(issuers->archive, certificate, issuer, memo->known[at].standings);
        below = at;
        certificate = issuer;
    }
    return first;
}

static struct certs_history walk(const struct certs_memo *memo, int from, utc_ms_t at)
{
    struct certs_history history = {.proven = CERTS_PROVEN_GOOD};
    for (size_t depth = 0; from >= 0 && depth < CERTS_CHAIN_MAX; depth++) {
        if (memo->known[from].issuer == from)
            return history;
        struct certs_history one = {.proven = CERTS_PROVEN_NOTHING};
        for (size_t i = 0; i < memo->known[from].standing_count; i++)
            weigh(&memo->known[from].standings[i], at, &one);
        history = worse(history, one);
        from = memo->known[from].issuer;
    }
    return worse(history, (struct certs_history){.proven = CERTS_PROVEN_NOTHING});
}

bool history_known(const struct certs_archive *archive, const uint8_t sha256[CERTS_SHA256_BYTES],
                   utc_ms_t at, struct certs_history *ret_history)
{
    int place = archive->memo ? memo_find(archive->memo, sha256) : -1;
    if (place >= 0)
        *ret_history = walk(archive->memo, place, at);
    return place >= 0;
}

void history_of(X509 *certificate, STACK_OF(X509) * carried, const struct certs_history_plan *plan,
                struct certs_history *ret_history)
{
    struct certs_memo own = {.count = 0};
    struct certs_memo *memo = plan->archive->memo ? plan->archive->memo : &own;
    struct issuers issuers;
    int place = -1;
    if (issuers_open(plan, carried, &issuers)) {
        /* Its own copy in the archive serves whoever reads the file with other tools. */
        mark_certificate(plan->archive, certificate);
        place = look_at(&issuers, memo, certificate);
        issuers_done(&issuers);
    }
    *ret_history = walk(memo, place, plan->at);
    ERR_clear_error();
}

void certs_history(struct bytes certificate, const struct certs_history_plan *plan,
                   struct certs_history *ret_history)
{
    uint8_t sha256[CERTS_SHA256_BYTES];
    X509 *parsed = NULL;
    SHA256(certificate.data, certificate.size, sha256);
    if (history_known(plan->archive, sha256, plan->at, ret_history))
        return;
    *ret_history = (struct certs_history){.proven = CERTS_PROVEN_NOTHING};
    struct certs_memo *memo = plan->archive->memo;
    if (memo_parse_certificate(memo, certificate, &parsed) == ERR_OK) {
        STACK_OF(X509) *carried = memo_parse_all(memo, plan->carried, plan->carried_count);
        history_of(parsed, carried, plan, ret_history);
        sk_X509_pop_free(carried, X509_free);
    }
    X509_free(parsed);
    ERR_clear_error();
}

/* -- for whoever fills an archive ----------------------------------------------------------------
 */

void certs_chain_done(struct certs_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        buffer_done(&chain->list[i]);
    chain->count = 0;
}

static enum err chain_walk(struct issuers *issuers, X509 *certificate, struct certs_chain *chain)
{
    while (certificate && chain->count < CERTS_CHAIN_MAX) {
        struct buffer der = {0};
        enum err err = der_of_certificate(certificate, &der);
        if (err != ERR_OK)
            return err;
        chain->list[chain->count++] = der;
        X509 *issuer = find_issuer(issuers, certificate);
        certificate = issuer && X509_cmp(issuer, certificate) != 0 ? issuer : NULL;
    }
    return ERR_OK;
}

enum err certs_chain_find(struct bytes certificate, const struct certs_history_plan *plan,
                          struct certs_chain *ret_chain)
{
    struct issuers issuers = {.archive = plan->archive};
    X509 *parsed = NULL;
    struct certs_chain chain = {.count = 0};
    struct certs_memo *memo = plan->archive->memo;
    STACK_OF(X509) *carried = memo_parse_all(memo, plan->carried, plan->carried_count);
    enum err err = memo_parse_certificate(memo, certificate, &parsed);
    if (err == ERR_OK)
        err = issuers_open(plan, carried, &issuers) ? chain_walk(&issuers, parsed, &chain)
                                                    : ERR_NO_MEMORY;
    issuers_done(&issuers);
    sk_X509_pop_free(carried, X509_free);
    X509_free(parsed);
    ERR_clear_error();
    if (err == ERR_OK)
        *ret_chain = chain;
    else
        certs_chain_done(&chain);
    return err;
}

bool certs_has_proof(const struct certs_archive *archive, struct bytes certificate,
                     struct bytes issuer)
{
    struct certs_standing standings[CERTS_MEMO_PROOFS_MAX];
    X509 *own = NULL;
    X509 *above = NULL;
    bool parsed = der_parse_certificate(certificate, &own) == ERR_OK &&
                  der_parse_certificate(issuer, &above) == ERR_OK;
    bool has = parsed && read_proofs(archive, own, above, standings) > 0;
    X509_free(own);
    X509_free(above);
    return has;
}
