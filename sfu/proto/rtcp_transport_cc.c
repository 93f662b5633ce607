/* Transport-wide feedback, both ways (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1):
 *
 *   | base sequence 16 | packet status count 16 |
 *   | reference time 24, units of 64 ms | feedback packet count 8 |
 *   | chunk 16 | chunk 16 | …          one symbol for each packet
 *   | delta 8 or 16 | …                one for each packet received, units of 250 us
 *
 *   run length chunk: |0|symbol 2|length 13|     vector chunks: |1|0| 14 × symbol 1 |
 *                                                               |1|1|  7 × symbol 2 |   */
#include <assert.h>
#include <string.h>

#include "sfu/proto/rtcp.h"
#include "sfu/proto/rtcp_write.h"

enum symbol {
    SYMBOL_LOST = 0,
    SYMBOL_SMALL = 1, /* delta of one byte, not negative */
    SYMBOL_LARGE = 2, /* delta of two bytes, signed */
};

enum {
    RUN_MAX = 0x1fff,
    VECTOR_ONE_BIT = 14,
    VECTOR_TWO_BIT = 7,
    CHUNK_VECTOR = 0x8000,
    CHUNK_TWO_BIT = 0x4000,
};

/* What stands before the chunks. */
struct transport_cc_head {
    uint32_t sender_ssrc;
    uint32_t media_ssrc;
    uint16_t base_sequence;
    uint8_t feedback_number;
    int32_t reference;
    uint32_t count;
};

/* Appends symbols of one chunk; what exceeds `count` is filling. */
static uint32_t unpack_chunk(uint16_t chunk, uint8_t *symbols, uint32_t at, uint32_t count)
{
    uint32_t length = VECTOR_ONE_BIT;
    if (!(chunk & CHUNK_VECTOR))
        length = chunk & RUN_MAX;
    else if (chunk & CHUNK_TWO_BIT)
        length = VECTOR_TWO_BIT;

    for (uint32_t i = 0; i < length && at < count; i++, at++) {
        if (!(chunk & CHUNK_VECTOR))
            symbols[at] = chunk >> 13 & 3;
        else if (chunk & CHUNK_TWO_BIT)
            symbols[at] = (uint8_t)(chunk >> (12 - 2 * i) & 3);
        else
            symbols[at] = (uint8_t)(chunk >> (13 - i) & 1);
    }
    return at;
}

static enum err read_arrivals(struct rd *rd, const uint8_t *symbols, uint32_t count,
                              struct transport_cc_arrival *arrivals)
{
    int32_t ticks = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (symbols[i] == SYMBOL_SMALL)
            ticks += rd_u8(rd);
        else if (symbols[i] == SYMBOL_LARGE)
            ticks += (int16_t)rd_u16(rd);
        else if (symbols[i] != SYMBOL_LOST)
            return ERR_FORMAT;
        bool received = symbols[i] != SYMBOL_LOST;
        arrivals[i] = (struct transport_cc_arrival){received, received ? ticks : 0};
    }
    return rd->failed ? ERR_SHORT : ERR_OK;
}

static enum err read_head(const struct rtcp_packet *packet, struct rd *rd,
                          struct transport_cc_head *head)
{
    if (packet->type != RTCP_RTPFB || packet->count != RTCP_RTPFB_TRANSPORT_CC)
        return ERR_FORMAT;
    head->sender_ssrc = rd_u32(rd);
    head->media_ssrc = rd_u32(rd);
    head->base_sequence = rd_u16(rd);
    head->count = rd_u16(rd);
    uint32_t reference = rd_u24(rd);
    head->reference = reference & 0x800000 ? (int32_t)reference - 0x1000000 : (int32_t)reference;
    head->feedback_number = rd_u8(rd);
    if (rd->failed)
        return ERR_SHORT;
    if (head->count == 0)
        return ERR_FORMAT;
    return head->count > LIMIT_TRANSPORT_CC_PACKETS ? ERR_LIMIT : ERR_OK;
}

