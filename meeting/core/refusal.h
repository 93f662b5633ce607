/* Why something was refused: a stable code, and a sentence in each language that says what to do
 * next (docs/protocol.md, Conventions). */
#ifndef MEETING_CORE_REFUSAL_H
#define MEETING_CORE_REFUSAL_H

#include "base/err.h"

struct refusal {
    enum err err; /* the kind of refusal, from which the door takes the HTTP status */
    const char *code;
    const char *vi;
    const char *en;
};

/* name, err, code, vi, en: core/refusals.h lists them. */
enum refusal_id {
#define X(name, err, code, vi, en) REFUSAL_##name,
#include "meeting/core/refusals.h"
#undef X
    REFUSAL_COUNT,
};

/* Needs: id < REFUSAL_COUNT. Static, never NULL. */
const struct refusal *refusal_of(enum refusal_id id);

#endif
