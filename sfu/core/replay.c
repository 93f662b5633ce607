#include "sfu/core/replay.h"

#include <assert.h>
#include <string.h>

_Static_assert((REPLAY_WINDOW_PACKETS & (REPLAY_WINDOW_PACKETS - 1)) == 0, "indexes are masked");

static uint64_t *replay_word(struct replay *window, uint64_t index)
{
    return &window->seen[(index % REPLAY_WINDOW_PACKETS) / 64];
}

enum err replay_check(const struct replay *window, uint64_t index)
{
    if (window->committed == 0 || index > window->top)
        return ERR_OK;

    if (window->top - index >= REPLAY_WINDOW_PACKETS)
        return ERR_STALE;

    uint64_t word = window->seen[(index % REPLAY_WINDOW_PACKETS) / 64];
    return (word >> (index % 64)) & 1 ? ERR_REPLAY : ERR_OK;
}

/* The places between the old top and the new one still hold bits of a window ago. */
static void replay_advance(struct replay *window, uint64_t index)
{
    uint64_t step = index - window->top;
    if (step >= REPLAY_WINDOW_PACKETS)
        memset(window->seen, 0, sizeof window->seen);
    else
        for (uint64_t i = window->top + 1; i <= index; i++)
            *replay_word(window, i) &= ~(UINT64_C(1) << (i % 64));
    window->top = index;
}

void replay_commit(struct replay *window, uint64_t index)
{
    assert(replay_check(window, index) == ERR_OK);

    if (window->committed == 0)
        window->top = index;
    else if (index > window->top)
        replay_advance(window, index);
    *replay_word(window, index) |= UINT64_C(1) << (index % 64);
    window->committed++;
}
