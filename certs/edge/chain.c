#include "certs/edge/chain.h"

#include <openssl/x509v3.h>

#include "certs/edge/memo.h"

enum { AUTH_LEVEL = 2 /* 112 bits: no SHA-1, no short RSA */ };

static enum certs_fault fault_of(int error)
{
    if (error == X509_V_ERR_CERT_HAS_EXPIRED)
        return CERTS_FAULT_EXPIRED;
    if (error == X509_V_ERR_CERT_NOT_YET_VALID)
        return CERTS_FAULT_NOT_YET_VALID;
    if (error == X509_V_ERR_INVALID_PURPOSE)
        return CERTS_FAULT_USAGE;
    if (error == X509_V_ERR_OUT_OF_MEM)
        return CERTS_FAULT_INTERNAL;
    return CERTS_FAULT_UNTRUSTED;
}

static bool all_used(const STACK_OF(X509) * carried, STACK_OF(X509) * chain)
{
    for (int i = 0; i < sk_X509_num(carried); i++) {
        bool used = false;
        for (int j = 0; !used && j < sk_X509_num(chain); j++)
            used = X509_cmp(sk_X509_value(carried, i), sk_X509_value(chain, j)) == 0;
        for (int j = 0; used && j < i; j++) /* twice is once too often */
            used = X509_cmp(sk_X509_value(carried, i), sk_X509_value(carried, j)) != 0;
        if (!used)
            return false;
    }
    return true;
}

/* Everything that may help, each with a reference of its own. */
static STACK_OF(X509) * gather(const struct chain_plan *plan, STACK_OF(X509) * carried)
{
    STACK_OF(X509) *all = carried ? X509_chain_up_ref(carried) : sk_X509_new_null();
    for (size_t i = 0; all && i < plan->further_count && i < CERTS_CHAIN_MAX; i++) {
        X509 *one = NULL;
        if (memo_parse_certificate(plan->memo, plan->further[i], &one) == ERR_OK &&
            sk_X509_push(all, one) <= 0)
            X509_free(one);
    }
    return all;
}

static enum certs_fault build(const struct chain_plan *plan, X509_STORE_CTX *context,
                              unsigned long flags)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(param, (time_t)(plan->at / 1000));
    X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
    if (flags != 0 && X509_VERIFY_PARAM_set_flags(param, flags) != 1)
        return CERTS_FAULT_INTERNAL;
    if (X509_verify_cert(context) != 1)
        return fault_of(X509_STORE_CTX_get_error(context));
    return CERTS_FAULT_NONE;
}

enum certs_fault chain_check(const struct chain_plan *plan, X509 *certificate,
                             STACK_OF(X509) * carried)
{
    STACK_OF(X509) *helpers = gather(plan, carried);
    STACK_OF(X509) *known = helpers ? memo_find_chain(plan, certificate, helpers) : NULL;
    if (known && all_used(carried, known)) {
        sk_X509_pop_free(helpers, X509_free);
        return CERTS_FAULT_NONE;
    }
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    enum certs_fault fault = CERTS_FAULT_INTERNAL;
    if (context && helpers &&
        X509_STORE_CTX_init(context, plan->anchors, certificate, helpers) == 1)
        fault = build(plan, context, X509_V_FLAG_X509_STRICT);
    if (fault == CERTS_FAULT_NONE && !all_used(carried, X509_STORE_CTX_get0_chain(context)))
        fault = CERTS_FAULT_UNUSED;
    if (fault == CERTS_FAULT_NONE)
        memo_keep_chain(plan, X509_STORE_CTX_get0_chain(context));
    X509_STORE_CTX_free(context);
    sk_X509_pop_free(helpers, X509_free);
    return fault;
}

enum certs_fault chain_check_foreign(const struct chain_plan *plan, X509 *certificate)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *helpers = gather(plan, NULL);
    enum certs_fault fault = CERTS_FAULT_INTERNAL;
    if (context && helpers &&
        X509_STORE_CTX_init(context, plan->anchors, certificate, helpers) == 1)
        fault = build(plan, context, 0);
    X509_STORE_CTX_free(context);
    sk_X509_pop_free(helpers, X509_free);
    return fault;
}
