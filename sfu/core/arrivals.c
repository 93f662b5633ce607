#include "sfu/core/arrivals.h"

#include "base/limits.h"

_Static_assert((ARRIVALS_WINDOW & (ARRIVALS_WINDOW - 1)) == 0, "places are masked");

static uint32_t place(uint64_t number)
{
    return (uint32_t)number & (ARRIVALS_WINDOW - 1);
}

static bool has(const struct arrivals *arrivals, uint64_t number)
{
    /* Kept one higher, so that a zeroed table holds nothing. */
    return arrivals->number[place(number)] == number + 1;
}

void arrivals_on_packet(struct arrivals *arrivals, usec_t now, uint16_t number)
{
    bool first = !arrivals->numbers.any;
    uint64_t full = srtp_index_estimate(&arrivals->numbers, number);
    if (first)
        full += UINT64_C(1) << 16; /* room below, for packets that overtook the first one */
    if (!first && full + ARRIVALS_WINDOW <= arrivals->numbers.highest)
        return;
    srtp_index_commit(&arrivals->numbers, full);
    arrivals->number[place(full)] = full + 1;
    arrivals->at[place(full)] = now;
    if (first || full < arrivals->first)
        arrivals->first = full; /* what was reported missing and came late is told again */
    arrivals->waiting = true;
}

bool arrivals_urgent(const struct arrivals *arrivals)
{
    return arrivals->waiting && arrivals->numbers.highest - arrivals->first >= ARRIVALS_WINDOW / 2;
}

/* The lowest number from `first` on that came; there is one while `waiting`. */
static uint64_t lowest_received(const struct arrivals *arrivals)
{
    uint64_t highest = arrivals->numbers.highest;
    uint64_t at = arrivals->first;
    if (highest - at >= ARRIVALS_WINDOW)
        at = highest - ARRIVALS_WINDOW + 1; /* a jump: what fell out of the window is not told */
    while (at < highest && !has(arrivals, at))
        at++;
    return at;
}

bool arrivals_report(struct arrivals *arrivals, struct transport_cc *ret_feedback)
{
    if (!arrivals->waiting)
        return false;
    uint64_t base = lowest_received(arrivals);
    uint64_t highest = arrivals->numbers.highest;
    usec_t reference = arrivals->at[place(base)] / TRANSPORT_CC_REFERENCE_US;

    ret_feedback->base_sequence = (uint16_t)base;
    ret_feedback->feedback_number = arrivals->feedbacks++;
    /* 24 bits, signed: the sender only looks at differences. */
    ret_feedback->reference = (int32_t)((reference & 0xffffff) << 8) >> 8;
    ret_feedback->count = 0;
    for (uint64_t number = base; number <= highest; number++) {
        struct transport_cc_arrival arrival = {.received = has(arrivals, number)};
        if (arrival.received)
            arrival.ticks = (int32_t)((int64_t)(arrivals->at[place(number)] -
                                                reference * TRANSPORT_CC_REFERENCE_US) /
                                      TRANSPORT_CC_TICK_US);
        ret_feedback->arrivals[ret_feedback->count++] = arrival;
    }
    arrivals->first = highest + 1;
    arrivals->waiting = false;
    return true;
}
