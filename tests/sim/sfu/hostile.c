/* What strangers and broken clients send: counted, bounded, and nobody else notices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/core/ntp.h"
#include "sfu/proto/rtcp_write.h"
#include "tests/sim/scene.h"

static struct world *begin(uint64_t seed)
{
    struct world *world = scene_begin(seed, 0);
    world_set_stage(world, 1);
    (void)scene_wait_for_stage(world, 1, 4000000);
    return world;
}

/* Everybody but the culprit still sees the stage. */
static void check_unharmed(struct world *world, uint32_t culprit)
{
    usec_t then = world->now;
    world_run(world, 1000000);
    for (uint32_t i = 0; i < world->peer_count; i++)
        if (i != culprit)
            assert_true(world_slot(world, i, SLOT_STAGE, 0)->last_decoded[1] > then);
    (void)scene_end(world);
}

static struct worker *worker_of(struct world *world, uint32_t peer)
{
    return world->workers[world->peers[peer].worker];
}

static uint64_t all_drops(const struct worker *worker)
{
    const struct worker_counters *counters = worker_counters(worker);
    return counters->drop_malformed + counters->drop_auth + counters->drop_replay +
           counters->drop_unknown_ssrc + counters->drop_no_keys + counters->drop_too_large;
}

static void deliver(struct world *world, uint32_t peer, const uint8_t *data, size_t size)
{
    uint8_t copy[LIMIT_DATAGRAM_BYTES + 64];
    assert_true(size <= sizeof copy);
    if (size)
        memcpy(copy, data, size);
    worker_on_srtp(worker_of(world, peer), world->now, world->peers[peer].handle, copy, size);
}

static void noise_is_counted_and_dropped(void **state)
{
    (void)state;
    struct world *world = begin(1);
    struct worker *worker = worker_of(world, 3);
    uint64_t before = all_drops(worker);
    enum { DATAGRAMS = 20000 };
    for (int i = 0; i < DATAGRAMS; i++) {
        uint8_t noise[300];
        size_t size = rng_below(&world->rng, sizeof noise);
        for (size_t at = 0; at < size; at++)
            noise[at] = (uint8_t)rng_u64(&world->rng);
        if (size && i % 2)
            noise[0] = 0x80 | (noise[0] & 0x3f); /* at least the version is right */
        deliver(world, 3, noise, size);
    }
    assert_int_equal(all_drops(worker) - before, DATAGRAMS);
    check_unharmed(world, 3);
}

static void an_oversized_datagram_is_dropped(void **state)
{
    (void)state;
    static const uint8_t large[LIMIT_DATAGRAM_BYTES + 1] = {0x80, 96};
    struct world *world = begin(2);
    deliver(world, 0, large, sizeof large);
    assert_int_equal(worker_counters(worker_of(world, 0))->drop_too_large, 1);
    check_unharmed(world, UINT32_MAX);
}

/* Well protected, so that it is the endpoint's own word. */
static void say(struct world *world, uint32_t peer, const uint8_t *compound, size_t size)
{
    uint8_t packet[LIMIT_DATAGRAM_BYTES];
    struct viewer *viewer = &world->peers[peer].viewer;
    memcpy(packet, compound, size);
    enum err err = seal_ops.protect_rtcp(viewer->seal, viewer->rtcp_index++, packet, sizeof packet,
                                         size, &size);
    assert_int_equal(err, ERR_OK);
    deliver(world, peer, packet, size);
}

static void a_flood_of_nacks_is_answered_within_bounds(void **state)
{
    (void)state;
    struct world *world = begin(3);
    struct worker *worker = worker_of(world, 3);
    uint32_t ssrc = world->peers[3].session.slots[LIMIT_AUDIO_SLOTS].ssrc;
    uint64_t before = worker_counters(worker)->sent_retransmissions;
    for (int second = 0; second < 5; second++)
        for (int i = 0; i < 50; i++) {
            uint8_t compound[512];
            uint16_t sequences[100];
            struct wr wr = wr_init(compound, sizeof compound);
            uint16_t highest = (uint16_t)world_slot(world, 3, SLOT_STAGE, 0)->highest;
            for (uint16_t n = 0; n < 100; n++)
                sequences[n] = (uint16_t)(highest - 100 + n);
            rtcp_write_rr(&wr, 1, NULL, 0);
            rtcp_write_nack(&wr, 1, ssrc, sequences, 100);
            assert_false(wr.failed);
            say(world, 3, compound, wr_size(&wr));
            world_run(world, 20000);
        }
    uint64_t resent = worker_counters(worker)->sent_retransmissions - before;
    assert_in_range(resent, 100, 5 * 400 + 200 + 400);
    assert_true(worker_counters(worker)->drop_rate_limited > 10000);
    check_unharmed(world, 3);
}

