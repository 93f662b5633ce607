/* Whether a chain held at a moment of the past, by the proofs that a file carries (the algorithm of
 * ETSI EN 319 102-1, section 5.6, cut down to what this house writes): a signature made before a
 * revocation stays good, one made after it never was. */
#ifndef CERTS_EDGE_HISTORY_H
#define CERTS_EDGE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/edge/sizes.h"
#include "certs/edge/status.h"

struct certs_trust;

/* Items of one kind that a file carries, DER; `used` (as many, may be NULL) is set for those that
 * served. */
struct certs_items {
    const struct bytes *items;
    size_t count;
    bool *used;
};

enum { CERTS_MEMO_MAX = 32, CERTS_MEMO_PROOFS_MAX = 8 };

/* What one verification knows already, so that it need not work it out again: the same authority
 * stands above every signature and timestamp of a file, and each check of a key costs. Zeroed it is
 * empty; to be ended by certs_memo_done(). One thread's. */
struct certs_memo {
    struct { /* what the proofs say of a certificate */
        uint8_t sha256[CERTS_SHA256_BYTES];
        int issuer; /* its place here; its own: self-signed; -1: nobody knows */
        struct certs_standing standings[CERTS_MEMO_PROOFS_MAX];
        size_t standing_count;
    } known[CERTS_MEMO_MAX];
    size_t count;
    struct memo_shelf *shelf; /* what was parsed and built (memo.h) */
};
/* Frees what it gathered; it is empty again. */
void certs_memo_done(struct certs_memo *memo);

/* What a file carries besides its signatures: the document security store. */
struct certs_archive {
    struct certs_items certificates;
    struct certs_items crls;
    struct certs_items ocsps;
    struct certs_memo *memo; /* kept with the archive, for its trust alone; may be NULL */
};

enum certs_proven {
    CERTS_PROVEN_NOTHING,       /* some certificate of the chain has no proof for that moment */
    CERTS_PROVEN_GOOD,          /* every one has */
    CERTS_PROVEN_REVOKED_LATER, /* every one has; one of them was revoked afterwards */
    CERTS_PROVEN_REVOKED,       /* one had been revoked by then */
};

struct certs_history {
    enum certs_proven proven;
    utc_ms_t revoked_at; /* 0 unless revoked, then or later */
};

/* Looks at `certificate` and its issuers, up to an anchor, at the moment `at`. Issuers are found in
 * `carried` (with the signature), in the archive and among the anchors; whether the chain is to be
 * trusted is another's question. `for_tsa`: whose anchors. */
struct certs_history_plan {
    const struct certs_archive *archive;
    const struct bytes *carried; /* DER */
    size_t carried_count;
    const struct certs_trust *trust;
    bool for_tsa;
    utc_ms_t at;
};
void certs_history(struct bytes certificate, const struct certs_history_plan *plan,
                   struct certs_history *ret_history);

/* The chain itself as DER, `certificate` first, as far up as issuers are found; what an anchor
 * signed ends with the anchor. The caller's buffers. ERR_FORMAT; ERR_NO_MEMORY. */
struct certs_chain {
    struct buffer list[CERTS_CHAIN_MAX];
    size_t count;
};
MUST_USE enum err certs_chain_find(struct bytes certificate, const struct certs_history_plan *plan,
                                   struct certs_chain *ret_chain);
void certs_chain_done(struct certs_chain *chain);
/* Whether the archive holds any proof about `certificate` by its issuer. */
bool certs_has_proof(const struct certs_archive *archive, struct bytes certificate,
                     struct bytes issuer);

#endif
