#include "signaling/core/refusal_text.h"

#include <assert.h>

static const struct refusal_text TEXTS[DOOR_REFUSAL_COUNT] = {
#define X(name, status, code, vi, en) [DOOR_##name] = {status, code, vi, en},
#include "signaling/core/refusal_texts.h"
#undef X
};

const struct refusal_text *refusal_text_of(enum door_refusal refusal)
{
    assert(refusal < DOOR_REFUSAL_COUNT);
    return &TEXTS[refusal];
}

uint16_t refusal_status_of(enum err err)
{
    switch (err) {
    case ERR_OK:
        return 200;
    case ERR_SHORT:
    case ERR_FORMAT:
        return 400;
    case ERR_LIMIT:
    case ERR_UNSUPPORTED:
    case ERR_AUTH:
        return 422;
    case ERR_FORBIDDEN:
        return 403;
    case ERR_UNKNOWN:
        return 404;
    case ERR_REPLAY:
    case ERR_STALE:
    case ERR_WRONG_STATE:
    case ERR_CONFLICT:
        return 409;
    case ERR_FULL:
    case ERR_AGAIN:
    case ERR_NO_MEMORY:
        return 503;
    case ERR_IO:
        return 500;
    }
    return 500;
}
