/* A receiver against a sender of ours, with a server between them that gives other numbers. */
#include "load/core/receiver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/core/sender.h"
#include "sfu/core/srtp.h"
#include "sfu/proto/rtcp_write.h"

enum { SOURCE = 9, SLOT_SSRC = 500, RTX_SSRC = 501, SEQUENCE_STEP = 77, TIMESTAMP_STEP = 123456 };

static uint8_t *memory;
static struct film film;
static struct sender sender;
static struct sent_source sent;
static struct sent_list list;
static struct load_stats *stats;
static struct receiver_slot slot;
static struct receiver receiver;
static usec_t now;

static int begin(void **state)
{
    (void)state;
    memset(&sent, 0, sizeof sent);
    sent.source = SOURCE;
    list = (struct sent_list){.count = 1, .sources = {&sent}};
    stats = calloc(1, sizeof *stats);
    if (!stats || film_make_bench(30, 1, &memory, &film) != ERR_OK)
        return -1;
    sender_init(&sender, &film, 5, &sent);
    slot = (struct receiver_slot){
        .ssrc = SLOT_SSRC, .rtx_ssrc = RTX_SSRC, .video = true, .stage = true};
    receiver_slot_init(&slot);
    receiver = (struct receiver){
        .stats = stats, .sent = &list, .slots = &slot, .slot_count = 1, .answered_at = 1};
    now = USEC_PER_SEC;
    sender_switch(&sender, now, true);
    return 0;
}

static int end(void **state)
{
    (void)state;
    film_done(&film);
    free(memory);
    free(stats);
    return 0;
}

/* What the server makes of a packet of ours. */
struct forwarded {
    struct rtp_header header;
    uint8_t payload[SENDER_PAYLOAD_MAX];
    size_t size;
};

static struct forwarded next_picture(void)
{
    struct sender_packet packet;
    while (!sender_poll(&sender, now, now * 1000, &packet) || packet.stream != SENT_CAMERA)
        now += 1000;
    struct forwarded out = {.header = {.marker = packet.marker,
                                       .sequence = (uint16_t)(packet.sequence + SEQUENCE_STEP),
                                       .timestamp = packet.timestamp + TIMESTAMP_STEP,
                                       .ssrc = SLOT_SSRC,
                                       .csrc_count = 1,
                                       .csrc = {SOURCE},
                                       .size = 16}};
    struct wr wr = wr_init(out.payload, sizeof out.payload);
    wr_bytes(&wr, (struct bytes){packet.head, packet.head_size});
    wr_bytes(&wr, packet.payload);
    out.size = wr_size(&wr);
    return out;
}

/* Returns whether the packet had to be decrypted. */
static bool take(const struct forwarded *packet)
{
    struct receiver_place place = {.slot = &slot};
    struct receiver_arrival arrival = {now, now * 1000 + 2000000};
    size_t size = packet->header.size + packet->size + AEAD_TAG_BYTES;
    if (receiver_on_header(&receiver, &arrival, &packet->header, size, &place) == RECEIVER_DONE)
        return false;
    receiver_on_plain(&receiver, &arrival, &packet->header,
                      (struct bytes){packet->payload, packet->size}, &place);
    return true;
}

static void take_pictures(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct forwarded packet = next_picture();
        take(&packet);
    }
}

static void one_packet_is_decrypted_and_the_rest_goes_by_number(void **state)
{
    (void)state;
    uint32_t decrypted = 0;
    for (uint32_t i = 0; i < 300; i++) {
        struct forwarded packet = next_picture();
        decrypted += take(&packet);
    }
    assert_int_equal(decrypted, FILM_BENCH_FRAME_PACKETS); /* up to the end of the keyframe */
    assert_int_equal(stats->matched, 300);
    assert_int_equal(stats->segments, 1);
    assert_int_equal(stats->seen, 1);
    assert_int_equal(stats->unmatched + stats->wrong_timestamp + stats->wrong_size, 0);
}

static void each_packets_delay_is_known(void **state)
{
    (void)state;
    take_pictures(100);
    /* What was sent before the segment began, came from a cache: only the first frame was. */
    assert_true(stats->delay_us.count >= 100 - FILM_BENCH_FRAME_PACKETS);
    assert_true(times_at(&stats->delay_us, 500) >= 2000 && times_at(&stats->delay_us, 500) < 2100);
}

