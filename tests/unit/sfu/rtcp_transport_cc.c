#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sfu/proto/rtcp.h"
#include "sfu/proto/rtcp_write.h"

/* Base 65534, five packets: a run of two small deltas (1 ms, 2 ms), then a two-bit vector of a
 * large one (-5 ms), a loss and a small one (3 ms). Padded by three bytes as browsers do. */
static const uint8_t feedback[] = {
    0xaf, 205,  0,    7, 0,    0, 0,    1, 0, 0, 0,    2,    0xff, 0xfe, 0, 5,
    0,    0x01, 0x23, 9, 0x20, 2, 0xe1, 0, 4, 8, 0xff, 0xec, 12,   0,    0, 3,
};
enum { HEADER_BYTES = 4, PADDING_BYTES = 3 };

static struct transport_cc read_back;
static uint8_t space[8192];

/* Both parsers: they must agree on what is refused and what came. */
static enum err parse_packet(const struct rtcp_packet *packet, struct transport_cc *ret_feedback)
{
    struct transport_cc_received received;
    enum err err = rtcp_parse_transport_cc(packet, ret_feedback);
    assert_int_equal(rtcp_parse_transport_cc_received(packet, &received), err);
    if (err != ERR_OK)
        return err;
    assert_int_equal(received.base_sequence, ret_feedback->base_sequence);
    assert_int_equal(received.count, ret_feedback->count);
    for (uint32_t i = 0; i < (received.count + 63) / 64 * 64; i++)
        assert_true((received.received[i / 64] >> (i % 64) & 1) ==
                    (i < received.count && ret_feedback->arrivals[i].received));
    return ERR_OK;
}

static enum err parse(struct bytes compound, struct transport_cc *ret_feedback)
{
    struct rtcp_walk walk;
    struct rtcp_packet packet;
    enum err err = rtcp_walk_init(&walk, compound);
    if (err != ERR_OK)
        return err;
    assert_true(rtcp_walk_next(&walk, &packet));
    return parse_packet(&packet, ret_feedback);
}

static void runs_vectors_and_both_deltas_are_read(void **state)
{
    (void)state;
    assert_int_equal(parse((struct bytes){feedback, sizeof feedback}, &read_back), ERR_OK);
    assert_int_equal(read_back.base_sequence, 65534);
    assert_int_equal(read_back.reference, 0x123);
    assert_int_equal(read_back.feedback_number, 9);
    assert_int_equal(read_back.count, 5);
    static const struct transport_cc_arrival expected[] = {
        {true, 4}, {true, 12}, {true, -8}, {false, 0}, {true, 4}};
    for (size_t i = 0; i < 5; i++) {
        assert_true(read_back.arrivals[i].received == expected[i].received);
        assert_int_equal(read_back.arrivals[i].ticks, expected[i].ticks);
    }
}

static void every_truncation_of_the_body_is_short(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof feedback - HEADER_BYTES - PADDING_BYTES; size++) {
        const struct rtcp_packet packet = {
            RTCP_RTPFB, RTCP_RTPFB_TRANSPORT_CC, {feedback + HEADER_BYTES, size}};
        assert_int_equal(parse_packet(&packet, &read_back), ERR_SHORT);
    }
}

static void counts_and_symbols_beyond_the_form_are_refused(void **state)
{
    (void)state;
    uint8_t body[sizeof feedback - HEADER_BYTES];
    const struct rtcp_packet packet = {RTCP_RTPFB, RTCP_RTPFB_TRANSPORT_CC, {body, sizeof body}};
    memcpy(body, feedback + HEADER_BYTES, sizeof body);
    body[11] = 0; /* reports on nothing */
    assert_int_equal(parse_packet(&packet, &read_back), ERR_FORMAT);
    body[10] = 0x04;
    body[11] = 0x01; /* 1025 packets */
    assert_int_equal(parse_packet(&packet, &read_back), ERR_LIMIT);
    memcpy(body, feedback + HEADER_BYTES, sizeof body);
    body[16] = 0x60; /* a run of the reserved symbol */
    assert_int_equal(parse_packet(&packet, &read_back), ERR_FORMAT);
}

