#include "meeting/core/refusal.h"

#include <assert.h>

static const struct refusal refusals[] = {
#define X(name, err, code, vi, en) [REFUSAL_##name] = {err, code, vi, en},
#include "meeting/core/refusals.h"
#undef X
};

const struct refusal *refusal_of(enum refusal_id id)
{
    assert(id < REFUSAL_COUNT);
    return &refusals[id];
}
