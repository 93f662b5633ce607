#include "sfu/core/delivery.h"

/* Room below the first number, for those that it overtook. */
static const uint64_t first_cycle = UINT64_C(1) << 16;

static void on_received(struct delivery *delivery, uint16_t number)
{
    bool first = !delivery->numbers.any;
    uint64_t full = srtp_index_estimate(&delivery->numbers, number);
    if (first) {
        full += first_cycle;
        delivery->base = full;
        delivery->expected_before = 0;
    }
    if (replay_check(&delivery->seen, full) != ERR_OK || full < delivery->base)
        return;
    srtp_index_commit(&delivery->numbers, full);
    replay_commit(&delivery->seen, full);
}

void delivery_on_feedback(struct delivery *delivery, const struct transport_cc *feedback)
{
    for (uint32_t i = 0; i < feedback->count; i++)
        if (feedback->arrivals[i].received)
            on_received(delivery, (uint16_t)(feedback->base_sequence + i));
}

static uint64_t expected_ever(const struct delivery *delivery)
{
    return delivery->numbers.any ? delivery->numbers.highest - delivery->base + 1 : 0;
}

uint32_t delivery_expected(const struct delivery *delivery)
{
    return (uint32_t)(expected_ever(delivery) - delivery->expected_before);
}

uint32_t delivery_take_loss_percent(struct delivery *delivery)
{
    uint64_t expected = expected_ever(delivery) - delivery->expected_before;
    uint64_t received = delivery->seen.committed - delivery->received_before;
    delivery->expected_before += expected;
    delivery->received_before += received;
    return received >= expected ? 0 : (uint32_t)((expected - received) * 100 / expected);
}
