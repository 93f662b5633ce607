/* What strangers ask of the authority, answered off the control thread, by threads that do nothing
 * else: neither a storm of logins nor a long list holds an answer up, and no answer holds up the
 * meetings.
 *
 *   request ─► waiting (bounded) ─► authority's threads ─► finished ─► reply
 *
 * A list is asked for by many and made once: who asks while one is on its way waits for the next,
 * since the first may lack what was revoked meanwhile. Mostly the next one is the first again, out
 * of memory, so a list never takes more than one thread.
 *
 * Thread rule: control thread. */
#ifndef SIGNALING_EDGE_AUTHORITY_H
#define SIGNALING_EDGE_AUTHORITY_H

#include "base/buffer.h"
#include "base/err.h"
#include "signaling/edge/door.h"

enum authority_question {
    AUTHORITY_OCSP, /* with an OCSPRequest */
    AUTHORITY_TSA,  /* with a TimeStampReq */
    AUTHORITY_CRL,
    AUTHORITY_ROOT_CRL,
    AUTHORITY_QUESTIONS,
};

enum { AUTHORITY_THREADS = 2 };

struct authority_load {
    uint32_t waiting;        /* requests not yet answered */
    uint64_t requests_total; /* that were taken */
    uint64_t refused_total;  /* for want of room */
};

MUST_USE enum err authority_open(struct door *door);
/* Lets what was begun end: its results are in door->finished, and its owners still to be found.
 * Accepts a door that has none, here and below. */
void authority_stop(struct door *door);
void authority_close(struct door *door);

/* Answers `request`, now or later; takes `query` over (NULL: none). */
void authority_ask(struct request *request, enum authority_question question, struct buffer *query);
/* About hourly: what the authority itself uses is renewed. ERR_FULL, ERR_NO_MEMORY: not now. */
MUST_USE enum err authority_renew(struct door *door);
struct authority_load authority_load(const struct door *door);

#endif