static void a_flood_of_keyframe_requests_reaches_the_publisher_rarely(void **state)
{
    (void)state;
    struct world *world = begin(4);
    uint32_t before = world->peers[0].publisher.asked_keyframes;
    uint32_t ssrc = world->peers[3].session.slots[LIMIT_AUDIO_SLOTS].ssrc;
    for (int i = 0; i < 1000; i++) {
        uint8_t compound[64];
        struct wr wr = wr_init(compound, sizeof compound);
        rtcp_write_rr(&wr, 1, NULL, 0);
        rtcp_write_pli(&wr, 1, ssrc);
        say(world, 3, compound, wr_size(&wr));
        world_run(world, 10000);
    }
    assert_in_range(world->peers[0].publisher.asked_keyframes - before, 1, 6); /* in 10 s */
    check_unharmed(world, 3);
}

static void feedback_on_what_was_never_sent_is_counted_and_believed_in_nothing(void **state)
{
    (void)state;
    struct world *world = begin(9);
    struct worker *worker = worker_of(world, 3);
    uint64_t before = worker_counters(worker)->drop_forged_feedback;
    /* Half a cycle ahead of all that was sent, claiming heavy loss. */
    static struct transport_cc feedback = {.base_sequence = 40000, .count = 900};
    feedback.arrivals[0].received = true;
    const struct rtcp_report report = {.ssrc = world->peers[3].session.slots[4].ssrc,
                                       .last_sr = 0x1234};
    for (int i = 0; i < 100; i++) {
        uint8_t compound[1200];
        struct wr wr = wr_init(compound, sizeof compound);
        rtcp_write_rr(&wr, 1, &report, 1);
        assert_int_equal(rtcp_write_transport_cc(&wr, &feedback), ERR_OK);
        say(world, 3, compound, wr_size(&wr));
        world_run(world, 100000);
    }
    assert_int_equal(worker_counters(worker)->drop_forged_feedback - before, 2 * 100);
    assert_int_equal(world->peers[3].viewer.slots[LIMIT_AUDIO_SLOTS].decoded_layer, 2);
    check_unharmed(world, UINT32_MAX);
}

static void a_report_that_answers_within_a_clock_s_rounding_is_believed(void **state)
{
    (void)state;
    struct world *world = begin(11);
    struct worker *worker = worker_of(world, 3);
    uint64_t before = worker_counters(worker)->drop_forged_feedback;
    const struct rtcp_report report = {.ssrc = world->peers[3].session.slots[4].ssrc,
                                       .last_sr = ntp_middle(world->now),
                                       .delay_since_last_sr = 1};
    uint8_t compound[64];
    struct wr wr = wr_init(compound, sizeof compound);
    rtcp_write_rr(&wr, 1, &report, 1);
    say(world, 3, compound, wr_size(&wr));
    assert_int_equal(worker_counters(worker)->drop_forged_feedback, before);
    check_unharmed(world, 3);
}

static void a_flood_of_rtcp_is_taken_in_within_bounds(void **state)
{
    (void)state;
    struct world *world = begin(10);
    struct worker *worker = worker_of(world, 3);
    uint64_t before = worker_counters(worker)->drop_rate_limited;
    for (int i = 0; i < 3400; i++) {
        uint8_t compound[64];
        struct wr wr = wr_init(compound, sizeof compound);
        rtcp_write_rr(&wr, 1, NULL, 0);
        say(world, 3, compound, wr_size(&wr));
        if (i % 100 == 0)
            world_run(world, 10000);
    }
    assert_in_range(worker_counters(worker)->drop_rate_limited - before, 2600, 3400);
    check_unharmed(world, 3);
}