static void a_timestamp_out_of_step_is_noticed(void **state)
{
    (void)state;
    take_pictures(20);
    struct forwarded packet = next_picture();
    packet.header.timestamp += 90;
    take(&packet);
    assert_int_equal(stats->wrong_timestamp, 1);
}

static void after_a_silence_timestamps_may_begin_anew(void **state)
{
    (void)state;
    take_pictures(20);
    now += USEC_PER_SEC;
    for (uint32_t i = 0; i < 20; i++) {
        struct forwarded packet = next_picture();
        packet.header.timestamp += 4500;
        take(&packet);
    }
    assert_int_equal(stats->wrong_timestamp, 0);
    assert_int_equal(stats->segments, 2);
    assert_int_equal(stats->matched, 40);
}

static void a_payload_of_another_size_is_noticed(void **state)
{
    (void)state;
    take_pictures(20);
    struct forwarded packet = next_picture();
    packet.size -= 1;
    take(&packet);
    assert_int_equal(stats->wrong_size, 1);
    packet = next_picture();
    packet.size += 3;
    packet.header.padded = true;
    take(&packet);
    assert_int_equal(stats->wrong_size, 1);
    assert_int_equal(stats->padded, 1);
}

static void other_numbers_are_a_new_segment(void **state)
{
    (void)state;
    take_pictures(20);
    for (uint32_t i = 0; i < 20; i++) {
        struct forwarded packet = next_picture();
        packet.header.sequence = (uint16_t)(packet.header.sequence - 4);
        packet.header.timestamp -= 6000;
        if (i >= 4) /* the first ones would come twice */
            take(&packet);
    }
    assert_int_equal(stats->segments, 2);
    assert_int_equal(stats->unmatched, 0);
}

static void what_nobody_of_ours_sent_is_counted_and_let_be(void **state)
{
    (void)state;
    take_pictures(FILM_BENCH_FRAME_PACKETS);
    struct forwarded packet = next_picture();
    packet.header.csrc[0] = SOURCE + 1;
    take(&packet);
    assert_int_equal(stats->unmatched, 1);
}

static void a_gap_is_asked_for_and_its_retransmission_fills_it(void **state)
{
    (void)state;
    uint8_t space[256];
    struct rtcp_walk walk;
    struct rtcp_packet part;
    struct rtcp_nack nack;
    take_pictures(FILM_BENCH_FRAME_PACKETS);
    struct forwarded missing = next_picture();
    take_pictures(1);
    assert_int_equal(stats->missing, 1);
    now += SEQUENCE_PATIENCE_US;
    assert_true(receiver_deadline(&receiver) <= now);
    size_t size = receiver_write_feedback(&receiver, now, 0, space, sizeof space);
    assert_int_equal(rtcp_walk_init(&walk, (struct bytes){space, size}), ERR_OK);
    assert_true(rtcp_walk_next(&walk, &part) && part.type == RTCP_RR);
    assert_true(rtcp_walk_next(&walk, &part));
    assert_int_equal(rtcp_parse_nack(&part, &nack), ERR_OK);
    assert_int_equal(nack.media_ssrc, SLOT_SSRC);
    assert_int_equal(nack.count, 1);
    assert_int_equal(nack.sequences[0], missing.header.sequence);

    uint8_t payload[SENDER_PAYLOAD_MAX + 2];
    struct wr wr = wr_init(payload, sizeof payload);
    struct receiver_place place = {.slot = &slot};
    struct receiver_arrival arrival = {now, 0};
    struct bytes original;
    wr_u16(&wr, missing.header.sequence);
    wr_bytes(&wr, (struct bytes){missing.payload, missing.size});
    assert_true(receiver_on_retransmission(&receiver, &arrival, &missing.header, wr_written(&wr),
                                           &place, &original));
    assert_int_equal(original.size, missing.size);
    assert_int_equal(stats->missing, 0);
    assert_int_equal(stats->repaired, 1);
    assert_false(receiver_on_retransmission(&receiver, &arrival, &missing.header, wr_written(&wr),
                                            &place, &original));
    assert_int_equal(stats->probes, 1);
}

