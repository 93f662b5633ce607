/* What one verification has read and built already: the same authorities stand above every
 * signature and timestamp of a file, and OpenSSL takes as long to parse a certificate as to check a
 * signature. Kept in struct certs_memo (history.h), so it lives and ends with that.
 *
 * Only what held is remembered; whatever failed is judged anew each time. */
#ifndef CERTS_EDGE_MEMO_H
#define CERTS_EDGE_MEMO_H

#include "certs/edge/chain.h"
#include "certs/edge/history.h"

/* As der_parse_certificate(), but the same bytes are parsed once. `memo` may be NULL. The caller's
 * reference. */
MUST_USE enum err memo_parse_certificate(struct certs_memo *memo, struct bytes der,
                                         X509 **ret_certificate);
/* The certificates that are some, each with a reference of its own. NULL without memory. */
STACK_OF(X509) * memo_parse_all(struct certs_memo *memo, const struct bytes *items, size_t count);

/* A chain that `plan` would find: it was built before from `certificate` to the same anchors, all
 * of it is valid at the plan's time too, and what it needs besides the anchors is among `helpers`.
 * Borrowed; NULL: none is known. */
STACK_OF(X509) *
    memo_find_chain(const struct chain_plan *plan, X509 *certificate, STACK_OF(X509) * helpers);
/* Whether a chain that is kept has shown that `issuer` signed `certificate`. `memo` may be NULL. */
bool memo_knows_issuer(const struct certs_memo *memo, X509 *certificate, X509 *issuer);
/* Keeps a chain that OpenSSL found good for `plan`, with a reference of its own. */
void memo_keep_chain(const struct chain_plan *plan, STACK_OF(X509) * chain);

#endif
