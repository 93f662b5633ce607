#include "sfu/core/srtp_index.h"

enum { HALF_CYCLE = 1 << 15, CYCLE = 1 << 16 };

uint64_t srtp_index_estimate(const struct srtp_index *state, uint16_t sequence)
{
    if (!state->any)
        return sequence;

    uint64_t index = (state->highest & ~(uint64_t)(CYCLE - 1)) | sequence;
    if (index + HALF_CYCLE < state->highest)
        return index + CYCLE;
    /* There is no counter before 0: such a packet is tried as it stands, and fails. */
    if (index > state->highest + HALF_CYCLE && index >= CYCLE)
        return index - CYCLE;
    return index;
}

void srtp_index_commit(struct srtp_index *state, uint64_t index)
{
    if (!state->any || index > state->highest)
        state->highest = index;
    state->any = true;
}
