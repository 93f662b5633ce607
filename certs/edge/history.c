#include "certs/edge/history.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "certs/edge/der.h"
#include "certs/edge/status.h"
#include "certs/edge/trust_part.h"

/* Everybody who may have issued something, with references of its own. */
struct issuers {
    STACK_OF(X509) * all;
    size_t archived; /* index of the first that the archive holds */
    size_t anchors;  /* and of the first anchor */
};

static void push(STACK_OF(X509) * all, struct bytes der)
{
    X509 *one = NULL;
    if (der_parse_certificate(der, &one) != ERR_OK)
        one = NULL;
    /* What cannot be read holds its place, so that indices stay those of the lists. */
    if (sk_X509_push(all, one) <= 0)
        X509_free(one);
}

static bool gather(const struct certs_history_plan *plan, struct issuers *ret_issuers)
{
    struct issuers issuers = {.all = sk_X509_new_null()};
    X509_STORE *store = plan->for_tsa ? plan->trust->tsa : plan->trust->people;
    STACK_OF(X509) *anchors = X509_STORE_get1_all_certs(store);
    if (!issuers.all || !anchors) {
        sk_X509_free(issuers.all);
        sk_X509_pop_free(anchors, X509_free);
        return false;
    }
    for (size_t i = 0; i < plan->carried_count; i++)
        push(issuers.all, plan->carried[i]);
    issuers.archived = plan->carried_count;
    for (size_t i = 0; i < plan->archive->certificates.count; i++)
        push(issuers.all, plan->archive->certificates.items[i]);
    issuers.anchors = issuers.archived + plan->archive->certificates.count;
    while (sk_X509_num(anchors) > 0) {
        X509 *anchor = sk_X509_pop(anchors);
        if (sk_X509_push(issuers.all, anchor) <= 0)
            X509_free(anchor);
    }
    sk_X509_free(anchors);
    *ret_issuers = issuers;
    return true;
}

static bool is_issued(X509 *issuer, X509 *certificate)
{
    return issuer && X509_check_issued(issuer, certificate) == X509_V_OK &&
           X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
}

static void mark(const struct certs_items *items, size_t index)
{
    if (items->used)
        items->used[index] = true;
}

/* The issuer; those of the archive that are it are marked as used. NULL: nobody knows. */
static X509 *find_issuer(const struct issuers *issuers, const struct certs_archive *archive,
                         X509 *certificate)
{
    X509 *found = NULL;
    for (int i = 0; i < sk_X509_num(issuers->all); i++) {
        X509 *candidate = sk_X509_value(issuers->all, i);
        if (!is_issued(candidate, certificate))
            continue;
        size_t index = (size_t)i;
        if (index >= issuers->archived && index < issuers->anchors)
            mark(&archive->certificates, index - issuers->archived);
        found = found ? found : candidate;
    }
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

static struct certs_history weigh_all(const struct certs_archive *archive, struct bytes certificate,
                                      struct bytes issuer, utc_ms_t at)
{
    struct certs_history history = {.proven = CERTS_PROVEN_NOTHING};
    struct certs_standing standing;
    for (size_t i = 0; i < archive->ocsps.count; i++)
        if (certs_ocsp_read(archive->ocsps.items[i], certificate, issuer, &standing) == ERR_OK) {
            mark(&archive->ocsps, i);
            weigh(&standing, at, &history);
        }
    for (size_t i = 0; i < archive->crls.count; i++)
        if (certs_crl_read(archive->crls.items[i], certificate, issuer, &standing) == ERR_OK) {
            mark(&archive->crls, i);
            weigh(&standing, at, &history);
        }
    return history;
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

static struct certs_history walk(const struct certs_history_plan *plan,
                                 const struct issuers *issuers, X509 *certificate)
{
    struct certs_history history = {.proven = CERTS_PROVEN_GOOD};
    for (size_t depth = 0; depth < CERTS_CHAIN_MAX; depth++) {
        X509 *issuer = find_issuer(issuers, plan->archive, certificate);
        if (!issuer)
            return (struct certs_history){.proven = CERTS_PROVEN_NOTHING};
        if (X509_cmp(issuer, certificate) == 0)
            return history; /* signed by itself: nobody else vouches for it */
        struct buffer own = {0};
        struct buffer above = {0};
        struct certs_history one = {.proven = CERTS_PROVEN_NOTHING};
        if (der_of_certificate(certificate, &own) == ERR_OK &&
            der_of_certificate(issuer, &above) == ERR_OK)
            one = weigh_all(plan->archive, buffer_bytes(&own), buffer_bytes(&above), plan->at);
        buffer_done(&own);
        buffer_done(&above);
        history = worse(history, one);
        certificate = issuer;
    }
    return (struct certs_history){.proven = CERTS_PROVEN_NOTHING};
}

void certs_history(struct bytes certificate, const struct certs_history_plan *plan,
                   struct certs_history *ret_history)
{
    struct issuers issuers = {0};
    X509 *parsed = NULL;
    *ret_history = (struct certs_history){.proven = CERTS_PROVEN_NOTHING};
    if (der_parse_certificate(certificate, &parsed) == ERR_OK && gather(plan, &issuers)) {
        /* Its own copy in the archive serves whoever reads the file with other tools. */
        for (size_t i = issuers.archived; i < issuers.anchors; i++) {
            const X509 *held = sk_X509_value(issuers.all, (int)i);
            if (held && X509_cmp(held, parsed) == 0)
                mark(&plan->archive->certificates, i - issuers.archived);
        }
        *ret_history = walk(plan, &issuers, parsed);
        sk_X509_pop_free(issuers.all, X509_free);
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

static enum err chain_walk(const struct certs_history_plan *plan, const struct issuers *issuers,
                           X509 *certificate, struct certs_chain *chain)
{
    while (certificate && chain->count < CERTS_CHAIN_MAX) {
        struct buffer der = {0};
        enum err err = der_of_certificate(certificate, &der);
        if (err != ERR_OK)
            return err;
        chain->list[chain->count++] = der;
        X509 *issuer = find_issuer(issuers, plan->archive, certificate);
        certificate = issuer && X509_cmp(issuer, certificate) != 0 ? issuer : NULL;
    }
    return ERR_OK;
}

enum err certs_chain_find(struct bytes certificate, const struct certs_history_plan *plan,
                          struct certs_chain *ret_chain)
{
    struct issuers issuers = {0};
    X509 *parsed = NULL;
    struct certs_chain chain = {.count = 0};
    enum err err = der_parse_certificate(certificate, &parsed);
    if (err == ERR_OK)
        err = gather(plan, &issuers) ? chain_walk(plan, &issuers, parsed, &chain) : ERR_NO_MEMORY;
    sk_X509_pop_free(issuers.all, X509_free);
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
    /* At the beginning of time: every proof speaks for a later moment. */
    struct certs_history history = weigh_all(archive, certificate, issuer, 0);
    return history.proven != CERTS_PROVEN_NOTHING;
}