static void every_truncation_of_feedback_is_survived(void **state)
{
    (void)state;
    struct world *world = begin(5);
    uint8_t compound[512];
    struct wr wr = wr_init(compound, sizeof compound);
    const uint16_t sequences[] = {1, 2, 300};
    const struct rtcp_sender_info info = {.ssrc = 1, .ntp = 5};
    const struct rtcp_report report = {.ssrc = 9, .last_sr = 4};
    static struct transport_cc feedback = {.count = 3, .arrivals = {{true, 0}, {true, 4}}};
    rtcp_write_sr(&wr, &info, &report, 1);
    rtcp_write_nack(&wr, 1, world->peers[3].session.slots[4].ssrc, sequences, 3);
    rtcp_write_pli(&wr, 1, world->peers[3].session.slots[4].ssrc);
    rtcp_write_fir(&wr, 1, (struct rtcp_fir_entry){.ssrc = 5, .sequence = 1});
    assert_int_equal(rtcp_write_transport_cc(&wr, &feedback), ERR_OK);
    for (size_t size = 8; size <= wr_size(&wr); size++)
        say(world, 3, compound, size);
    check_unharmed(world, 3);
}

static void a_replayed_packet_is_dropped(void **state)
{
    (void)state;
    struct world *world = begin(6);
    struct worker *worker = worker_of(world, 3);
    uint8_t compound[64];
    uint8_t packet[128];
    struct wr wr = wr_init(compound, sizeof compound);
    rtcp_write_rr(&wr, 1, NULL, 0);
    size_t size;
    memcpy(packet, compound, wr_size(&wr));
    struct viewer *viewer = &world->peers[3].viewer;
    assert_int_equal(seal_ops.protect_rtcp(viewer->seal, viewer->rtcp_index++, packet,
                                           sizeof packet, wr_size(&wr), &size),
                     ERR_OK);
    uint64_t before = worker_counters(worker)->drop_replay;
    for (int i = 0; i < 5; i++)
        deliver(world, 3, packet, size);
    assert_int_equal(worker_counters(worker)->drop_replay - before, 4);
    check_unharmed(world, UINT32_MAX);
}

static void senders_of_rtcp_are_bounded(void **state)
{
    (void)state;
    struct world *world = begin(7);
    struct worker *worker = worker_of(world, 3);
    uint64_t before = worker_counters(worker)->drop_unknown_ssrc;
    for (uint32_t ssrc = 100; ssrc < 200; ssrc++) {
        uint8_t compound[64];
        struct wr wr = wr_init(compound, sizeof compound);
        rtcp_write_rr(&wr, ssrc, NULL, 0);
        say(world, 3, compound, wr_size(&wr));
    }
    assert_true(worker_counters(worker)->drop_unknown_ssrc - before >= 80);
    check_unharmed(world, 3);
}

static void packets_before_keys_and_after_leaving_are_dropped(void **state)
{
    (void)state;
    struct world *world = begin(8);
    static const uint8_t packet[40] = {0x80, 96};
    struct worker *worker = worker_of(world, 3);
    world_command(world, &(struct sfu_command){.kind = SFU_LEAVE, .endpoint = 4});
    uint64_t before = worker_counters(worker)->drop_no_keys;
    deliver(world, 3, packet, sizeof packet);
    assert_int_equal(worker_counters(worker)->drop_no_keys - before, 1);
    check_unharmed(world, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_counted_and_dropped),
        cmocka_unit_test(an_oversized_datagram_is_dropped),
        cmocka_unit_test(a_flood_of_nacks_is_answered_within_bounds),
        cmocka_unit_test(a_flood_of_keyframe_requests_reaches_the_publisher_rarely),
        cmocka_unit_test(feedback_on_what_was_never_sent_is_counted_and_believed_in_nothing),
        cmocka_unit_test(a_report_that_answers_within_a_clock_s_rounding_is_believed),
        cmocka_unit_test(a_flood_of_rtcp_is_taken_in_within_bounds),
        cmocka_unit_test(every_truncation_of_feedback_is_survived),
        cmocka_unit_test(a_replayed_packet_is_dropped),
        cmocka_unit_test(senders_of_rtcp_are_bounded),
        cmocka_unit_test(packets_before_keys_and_after_leaving_are_dropped),
    };
    return cmocka_run_group_tests_name("sim sfu hostile", tests, NULL, NULL);
}