enum err rtcp_parse_transport_cc(const struct rtcp_packet *packet,
                                 struct transport_cc *ret_feedback)
{
    uint8_t symbols[LIMIT_TRANSPORT_CC_PACKETS];
    struct transport_cc_arrival arrivals[LIMIT_TRANSPORT_CC_PACKETS];
    struct transport_cc_head head;
    struct rd rd = rd_init(packet->body);
    enum err err = read_head(packet, &rd, &head);
    if (err != ERR_OK)
        return err;
    uint32_t known = 0;
    while (known < head.count && !rd.failed)
        known = unpack_chunk(rd_u16(&rd), symbols, known, head.count);
    if (rd.failed)
        return ERR_SHORT;
    err = read_arrivals(&rd, symbols, head.count, arrivals);
    if (err != ERR_OK)
        return err;
    ret_feedback->sender_ssrc = head.sender_ssrc;
    ret_feedback->media_ssrc = head.media_ssrc;
    ret_feedback->base_sequence = head.base_sequence;
    ret_feedback->feedback_number = head.feedback_number;
    ret_feedback->reference = head.reference;
    ret_feedback->count = head.count;
    memcpy(ret_feedback->arrivals, arrivals, head.count * sizeof arrivals[0]);
    return ERR_OK;
}

/* ---- What came, without when ----------------------------------------------------------------- */

struct tally {
    struct transport_cc_received *feedback;
    uint32_t at;
    uint32_t delta_bytes; /* that have to follow the chunks */
    bool malformed;
};

static void tally_run(struct tally *tally, uint32_t symbol, uint32_t length)
{
    uint32_t left = tally->feedback->count - tally->at;
    uint32_t run = length < left ? length : left;
    tally->malformed = tally->malformed || (run > 0 && symbol > SYMBOL_LARGE);
    if (symbol != SYMBOL_LOST) {
        tally->delta_bytes += run * symbol; /* a small delta is one byte, a large one two */
        for (uint32_t i = tally->at; i < tally->at + run; i++)
            tally->feedback->received[i / 64] |= UINT64_C(1) << (i % 64);
    }
    tally->at += run;
}

static void tally_chunk(struct tally *tally, uint16_t chunk)
{
    if (!(chunk & CHUNK_VECTOR))
        tally_run(tally, chunk >> 13 & 3, chunk & RUN_MAX);
    else if (chunk & CHUNK_TWO_BIT)
        for (int i = 0; i < VECTOR_TWO_BIT; i++)
            tally_run(tally, chunk >> (12 - 2 * i) & 3, 1);
    else
        for (int i = 0; i < VECTOR_ONE_BIT; i++)
            tally_run(tally, chunk >> (13 - i) & 1, 1);
}

