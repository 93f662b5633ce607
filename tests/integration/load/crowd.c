/* A crowd against a media server in the same process: everything that is sent arrives, once, at its
 * time, as it was; what is lost on the way is asked for and comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "load/edge/film_file.h"
#include "tests/support/crowd_room.h"

enum { RECEIVERS = 20, SECONDS = 2, PACKETS_BENCH = 200, ENDPOINTS = 64 };

static char film_path[] = "/tmp/dienhong-film-XXXXXX";

static int make_film(void **state)
{
    (void)state;
    log_set_level(LOG_WARN);
    int fd = mkstemp(film_path);
    if (fd < 0 || close(fd) != 0)
        return -1;
    return film_file_make(film_path, SECONDS) == ERR_OK ? 0 : -1;
}

static int remove_film(void **state)
{
    (void)state;
    return unlink(film_path);
}

static struct media_house house;
static struct load *load;
static struct load_stats stats;

static void open_crowd(const struct load_config *config, uint32_t workers, uint32_t senders,
                       uint32_t receivers)
{
    assert_true(media_house_open(&house, workers, ENDPOINTS));
    assert_int_equal(load_create(config, &load), ERR_OK);
    assert_true(crowd_room_fill(&house, load, senders, receivers));
    assert_true(crowd_room_order(&house, SFU_SET_FLOOR, CROWD_SOURCE));
    assert_true(crowd_room_order(&house, SFU_SET_STAGE, CROWD_SOURCE));
    assert_true(crowd_room_await(&house, load, connected, senders + receivers));
    load_send(load, true);
}

static int close_crowd(void **state)
{
    (void)state;
    load_destroy(load);
    media_house_close(&house);
    load = NULL;
    return 0;
}

static void print_stats(void)
{
    if (!getenv("LOAD_STATS"))
        return;
#define PRINT(name) fprintf(stderr, "%-20s %llu\n", #name, (unsigned long long)stats.name);
    LOAD_COUNTS(PRINT)
#undef PRINT
    fprintf(stderr, "delay us p50 %llu p99 %llu max %llu of %llu\n",
            (unsigned long long)times_at(&stats.delay_us, 500),
            (unsigned long long)times_at(&stats.delay_us, 990),
            (unsigned long long)stats.delay_us.max_us, (unsigned long long)stats.delay_us.count);
}

/* All that was on its way has come, or is given up, when nothing more arrives. */
static void settle(void)
{
    load_send(load, false);
    uint64_t before = UINT64_MAX;
    for (load_stats(load, &stats); stats.packets != before || stats.missing > 0;) {
        before = stats.packets;
        (void)crowd_room_await(&house, load, packets, 0);
        usleep(100 * 1000);
        load_stats(load, &stats);
    }
    print_stats();
}

static void assert_flawless(void)
{
    assert_int_equal(stats.lost, 0);
    assert_int_equal(stats.duplicates, 0);
    assert_int_equal(stats.malformed, 0);
    assert_int_equal(stats.unknown_ssrc, 0);
    assert_int_equal(stats.unmatched, 0);
    assert_int_equal(stats.wrong_timestamp, 0);
    assert_int_equal(stats.wrong_size, 0);
    assert_int_equal(stats.decrypt_failures, 0);
    assert_int_equal(stats.broken_frames, 0);
    assert_int_equal(stats.decode_failures, 0);
}

static void a_film_reaches_everybody_whole(void **state)
{
    (void)state;
    struct load_config config = {.peers = RECEIVERS + 1,
                                 .addresses = LOAD_ADDRESS_SHARED,
                                 .profile = LOAD_PROFILE_FILM,
                                 .film_path = film_path,
                                 .seed = 1,
                                 .decrypt_every = 4,
                                 .decode_every = 2};
    open_crowd(&config, 2, 1, RECEIVERS);
    assert_true(crowd_room_await(&house, load, seen, RECEIVERS));
    assert_true(crowd_room_await(&house, load, decoded_frames, 60));
    settle();
    assert_flawless();
    assert_int_equal(stats.heard, RECEIVERS);
    assert_true(stats.matched > 0 && stats.decrypted > 0 && stats.frames > 0);
    assert_true(stats.feedbacks > 0 && stats.checks_answered > 0);
    /* The newest check of each peer may still be on its way. */
    assert_true(stats.checks - stats.checks_answered <= RECEIVERS + 1);
    assert_true(stats.delay_us.count > 0);
}

