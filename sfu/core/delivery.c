#include "sfu/core/delivery.h"

static uint64_t count_bits(uint64_t bits)
{
    uint64_t count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* Those of `bits`, which stand for the numbers from 64 * word on, that are new. */
static void on_word(struct delivery *delivery, uint64_t word, uint64_t bits)
{
    uint64_t lowest = delivery->base / 64;
    if (word < lowest)
        return; /* before anything was told of */
    if (word == lowest)
        bits &= UINT64_MAX << (delivery->base % 64);
    if (bits == 0)
        return;
    uint32_t place = (uint32_t)(word % DELIVERY_WORDS);
    if (delivery->window[place].word > word)
        return; /* too long ago */
    if (delivery->window[place].word < word) {
        delivery->window[place].word = word;
        delivery->window[place].seen = 0;
    }
    uint64_t fresh = bits & ~delivery->window[place].seen;
    delivery->window[place].seen |= fresh;
    delivery->received += count_bits(fresh);
    uint64_t end = word * 64 + 64 - (uint64_t)__builtin_clzll(bits);
    if (end > delivery->end)
        delivery->end = end;
}

/* The first packet ever told of is where counting begins. */
static void begin(struct delivery *delivery, uint64_t first,
                  const struct transport_cc_received *feedback)
{
    for (uint32_t i = 0; i < (feedback->count + 63) / 64; i++) {
        if (!feedback->received[i])
            continue;
        first += 64 * (uint64_t)i + (uint64_t)__builtin_ctzll(feedback->received[i]);
        delivery->base = first;
        delivery->end = first;
        return;
    }
}

enum err delivery_on_feedback(struct delivery *delivery, uint64_t sent,
                              const struct transport_cc_received *feedback)
{
    uint64_t back = (uint16_t)(sent - feedback->base_sequence);
    if (back == 0)
        back = UINT64_C(1) << 16;
    if (back > sent || feedback->count > back)
        return ERR_UNKNOWN;
    uint64_t first = sent - back;
    if (delivery->base == delivery->end)
        begin(delivery, first, feedback);
    uint32_t shift = first % 64;
    uint64_t carried = 0;
    uint32_t words = (feedback->count + 63) / 64;
    for (uint32_t i = 0; i < words; i++) {
        on_word(delivery, first / 64 + i, feedback->received[i] << shift | carried);
        carried = shift ? feedback->received[i] >> (64 - shift) : 0;
    }
    on_word(delivery, first / 64 + words, carried);
    return ERR_OK;
}

static uint64_t expected_ever(const struct delivery *delivery)
{
    return delivery->end - delivery->base;
}

uint32_t delivery_expected(const struct delivery *delivery)
{
    return (uint32_t)(expected_ever(delivery) - delivery->expected_before);
}

uint32_t delivery_take_loss_percent(struct delivery *delivery)
{
    uint64_t expected = expected_ever(delivery) - delivery->expected_before;
    uint64_t received = delivery->received - delivery->received_before;
    delivery->expected_before += expected;
    delivery->received_before += received;
    return received >= expected ? 0 : (uint32_t)((expected - received) * 100 / expected);
}
