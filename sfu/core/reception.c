#include "sfu/core/reception.h"

#include <assert.h>

/* cumulative_lost is 24 bits and signed. */
static const int64_t lost_max = 0x7fffff;
static const int64_t lost_min = -0x800000;

static void on_transit(struct reception *reception, uint32_t transit, bool first)
{
    int32_t d = (int32_t)(transit - reception->transit);
    reception->transit = transit;
    if (first)
        return;
    uint32_t size = d < 0 ? 0 - (uint32_t)d : (uint32_t)d;
    /* A clock that jumped says nothing about the network. */
    if (size > UINT32_MAX / 32)
        return;
    reception->jitter_16 += size - ((reception->jitter_16 + 8) >> 4);
}

void reception_on_packet(struct reception *reception, usec_t now, uint64_t sequence,
                         uint32_t timestamp, uint32_t clock_hz)
{
    uint32_t arrival =
        (uint32_t)(now / USEC_PER_SEC * clock_hz + now % USEC_PER_SEC * clock_hz / USEC_PER_SEC);
    bool first = !reception->any;
    if (first) {
        reception->any = true;
        reception->base = sequence;
        reception->highest = sequence;
    }
    reception->received++;
    if (sequence < reception->base)
        reception->base = sequence; /* the very first packets overtook each other */
    if (sequence > reception->highest)
        reception->highest = sequence;
    on_transit(reception, arrival - timestamp, first);
}

void reception_on_sender_report(struct reception *reception, usec_t now, uint64_t ntp)
{
    reception->last_sr = (uint32_t)(ntp >> 16);
    reception->last_sr_at = now;
}

static uint8_t fraction(uint64_t expected, uint64_t received)
{
    if (expected == 0 || received >= expected)
        return 0;
    uint64_t lost = ((expected - received) << 8) / expected;
    return lost > 255 ? 255 : (uint8_t)lost;
}

struct rtcp_report reception_report(struct reception *reception, usec_t now, uint32_t ssrc)
{
    assert(reception->any);
    uint64_t expected = reception->highest - reception->base + 1;
    int64_t lost = (int64_t)(expected - reception->received);
    struct rtcp_report report = {
        .ssrc = ssrc,
        .fraction_lost = fraction(expected - reception->expected_before,
                                  reception->received - reception->received_before),
        .cumulative_lost = (int32_t)(lost > lost_max   ? lost_max
                                     : lost < lost_min ? lost_min
                                                       : lost),
        .highest_sequence = (uint32_t)reception->highest,
        .jitter = reception->jitter_16 >> 4,
        .last_sr = reception->last_sr,
    };
    if (reception->last_sr) {
        usec_t since = now - reception->last_sr_at;
        report.delay_since_last_sr =
            (uint32_t)((since / USEC_PER_SEC << 16) + (since % USEC_PER_SEC << 16) / USEC_PER_SEC);
    }
    reception->expected_before = expected;
    reception->received_before = reception->received;
    return report;
}
