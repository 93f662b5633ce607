#include "sfu/core/rewrite.h"

#include <assert.h>
#include <stddef.h>

enum { PICTURE_ID_MASK = 0x7fff };

/* A timestamp that would not rise is put this much after the last one. */
enum { LEAST_STEPS_PER_SECOND = 100 };

static uint32_t ticks(const struct rewrite *rewrite, usec_t time)
{
    /* Seconds and the rest apart: the product must not overflow however long the uptime. */
    return (uint32_t)(time / USEC_PER_SEC * rewrite->clock_hz +
                      time % USEC_PER_SEC * rewrite->clock_hz / USEC_PER_SEC);
}

void rewrite_init(struct rewrite *rewrite, uint64_t random, uint32_t clock_hz)
{
    *rewrite = (struct rewrite){
        /* Below 2^15, as libsrtp asks, so that an early loss is not mistaken for a roll-over. */
        .out_next = 1 + (random & 0x3fff),
        .clock_hz = clock_hz,
        .timestamp_base = (uint32_t)(random >> 32),
        .picture_last = (uint16_t)(random >> 16) & PICTURE_ID_MASK,
        .tl0_last = (uint8_t)(random >> 24),
    };
}

static uint32_t first_timestamp(const struct rewrite *rewrite, const struct packet *first)
{
    uint32_t ideal = rewrite->timestamp_base + ticks(rewrite, first->arrival);
    if (!rewrite->sent_any)
        return ideal;
    uint32_t least = rewrite->timestamp_last + rewrite->clock_hz / LEAST_STEPS_PER_SECOND;
    return (int32_t)(ideal - least) < 0 ? least : ideal;
}

void rewrite_begin(struct rewrite *rewrite, uint32_t stream, uint32_t epoch, uint32_t source,
                   const struct packet *first)
{
    struct rewrite_segment segment = {
        .stream = stream,
        .epoch = epoch,
        .source = source,
        .timestamp_offset = first_timestamp(rewrite, first) - first->timestamp,
        .in_first = first->sequence,
        .out_first = rewrite->out_next,
        .picture_offset = (uint16_t)(rewrite->picture_last + 1 - first->picture_id),
        .tl0_offset = (uint8_t)(rewrite->tl0_last + 1 - first->tl0_index),
    };
    /* Counts on, but within a byte: only the remainder and "at least that many" matter. */
    if (rewrite->count == 2 * REWRITE_SEGMENTS)
        rewrite->count = REWRITE_SEGMENTS;
    rewrite->segments[rewrite->count % REWRITE_SEGMENTS] = segment;
    rewrite->count++;
}

const struct rewrite_segment *rewrite_newest(const struct rewrite *rewrite)
{
    return rewrite->count ? &rewrite->segments[(rewrite->count - 1) % REWRITE_SEGMENTS] : NULL;
}

struct rewritten rewrite_again(const struct rewrite_segment *segment, const struct packet *packet)
{
    assert(packet->sequence >= segment->in_first);
    return (struct rewritten){
        .sequence = segment->out_first + (packet->sequence - segment->in_first),
        .timestamp = packet->timestamp + segment->timestamp_offset,
        .source = segment->source,
        .picture_id = (uint16_t)(packet->picture_id + segment->picture_offset) & PICTURE_ID_MASK,
        .tl0_index = (uint8_t)(packet->tl0_index + segment->tl0_offset),
    };
}

bool rewrite_next(struct rewrite *rewrite, const struct packet *packet, struct rewritten *ret_out)
{
    const struct rewrite_segment *segment = rewrite_newest(rewrite);
    assert(segment);
    if (packet->sequence < segment->in_first)
        return false;
    struct rewritten out = rewrite_again(segment, packet);
    if (out.sequence >= rewrite->out_next) {
        rewrite->out_next = out.sequence + 1;
        rewrite->timestamp_last = out.timestamp;
        rewrite->arrival_last = packet->arrival;
        rewrite->picture_last = out.picture_id;
        rewrite->tl0_last = out.tl0_index;
        rewrite->sent_any = true;
    }
    *ret_out = out;
    return true;
}

const struct rewrite_segment *rewrite_find(const struct rewrite *rewrite, uint64_t out_sequence,
                                           uint64_t *ret_in_sequence)
{
    if (out_sequence >= rewrite->out_next)
        return NULL;
    unsigned kept = rewrite->count < REWRITE_SEGMENTS ? rewrite->count : REWRITE_SEGMENTS;
    for (unsigned back = 1; back <= kept; back++) {
        const struct rewrite_segment *segment =
            &rewrite->segments[(rewrite->count - back) % REWRITE_SEGMENTS];
        if (out_sequence >= segment->out_first) {
            *ret_in_sequence = segment->in_first + (out_sequence - segment->out_first);
            return segment;
        }
    }
    return NULL;
}

uint64_t rewrite_extend(const struct rewrite *rewrite, uint16_t sequence)
{
    uint64_t highest = rewrite->out_next - 1;
    uint16_t back = (uint16_t)((uint16_t)highest - sequence);
    return back <= highest ? highest - back : 0;
}

uint32_t rewrite_timestamp_at(const struct rewrite *rewrite, usec_t now)
{
    assert(rewrite->sent_any && now >= rewrite->arrival_last);
    return rewrite->timestamp_last + ticks(rewrite, now - rewrite->arrival_last);
}