static void every_peer_may_have_a_socket_of_its_own(void **state)
{
    (void)state;
    struct load_config config = {.peers = RECEIVERS + 1,
                                 .addresses = LOAD_ADDRESS_OWN,
                                 .profile = LOAD_PROFILE_BENCH,
                                 .seed = 2};
    open_crowd(&config, 1, 1, RECEIVERS);
    assert_true(crowd_room_await(&house, load, seen, RECEIVERS));
    assert_true(crowd_room_await(&house, load, packets, RECEIVERS * PACKETS_BENCH));
    settle();
    assert_flawless();
}

static void what_is_lost_is_asked_for_and_comes_again(void **state)
{
    (void)state;
    struct load_config config = {.peers = RECEIVERS + 1,
                                 .addresses = LOAD_ADDRESS_SHARED,
                                 .profile = LOAD_PROFILE_FILM,
                                 .film_path = film_path,
                                 .seed = 3,
                                 .decrypt_every = 4,
                                 .drop_per_mille = 20};
    open_crowd(&config, 1, 1, RECEIVERS);
    assert_true(crowd_room_await(&house, load, seen, RECEIVERS));
    assert_true(crowd_room_await(&house, load, repaired, RECEIVERS));
    settle();
    assert_true(stats.dropped_on_purpose > 0 && stats.nacks > 0 && stats.repaired > 0);
    assert_int_equal(stats.decrypt_failures, 0);
    assert_int_equal(stats.wrong_timestamp, 0);
    assert_true(stats.frames > 0);
}

static void a_stage_switch_is_seen_by_all(void **state)
{
    (void)state;
    struct load_config config = {.peers = RECEIVERS + 2,
                                 .addresses = LOAD_ADDRESS_SHARED,
                                 .profile = LOAD_PROFILE_BENCH,
                                 .seed = 4};
    open_crowd(&config, 1, 2, RECEIVERS);
    assert_true(crowd_room_await(&house, load, seen, RECEIVERS));
    load_expect_stage(load, CROWD_SOURCE + 1);
    assert_true(crowd_room_order(&house, SFU_SET_STAGE, CROWD_SOURCE + 1));
    assert_true(crowd_room_await(&house, load, stage_switch.first_frame_us.count, RECEIVERS));
    settle();
    assert_int_equal(stats.stage_switch.expected, RECEIVERS);
    assert_int_equal(stats.stage_switch.arrived, RECEIVERS);
    assert_int_equal(load_peer_stats(load, 2).stage, CROWD_SOURCE + 1);
    assert_flawless();
}

static void a_server_that_does_not_answer_is_told_apart(void **state)
{
    (void)state;
    struct load_config config = {
        .peers = 1, .addresses = LOAD_ADDRESS_SHARED, .profile = LOAD_PROFILE_BENCH};
    struct load_peer peer = {.audio_slots = 1};
    uint32_t number;
    assert_int_equal(load_create(&config, &load), ERR_OK);
    assert_int_equal(load_add(load, &peer, &number), ERR_OK);
    assert_int_equal(load_add(load, &peer, &number), ERR_FULL);
    assert_int_equal(load_answer(load, number, bytes_of("v=0\r\n")), ERR_FORMAT);
    assert_int_equal(load_peer_stats(load, number).state, LOAD_PEER_NEW);
    load_leave(load, number);
    assert_int_equal(load_peer_stats(load, number).state, LOAD_PEER_LEFT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_film_reaches_everybody_whole, close_crowd),
        cmocka_unit_test_teardown(every_peer_may_have_a_socket_of_its_own, close_crowd),
        cmocka_unit_test_teardown(what_is_lost_is_asked_for_and_comes_again, close_crowd),
        cmocka_unit_test_teardown(a_stage_switch_is_seen_by_all, close_crowd),
        cmocka_unit_test_teardown(a_server_that_does_not_answer_is_told_apart, close_crowd),
    };
    return cmocka_run_group_tests(tests, make_film, remove_film);
}