enum err rtcp_parse_transport_cc_received(const struct rtcp_packet *packet,
                                          struct transport_cc_received *ret_feedback)
{
    struct transport_cc_head head;
    struct transport_cc_received feedback;
    struct rd rd = rd_init(packet->body);
    enum err err = read_head(packet, &rd, &head);
    if (err != ERR_OK)
        return err;
    size_t words = (head.count + 63) / 64;
    memset(feedback.received, 0, words * sizeof feedback.received[0]);
    feedback.count = head.count;
    struct tally tally = {.feedback = &feedback};
    while (tally.at < head.count && !rd.failed)
        tally_chunk(&tally, rd_u16(&rd));
    if (rd.failed)
        return ERR_SHORT;
    if (tally.malformed)
        return ERR_FORMAT;
    if (rd_left(&rd) < tally.delta_bytes)
        return ERR_SHORT;
    ret_feedback->base_sequence = head.base_sequence;
    ret_feedback->count = head.count;
    memcpy(ret_feedback->received, feedback.received, words * sizeof feedback.received[0]);
    return ERR_OK;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static enum err plan_symbols(const struct transport_cc *feedback, uint8_t *symbols, int16_t *deltas)
{
    int32_t ticks = 0;
    bool any = false;
    for (uint32_t i = 0; i < feedback->count; i++) {
        const struct transport_cc_arrival *arrival = &feedback->arrivals[i];
        symbols[i] = SYMBOL_LOST;
        if (!arrival->received)
            continue;
        int64_t delta = (int64_t)arrival->ticks - ticks;
        if (delta < INT16_MIN || delta > INT16_MAX)
            return ERR_FORMAT;
        symbols[i] = delta >= 0 && delta <= UINT8_MAX ? SYMBOL_SMALL : SYMBOL_LARGE;
        deltas[i] = (int16_t)delta;
        ticks = arrival->ticks;
        any = true;
    }
    return any ? ERR_OK : ERR_FORMAT;
}

static uint32_t run_length(const uint8_t *symbols, uint32_t left)
{
    uint32_t run = 1;
    while (run < left && run < RUN_MAX && symbols[run] == symbols[0])
        run++;
    return run;
}

/* Writes one chunk for the symbols at hand; returns how many it holds. */
static uint32_t write_chunk(struct wr *wr, const uint8_t *symbols, uint32_t left)
{
    uint32_t run = run_length(symbols, left);
    if (run >= VECTOR_ONE_BIT || run == left) {
        wr_u16(wr, (uint16_t)((uint32_t)symbols[0] << 13 | run));
        return run;
    }
    uint32_t narrow = 0; /* how many leading symbols fit one bit each */
    while (narrow < left && narrow < VECTOR_ONE_BIT && symbols[narrow] != SYMBOL_LARGE)
        narrow++;
    bool one_bit = narrow == left || narrow == VECTOR_ONE_BIT;
    uint32_t length = one_bit ? narrow : (left < VECTOR_TWO_BIT ? left : VECTOR_TWO_BIT);
    uint32_t chunk = one_bit ? CHUNK_VECTOR : CHUNK_VECTOR | CHUNK_TWO_BIT;
    for (uint32_t i = 0; i < length; i++)
        chunk |= (uint32_t)symbols[i] << (one_bit ? 13 - i : 12 - 2 * i);
    wr_u16(wr, (uint16_t)chunk);
    return length;
}

static void write_deltas(struct wr *wr, const struct transport_cc *feedback, const uint8_t *symbols,
                         const int16_t *deltas)
{
    for (uint32_t i = 0; i < feedback->count; i++) {
        if (symbols[i] == SYMBOL_SMALL)
            wr_u8(wr, (uint8_t)deltas[i]);
        else if (symbols[i] == SYMBOL_LARGE)
            wr_u16(wr, (uint16_t)deltas[i]);
    }
}

enum err rtcp_write_transport_cc(struct wr *wr, const struct transport_cc *feedback)
{
    uint8_t symbols[LIMIT_TRANSPORT_CC_PACKETS];
    int16_t deltas[LIMIT_TRANSPORT_CC_PACKETS];
    assert(feedback->count > 0 && feedback->count <= LIMIT_TRANSPORT_CC_PACKETS);
    enum err err = plan_symbols(feedback, symbols, deltas);
    if (err != ERR_OK)
        return err;

    uint8_t *start = wr->at;
    wr_u8(wr, 2 << 6 | RTCP_RTPFB_TRANSPORT_CC);
    wr_u8(wr, RTCP_RTPFB);
    wr_u16(wr, 0);
    wr_u32(wr, feedback->sender_ssrc);
    wr_u32(wr, feedback->media_ssrc);
    wr_u16(wr, feedback->base_sequence);
    wr_u16(wr, (uint16_t)feedback->count);
    wr_u24(wr, (uint32_t)feedback->reference & 0xffffff);
    wr_u8(wr, feedback->feedback_number);
    for (uint32_t at = 0; at < feedback->count;)
        at += write_chunk(wr, symbols + at, feedback->count - at);
    write_deltas(wr, feedback, symbols, deltas);
    /* Zero bytes to the word boundary, as the draft allows: no reader looks behind the deltas. */
    wr_fill(wr, 0, (4 - (size_t)(wr->at - start) % 4) % 4);
    if (wr->failed)
        return ERR_LIMIT;
    size_t words = (size_t)(wr->at - start) / 4 - 1;
    start[2] = (uint8_t)(words >> 8);
    start[3] = (uint8_t)words;
    return ERR_OK;
}
