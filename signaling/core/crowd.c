#include "signaling/core/crowd.h"

#include <assert.h>

static void extend(struct crowd *crowd, uint64_t seq)
{
    assert(crowd->from == 0 || seq == crowd->to + 1);
    if (crowd->from == 0)
        crowd->from = seq;
    crowd->to = seq;
}

void crowd_on_presence(struct crowd *crowd, uint64_t seq, uint64_t participant)
{
    extend(crowd, seq);
    for (uint32_t n = 0; n < crowd->named_count; n++)
        if (crowd->named[n] == participant)
            return;
    if (crowd->named_count == CROWD_NAMED_MAX)
        crowd->is_many = true;
    else
        crowd->named[crowd->named_count++] = participant;
}

void crowd_on_ballot(struct crowd *crowd, uint64_t seq)
{
    extend(crowd, seq);
}

void crowd_clear(struct crowd *crowd)
{
    *crowd = (struct crowd){0};
}

usec_t crowd_pace_us(uint32_t connections)
{
    usec_t least = CROWD_PACE_LEAST_MS * USEC_PER_MSEC;
    usec_t fair = (usec_t)connections * CROWD_PACE_US_PER_CONNECTION;
    return fair > least ? fair : least;
}