static void check_round_trip(const struct transport_cc *wanted)
{
    struct wr wr = wr_init(space, sizeof space);
    assert_int_equal(rtcp_write_transport_cc(&wr, wanted), ERR_OK);
    assert_int_equal(wr_size(&wr) % 4, 0);
    assert_int_equal(parse(wr_written(&wr), &read_back), ERR_OK);
    assert_int_equal(read_back.base_sequence, wanted->base_sequence);
    assert_int_equal(read_back.reference, wanted->reference);
    assert_int_equal(read_back.feedback_number, wanted->feedback_number);
    assert_int_equal(read_back.count, wanted->count);
    for (uint32_t i = 0; i < wanted->count; i++) {
        assert_true(read_back.arrivals[i].received == wanted->arrivals[i].received);
        assert_int_equal(read_back.arrivals[i].ticks, wanted->arrivals[i].ticks);
    }
}

static void what_is_written_reads_the_same(void **state)
{
    (void)state;
    static struct transport_cc wanted;
    struct rng rng = rng_seed(20261123);
    for (uint32_t round = 0; round < 2000; round++) {
        uint32_t loss = rng_below(&rng, 100);
        uint32_t jump = 1 + rng_below(&rng, 700);
        int32_t ticks = 0;
        wanted = (struct transport_cc){.sender_ssrc = 1,
                                       .media_ssrc = 2,
                                       .base_sequence = (uint16_t)rng_u64(&rng),
                                       .feedback_number = (uint8_t)rng_u64(&rng),
                                       .reference = (int32_t)rng_below(&rng, 1 << 24) - (1 << 23),
                                       .count = 1 + rng_below(&rng, LIMIT_TRANSPORT_CC_PACKETS)};
        for (uint32_t i = 0; i < wanted.count; i++) {
            if (i > 0 && rng_below(&rng, 100) < loss)
                continue;
            ticks += (int32_t)rng_below(&rng, jump) - (rng_below(&rng, 8) == 0 ? 40 : 0);
            wanted.arrivals[i] = (struct transport_cc_arrival){true, ticks};
        }
        check_round_trip(&wanted);
    }
}

static void a_steady_stream_takes_one_byte_a_packet(void **state)
{
    (void)state;
    static struct transport_cc wanted;
    wanted.count = 100;
    for (uint32_t i = 0; i < wanted.count; i++)
        wanted.arrivals[i] = (struct transport_cc_arrival){true, (int32_t)i * 4};
    struct wr wr = wr_init(space, sizeof space);
    assert_int_equal(rtcp_write_transport_cc(&wr, &wanted), ERR_OK);
    assert_int_equal(wr_size(&wr), 20 + 2 + 100 + 2); /* header, one run, deltas, filling */
}

static void what_the_form_cannot_say_is_refused_and_nothing_written(void **state)
{
    (void)state;
    static struct transport_cc wanted;
    struct wr wr = wr_init(space, sizeof space);
    wanted.count = 2;
    assert_int_equal(rtcp_write_transport_cc(&wr, &wanted), ERR_FORMAT); /* nothing arrived */
    wanted.arrivals[0] = (struct transport_cc_arrival){true, 0};
    wanted.arrivals[1] = (struct transport_cc_arrival){true, 32768};
    assert_int_equal(rtcp_write_transport_cc(&wr, &wanted), ERR_FORMAT); /* 8.2 s apart */
    assert_int_equal(wr_size(&wr), 0);
    wanted.arrivals[1].ticks = 32767;
    assert_int_equal(rtcp_write_transport_cc(&wr, &wanted), ERR_OK);
    size_t size = wr_size(&wr);
    for (size_t capacity = 0; capacity < size; capacity++) {
        wr = wr_init(space, capacity);
        assert_int_equal(rtcp_write_transport_cc(&wr, &wanted), ERR_LIMIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_vectors_and_both_deltas_are_read),
        cmocka_unit_test(every_truncation_of_the_body_is_short),
        cmocka_unit_test(counts_and_symbols_beyond_the_form_are_refused),
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(a_steady_stream_takes_one_byte_a_packet),
        cmocka_unit_test(what_the_form_cannot_say_is_refused_and_nothing_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
