/* Why the door refused, in both languages; what the meeting refuses comes with its own words.
 *
 * A code is stable and meant for programs; the sentences say what to do next. */
#ifndef SIGNALING_CORE_REFUSAL_TEXT_H
#define SIGNALING_CORE_REFUSAL_TEXT_H

#include <stdint.h>

#include "base/err.h"

struct refusal_text {
    uint16_t status;
    const char *code;
    const char *vi;
    const char *en;
};

enum door_refusal {
#define X(name, status, code, vi, en) DOOR_##name,
#include "signaling/core/refusal_texts.h"
#undef X
    DOOR_REFUSAL_COUNT,
};

/* Needs: refusal < DOOR_REFUSAL_COUNT. Static. */
const struct refusal_text *refusal_text_of(enum door_refusal refusal);

/* The HTTP status that stands for a kind of refusal made elsewhere (a meeting's, say). */
uint16_t refusal_status_of(enum err err);

#endif
