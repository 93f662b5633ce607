#include "sfu/core/rewrite.h"

#include <assert.h>
#include <stddef.h>

/* A timestamp that would not rise is put this much after the last one. */
enum { LEAST_STEPS_PER_SECOND = 100 };

_Static_assert(sizeof(struct rewrite) == 64, "one cache line");

static uint32_t ticks(const struct rewrite_past *past, usec_t time)
{
    /* Seconds and the rest apart: the product must not overflow however long the uptime. */
    return (uint32_t)(time / USEC_PER_SEC * past->clock_hz +
                      time % USEC_PER_SEC * past->clock_hz / USEC_PER_SEC);
}

void rewrite_init(struct rewrite *rewrite, struct rewrite_past *past, uint64_t random,
                  uint32_t clock_hz)
{
    *rewrite = (struct rewrite){
        /* Below 2^15, as libsrtp asks, so that an early loss is not mistaken for a roll-over. */
        .out_next = 1 + (random & 0x3fff),
        .picture_last = (uint16_t)(random >> 16) & REWRITE_PICTURE_ID_MASK,
        .tl0_last = (uint8_t)(random >> 24),
    };
    *past = (struct rewrite_past){.clock_hz = clock_hz, .timestamp_base = (uint32_t)(random >> 32)};
}

static uint32_t first_timestamp(const struct rewrite *rewrite, const struct rewrite_past *past,
                                const struct packet *first)
{
    uint32_t ideal = past->timestamp_base + ticks(past, first->arrival);
    if (rewrite->stage != REWRITE_SENT)
        return ideal;
    uint32_t least = rewrite->timestamp_last + past->clock_hz / LEAST_STEPS_PER_SECOND;
    return (int32_t)(ideal - least) < 0 ? least : ideal;
}

static void put_away(struct rewrite_past *past, const struct rewrite_segment *segment)
{
    /* Counts on, but within a byte: only the remainder and "at least that many" matter. */
    if (past->count == 2 * REWRITE_PAST)
        past->count = REWRITE_PAST;
    past->segments[past->count % REWRITE_PAST] = *segment;
    past->count++;
}

void rewrite_begin(struct rewrite *rewrite, struct rewrite_past *past, uint32_t stream,
                   uint32_t epoch, uint32_t source, const struct packet *first)
{
    if (rewrite->stage != REWRITE_NEW)
        put_away(past, &rewrite->newest);
    rewrite->newest = (struct rewrite_segment){
        .stream = stream,
        .epoch = epoch,
        .source = source,
        .timestamp_offset = first_timestamp(rewrite, past, first) - first->timestamp,
        .in_first = first->sequence,
        .out_first = rewrite->out_next,
        .picture_offset = (uint16_t)(rewrite->picture_last + 1 - first->picture_id),
        .tl0_offset = (uint8_t)(rewrite->tl0_last + 1 - first->tl0_index),
    };
    if (rewrite->stage == REWRITE_NEW)
        rewrite->stage = REWRITE_BEGUN;
}

static bool holds(const struct rewrite_segment *segment, uint64_t out_sequence,
                  uint64_t *ret_in_sequence)
{
    if (out_sequence < segment->out_first)
        return false;
    *ret_in_sequence = segment->in_first + (out_sequence - segment->out_first);
    return true;
}

const struct rewrite_segment *rewrite_find(const struct rewrite *rewrite,
                                           const struct rewrite_past *past, uint64_t out_sequence,
                                           uint64_t *ret_in_sequence)
{
    if (rewrite->stage == REWRITE_NEW || out_sequence >= rewrite->out_next)
        return NULL;
    if (holds(&rewrite->newest, out_sequence, ret_in_sequence))
        return &rewrite->newest;
    unsigned kept = past->count < REWRITE_PAST ? past->count : REWRITE_PAST;
    for (unsigned back = 1; back <= kept; back++) {
        const struct rewrite_segment *segment =
            &past->segments[(past->count - back) % REWRITE_PAST];
        if (holds(segment, out_sequence, ret_in_sequence))
            return segment;
    }
    return NULL;
}

uint64_t rewrite_extend(const struct rewrite *rewrite, uint16_t sequence)
{
    uint64_t highest = rewrite->out_next - 1;
    uint16_t back = (uint16_t)((uint16_t)highest - sequence);
    return back <= highest ? highest - back : 0;
}

uint32_t rewrite_timestamp_at(const struct rewrite *rewrite, const struct rewrite_past *past,
                              usec_t now)
{
    assert(rewrite->stage == REWRITE_SENT && now >= rewrite->arrival_last);
    return rewrite->timestamp_last + ticks(past, now - rewrite->arrival_last);
}
