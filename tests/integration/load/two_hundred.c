/* Two hundred real clients on two workers, their media crossing the relay: the size at which the
 * sanitizers watch the whole of the media server. With and without the kernel cutting trains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "tests/support/crowd_room.h"

enum {
    RECEIVERS = 200,
    SENDERS = 2,
    WORKERS = 2,
    PACKETS_EACH = 60,
    FRAMES_PER_SECOND = 6, /* a pace that instrumented code carries too */
};

static struct media_house house;
static struct load *load;
static struct load_stats stats;

static int close_room(void **state)
{
    (void)state;
    load_destroy(load);
    media_house_close(&house);
    load = NULL;
    return 0;
}

static void everybody_gets_everything(enum sfu_offload offload)
{
    const struct sfu_config server = {
        .workers = WORKERS, .endpoints = RECEIVERS + SENDERS, .segment_offload = offload};
    const struct load_config config = {.peers = RECEIVERS + SENDERS,
                                       .addresses = LOAD_ADDRESS_SHARED,
                                       .profile = LOAD_PROFILE_BENCH,
                                       .frames_per_second = FRAMES_PER_SECOND,
                                       .seed = 6,
                                       .decrypt_every = 20};
    assert_true(media_house_open_as(&house, &server));
    assert_int_equal(load_create(&config, &load), ERR_OK);
    assert_true(crowd_room_fill(&house, load, SENDERS, RECEIVERS));
    assert_true(crowd_room_order(&house, SFU_SET_FLOOR, CROWD_SOURCE));
    assert_true(crowd_room_order(&house, SFU_SET_STAGE, CROWD_SOURCE));
    assert_true(crowd_room_await(&house, load, connected, SENDERS + RECEIVERS));
    load_send(load, true);
    assert_true(crowd_room_await(&house, load, seen, RECEIVERS));
    load_expect_stage(load, CROWD_SOURCE + 1);
    assert_true(crowd_room_order(&house, SFU_SET_STAGE, CROWD_SOURCE + 1));
    assert_true(crowd_room_await(&house, load, stage_switch.first_frame_us.count, RECEIVERS));
    assert_true(crowd_room_await(&house, load, packets, (uint64_t)RECEIVERS * PACKETS_EACH));
    crowd_room_rest(&house, load, &stats);
    assert_int_equal(stats.heard, RECEIVERS);
    assert_int_equal(stats.lost, 0);
    assert_int_equal(stats.duplicates, 0);
    assert_int_equal(stats.unmatched, 0);
    assert_int_equal(stats.wrong_timestamp, 0);
    assert_int_equal(stats.wrong_size, 0);
    assert_int_equal(stats.decrypt_failures, 0);
    assert_int_equal(stats.broken_frames, 0);
    assert_true(stats.decrypted > 0);
    assert_int_equal(media_house_counters(&house, WORKERS).drop_unsent, 0);
    assert_int_equal(media_house_counters(&house, WORKERS).drop_relay_full, 0);
}

static void two_hundred_get_every_packet(void **state)
{
    (void)state;
    everybody_gets_everything(SFU_OFFLOAD_AUTO);
}

static void two_hundred_get_every_packet_without_udp_segment(void **state)
{
    (void)state;
    everybody_gets_everything(SFU_OFFLOAD_OFF);
    assert_int_equal(media_house_counters(&house, WORKERS).sent_trains, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(two_hundred_get_every_packet, close_room),
        cmocka_unit_test_teardown(two_hundred_get_every_packet_without_udp_segment, close_room),
    };
    log_set_level(LOG_WARN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
