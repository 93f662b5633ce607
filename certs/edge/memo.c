#include "certs/edge/memo.h"

#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "certs/edge/der.h"
#include "certs/edge/issue.h"

enum { CERTIFICATES_MAX = 64, CHAINS_MAX = 16 };

/* A chain that held, from the signer's certificate to an anchor. */
struct kept_chain {
    const X509_STORE *anchors;
    STACK_OF(X509) * links;
    utc_ms_t from;  /* all of it is valid from here … */
    utc_ms_t until; /* … to just before this */
};

struct memo_shelf {
    struct {
        uint8_t sha256[CERTS_SHA256_BYTES]; /* of its DER */
        X509 *certificate;
    } certificates[CERTIFICATES_MAX];
    size_t certificate_count;
    struct kept_chain chains[CHAINS_MAX];
    size_t chain_count;
};

/* The memo's own, made when first needed; NULL: there is no memo, or no memory. */
static struct memo_shelf *shelf_of(struct certs_memo *memo)
{
    if (memo && !memo->shelf)
        memo->shelf = calloc(1, sizeof *memo->shelf);
    return memo ? memo->shelf : NULL;
}

void certs_memo_done(struct certs_memo *memo)
{
    struct memo_shelf *shelf = memo->shelf;
    for (size_t i = 0; shelf && i < shelf->certificate_count; i++)
        X509_free(shelf->certificates[i].certificate);
    for (size_t i = 0; shelf && i < shelf->chain_count; i++)
        sk_X509_pop_free(shelf->chains[i].links, X509_free);
    free(shelf);
    memo->shelf = NULL;
    memo->count = 0;
}

/* -- certificates ------------------------------------------------------------------------------ */

static X509 *find(const struct memo_shelf *shelf, const uint8_t sha256[CERTS_SHA256_BYTES])
{
    for (size_t i = 0; i < shelf->certificate_count; i++)
        if (memcmp(shelf->certificates[i].sha256, sha256, CERTS_SHA256_BYTES) == 0)
            return shelf->certificates[i].certificate;
    return NULL;
}

enum err memo_parse_certificate(struct certs_memo *memo, struct bytes der, X509 **ret_certificate)
{
    uint8_t sha256[CERTS_SHA256_BYTES];
    struct memo_shelf *shelf = shelf_of(memo);
    if (!shelf)
        return der_parse_certificate(der, ret_certificate);
    SHA256(der.data, der.size, sha256);
    X509 *held = find(shelf, sha256);
    if (held) {
        if (X509_up_ref(held) != 1)
            return ERR_NO_MEMORY;
        *ret_certificate = held;
        return ERR_OK;
    }
    enum err err = der_parse_certificate(der, ret_certificate);
    if (err == ERR_OK && shelf->certificate_count < CERTIFICATES_MAX &&
        X509_up_ref(*ret_certificate) == 1) {
        size_t place = shelf->certificate_count++;
        memcpy(shelf->certificates[place].sha256, sha256, sizeof sha256);
        shelf->certificates[place].certificate = *ret_certificate;
    }
    return err;
}

STACK_OF(X509) * memo_parse_all(struct certs_memo *memo, const struct bytes *items, size_t count)
{
    STACK_OF(X509) *all = sk_X509_new_null();
    for (size_t i = 0; all && i < count; i++) {
        X509 *one = NULL;
        if (memo_parse_certificate(memo, items[i], &one) == ERR_OK && sk_X509_push(all, one) <= 0)
            X509_free(one);
    }
    return all;
}

/* -- chains ------------------------------------------------------------------------------------ */

static bool holds(STACK_OF(X509) * certificates, X509 *wanted)
{
    for (int i = 0; i < sk_X509_num(certificates); i++)
        if (X509_cmp(sk_X509_value(certificates, i), wanted) == 0)
            return true;
    return false;
}

/* OpenSSL calls a certificate expired at the very second of notAfter. */
static bool is_valid_at(const struct kept_chain *chain, utc_ms_t at)
{
    utc_ms_t second = at / 1000 * 1000;
    return chain->from <= second && second < chain->until;
}

/* What lies between the signer and the anchor came with the anchors, or must be at hand again. */
static bool is_complete(const struct kept_chain *chain, STACK_OF(X509) * anchors,
                        STACK_OF(X509) * helpers)
{
    for (int i = 1; i + 1 < sk_X509_num(chain->links); i++) {
        X509 *link = sk_X509_value(chain->links, i);
        if (!holds(helpers, link) && !holds(anchors, link))
            return false;
    }
    return true;
}

STACK_OF(X509) *
    memo_find_chain(const struct chain_plan *plan, X509 *certificate, STACK_OF(X509) * helpers)
{
    const struct memo_shelf *shelf = plan->memo ? plan->memo->shelf : NULL;
    STACK_OF(X509) *found = NULL;
    STACK_OF(X509) *anchors = NULL;
    for (size_t i = 0; shelf && !found && i < shelf->chain_count; i++) {
        const struct kept_chain *chain = &shelf->chains[i];
        if (chain->anchors != plan->anchors || !is_valid_at(chain, plan->at) ||
            X509_cmp(sk_X509_value(chain->links, 0), certificate) != 0)
            continue;
        if (!anchors)
            anchors = X509_STORE_get1_all_certs(plan->anchors);
        if (anchors && is_complete(chain, anchors, helpers))
            found = chain->links;
    }
    sk_X509_pop_free(anchors, X509_free);
    return found;
}

bool memo_knows_issuer(const struct certs_memo *memo, X509 *certificate, X509 *issuer)
{
    const struct memo_shelf *shelf = memo ? memo->shelf : NULL;
    for (size_t i = 0; shelf && i < shelf->chain_count; i++) {
        STACK_OF(X509) *links = shelf->chains[i].links;
        for (int n = 0; n + 1 < sk_X509_num(links); n++)
            if (X509_cmp(sk_X509_value(links, n), certificate) == 0 &&
                X509_cmp(sk_X509_value(links, n + 1), issuer) == 0)
                return true;
    }
    return false;
}

void memo_keep_chain(const struct chain_plan *plan, STACK_OF(X509) * chain)
{
    struct memo_shelf *shelf = shelf_of(plan->memo);
    if (!shelf || shelf->chain_count == CHAINS_MAX || sk_X509_num(chain) == 0)
        return;
    struct kept_chain kept = {.anchors = plan->anchors, .links = X509_chain_up_ref(chain)};
    if (!kept.links)
        return;
    for (int i = 0; i < sk_X509_num(chain); i++) {
        const X509 *link = sk_X509_value(chain, i);
        utc_ms_t from = issue_time_ms(X509_get0_notBefore(link));
        utc_ms_t until = issue_time_ms(X509_get0_notAfter(link));
        kept.from = i == 0 || from > kept.from ? from : kept.from;
        kept.until = i == 0 || until < kept.until ? until : kept.until;
    }
    shelf->chains[shelf->chain_count++] = kept;
}