static void a_stage_without_a_keyframe_is_asked_for_one(void **state)
{
    (void)state;
    uint8_t space[256];
    uint32_t ssrc = 0;
    struct rtcp_walk walk;
    struct rtcp_packet part;
    for (uint32_t i = 0; i < FILM_BENCH_FRAME_PACKETS; i++)
        (void)next_picture(); /* the keyframe never comes */
    take_pictures(FILM_BENCH_FRAME_PACKETS);
    assert_int_equal(stats->seen, 0);
    now = receiver_deadline(&receiver);
    size_t size = receiver_write_feedback(&receiver, now, 0, space, sizeof space);
    assert_int_equal(rtcp_walk_init(&walk, (struct bytes){space, size}), ERR_OK);
    assert_true(rtcp_walk_next(&walk, &part) && rtcp_walk_next(&walk, &part));
    assert_int_equal(rtcp_parse_pli(&part, &ssrc), ERR_OK);
    assert_int_equal(ssrc, SLOT_SSRC);
    assert_true(sender_on_keyframe_request(&sender, sender.streams[SENT_CAMERA].ssrc));
    take_pictures(3 * FILM_BENCH_FRAME_PACKETS);
    assert_int_equal(stats->seen, 1);
}

static void a_report_says_what_was_lost(void **state)
{
    (void)state;
    uint8_t space[256];
    uint32_t from = 0;
    uint32_t count = 0;
    struct rtcp_walk walk;
    struct rtcp_packet part;
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    take_pictures(30);
    for (int i = 0; i < 10; i++)
        (void)next_picture();
    take_pictures(1);
    receiver_on_sender_report(&receiver, now, SLOT_SSRC, UINT64_C(0x1122334455667788));
    size_t size = receiver_write_feedback(&receiver, now + USEC_PER_SEC, RECEIVER_REPORT, space,
                                          sizeof space);
    assert_int_equal(rtcp_walk_init(&walk, (struct bytes){space, size}), ERR_OK);
    assert_true(rtcp_walk_next(&walk, &part));
    assert_int_equal(rtcp_parse_reports(&part, &from, reports, &count), ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(reports[0].ssrc, SLOT_SSRC);
    assert_int_equal(reports[0].cumulative_lost, 10);
    assert_int_equal(reports[0].fraction_lost, 10 * 256 / 41);
    assert_int_equal(reports[0].last_sr, 0x33445566);
    assert_int_equal(reports[0].delay_since_last_sr, 65536);
}

static void of_a_stage_switch_the_wait_for_the_source_is_told_apart(void **state)
{
    (void)state;
    struct forwarded packet = next_picture();
    packet.header.csrc[0] = SOURCE + 1;
    take(&packet);
    stats->stage_switch = (struct load_switch){.source = SOURCE, .ordered_at = now - 3000};
    assert_true(receiver_expect_stage(&receiver));
    take_pictures(1);
    const struct load_switch *seen = &stats->stage_switch;
    assert_int_equal(seen->arrived, 1);
    assert_true(seen->wait_us.max_us > 0);
    assert_true(seen->wait_us.max_us + seen->carried_us.max_us == seen->first_packet_us.max_us);
}

static void a_stage_switch_is_timed_from_its_order(void **state)
{
    (void)state;
    take_pictures(20);
    stats->stage_switch = (struct load_switch){.source = SOURCE + 1, .ordered_at = now};
    assert_true(receiver_expect_stage(&receiver));
    struct forwarded packet = next_picture();
    packet.header.csrc[0] = SOURCE + 1;
    now = stats->stage_switch.ordered_at + 5000;
    take(&packet);
    take(&packet);
    assert_int_equal(stats->stage_switch.arrived, 1);
    assert_true(stats->stage_switch.first_packet_us.max_us == 5000);
    assert_false(receiver_expect_stage(&receiver));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(one_packet_is_decrypted_and_the_rest_goes_by_number),
        TEST(each_packets_delay_is_known),
        TEST(a_timestamp_out_of_step_is_noticed),
        TEST(after_a_silence_timestamps_may_begin_anew),
        TEST(a_payload_of_another_size_is_noticed),
        TEST(other_numbers_are_a_new_segment),
        TEST(what_nobody_of_ours_sent_is_counted_and_let_be),
        TEST(a_gap_is_asked_for_and_its_retransmission_fills_it),
        TEST(a_stage_without_a_keyframe_is_asked_for_one),
        TEST(a_report_says_what_was_lost),
        TEST(a_stage_switch_is_timed_from_its_order),
        TEST(of_a_stage_switch_the_wait_for_the_source_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
