/* Keeping a signed paper verifiable (PAdES baseline LT and LTA; ETSI EN 319 142-1, section 6): the
 * certificates and proofs that its signatures and timestamps need go into the document security
 * store, and a timestamp over the whole file is put on top.
 *
 *   signed ─► archived ─────────────────► renewed ─► …
 *             at once, when all is         before the last timestamp authority's
 *             in reach; else later         certificate ends
 *
 * preserve_step() decides, from facts and the time alone; preserve_add() does it and asks the
 * authorities: it blocks, so it is called on Jobs. */
#ifndef MEETING_EDGE_PAPER_PRESERVE_H
#define MEETING_EDGE_PAPER_PRESERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/units.h"
#include "certs/certs.h"

#define PRESERVE_DAY_MS (INT64_C(24) * 60 * 60 * 1000)

enum {
    PRESERVE_RENEW_DAYS = 90,                /* before the authority's certificate ends */
    PRESERVE_RETRY_FIRST_MS = 60 * 1000,     /* after a failure; doubled with each … */
    PRESERVE_RETRY_MOST_MS = 60 * 60 * 1000, /* … up to this */
};

/* What is known of a file without reading it again. */
struct preserve_facts {
    uint32_t untimed;       /* signatures that no timestamp vouches for */
    uint32_t unarchived;    /* signatures after the last timestamp of the whole file */
    bool ended;             /* the last person has signed: only then it is archived */
    utc_ms_t stamp_ends_at; /* the last such timestamp's certificate; 0: there is none */
    uint32_t failures;      /* of the attempts since the file last changed */
    utc_ms_t tried_at;      /* the last of them */
};

enum preserve_need {
    PRESERVE_NOTHING,
    PRESERVE_ARCHIVE, /* something is missing that should be there by now */
    PRESERVE_RENEW,
};

/* What is missing; `pending` in the user's words, unless it is a renewal. */
enum preserve_need preserve_needs(const struct preserve_facts *facts, utc_ms_t now);
/* When it is to be tried next: now or earlier, when it is due; INT64_MAX: never. */
utc_ms_t preserve_due_at(const struct preserve_facts *facts, utc_ms_t now);

/* Reads the facts of a file but failures and times of attempts. ERR_FORMAT: not one of ours. */
MUST_USE enum err preserve_read(struct bytes pdf, struct preserve_facts *ret_facts);

/* The file with one revision more. ERR_AGAIN: an authority is out of reach, and nothing is changed;
 * ERR_FORMAT, ERR_LIMIT; else as certs_tsa_ask(). */
MUST_USE enum err preserve_add(struct bytes pdf, const struct certs_ask *ask, utc_ms_t now,
                               struct buffer *ret_pdf);

#endif
