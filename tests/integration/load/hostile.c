/* Fifty neighbours of a peer that means harm, under load: whatever it does, each of them gets every
 * packet once, what it does is counted, and neither publisher nor line is made to work for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/support/crowd_room.h"
#include "tests/support/hostile.h"

enum {
    NEIGHBOURS = 50,
    ENDPOINTS = 64,
    ENEMY = 1000, /* its endpoint and source */
    ROUNDS = 20,
    ROUNDS_MOST = 400,
    ACTS = 170,               /* of each round: 3,400 together */
    PACKETS_EACH = 10,        /* what each neighbour gets in a round at least */
    RESENDS_PER_SECOND = 400, /* sfu/core/feedback_in.c */
    RESENDS_BURST = 200,
    KEYFRAME_US = 2 * 1000 * 1000, /* a publisher is asked no more often */
};

static struct media_house house;
static struct load *load;
static struct load_stats before;
static struct load_stats after;
static struct worker_counters counted; /* while the enemy acted */
static struct hostile enemy;
static usec_t took_us;

static int open_room(void **state)
{
    (void)state;
    const struct load_config config = {.peers = NEIGHBOURS + 1,
                                       .addresses = LOAD_ADDRESS_SHARED,
                                       .profile = LOAD_PROFILE_BENCH,
                                       .seed = 5,
                                       .decrypt_every = 10};
    bool done = media_house_open(&house, 1, ENDPOINTS) && load_create(&config, &load) == ERR_OK &&
                crowd_room_fill(&house, load, 1, NEIGHBOURS) &&
                crowd_room_order(&house, SFU_SET_FLOOR, CROWD_SOURCE) &&
                crowd_room_order(&house, SFU_SET_STAGE, CROWD_SOURCE) &&
                crowd_room_await(&house, load, connected, NEIGHBOURS + 1);
    load_send(load, true);
    return done && crowd_room_await(&house, load, seen, NEIGHBOURS) ? 0 : -1;
}

static int close_room(void **state)
{
    (void)state;
    hostile_leave(&enemy);
    load_destroy(load);
    media_house_close(&house);
    load = NULL;
    return 0;
}

static void subtract(struct worker_counters *from, const struct worker_counters *what)
{
#define LESS(name) from->name -= what->name;
    WORKER_COUNTERS(LESS)
#undef LESS
}

static uint64_t drops(void)
{
    return counted.drop_malformed + counted.drop_auth + counted.drop_replay +
           counted.drop_duplicate + counted.drop_unknown_ssrc + counted.drop_no_keys +
           counted.drop_no_right + counted.drop_too_large + counted.drop_rate_limited +
           counted.drop_forged_feedback + counted.drop_unknown_address + counted.drop_handshake;
}

/* A peer is given up only when it was not heard for a while; until then the others live beside it.
 */
static bool acts_on(int round, enum hostile_kind kind, const struct worker_counters *first)
{
    if (round < ROUNDS)
        return true;
    return kind == HOSTILE_DIES && round < ROUNDS_MOST &&
           media_house_counters(&house, 1).unreachable_paths == first->unreachable_paths;
}

/* Lets the enemy act while media flows, and holds what the neighbours got against what was sent. */
static void live_beside(enum hostile_kind kind)
{
    assert_true(hostile_join(&enemy, kind, house.sfu, CROWD_ROOM, ENEMY));
    crowd_room_rest(&house, load, &before);
    counted = media_house_counters(&house, 1);
    struct worker_counters first = counted;
    usec_t began = clock_now_us();
    load_send(load, true);
    uint64_t packets = before.packets;
    for (int i = 0; acts_on(i, kind, &first); i++) {
        assert_true(hostile_act(&enemy, ACTS));
        packets += NEIGHBOURS * PACKETS_EACH;
        assert_true(crowd_room_await(&house, load, packets, packets));
    }
    took_us = clock_now_us() - began;
    crowd_room_rest(&house, load, &after);
    counted = media_house_counters(&house, 1);
    subtract(&counted, &first);

    uint64_t sent = after.sent_packets - before.sent_packets;
    assert_true(sent > 0);
    assert_int_equal(after.packets - before.packets, sent * NEIGHBOURS);
    assert_int_equal(after.lost, 0);
    assert_int_equal(after.duplicates, 0);
    assert_int_equal(after.unmatched, 0);
    assert_int_equal(after.decrypt_failures, 0);
    assert_int_equal(after.broken_frames, 0);
    assert_int_equal(after.failed, 0);
    assert_in_range(after.keyframes_asked - before.keyframes_asked, 0, took_us / KEYFRAME_US + 2);
}

static void a_peer_that_stops_reading_costs_its_neighbours_nothing(void **state)
{
    (void)state;
    live_beside(HOSTILE_STOPS_READING);
    assert_int_equal(counted.drop_unsent, 0);
}

static void a_peer_that_dies_is_sent_to_no_more(void **state)
{
    (void)state;
    live_beside(HOSTILE_DIES);
    assert_int_equal(counted.unreachable_paths, 1);
    assert_int_equal(counted.drop_unsent, 0);
}

static void a_flood_of_junk_is_counted(void **state)
{
    (void)state;
    live_beside(HOSTILE_JUNK);
    assert_in_range(drops(), enemy.sent * 8 / 10, enemy.sent);
}

static void a_flood_of_forged_checks_is_counted(void **state)
{
    (void)state;
    live_beside(HOSTILE_STUN);
    assert_in_range(drops(), enemy.sent * 9 / 10, enemy.sent);
}

static void a_flood_under_wrong_keys_is_counted(void **state)
{
    (void)state;
    live_beside(HOSTILE_WRONG_KEYS);
    assert_in_range(counted.drop_auth + counted.drop_replay, enemy.sent * 9 / 10, enemy.sent);
}

static void three_thousand_nacks_are_answered_within_bounds(void **state)
{
    (void)state;
    live_beside(HOSTILE_NACKS);
    uint64_t allowed = RESENDS_BURST + RESENDS_PER_SECOND * (took_us / USEC_PER_SEC + 1);
    assert_in_range(counted.sent_retransmissions, 0, allowed);
    assert_true(counted.drop_rate_limited > 0);
}

static void three_thousand_keyframe_requests_reach_the_publisher_rarely(void **state)
{
    (void)state;
    live_beside(HOSTILE_PLIS); /* which holds the publisher's count */
    assert_true(counted.drop_rate_limited > 0);
}

static void forged_feedback_is_believed_in_nothing(void **state)
{
    (void)state;
    live_beside(HOSTILE_FORGES);
    assert_true(counted.drop_forged_feedback > 0);
}

#define BESIDE(test) cmocka_unit_test_setup_teardown(test, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BESIDE(a_peer_that_stops_reading_costs_its_neighbours_nothing),
        BESIDE(a_peer_that_dies_is_sent_to_no_more),
        BESIDE(a_flood_of_junk_is_counted),
        BESIDE(a_flood_of_forged_checks_is_counted),
        BESIDE(a_flood_under_wrong_keys_is_counted),
        BESIDE(three_thousand_nacks_are_answered_within_bounds),
        BESIDE(three_thousand_keyframe_requests_reach_the_publisher_rarely),
        BESIDE(forged_feedback_is_believed_in_nothing),
    };
    log_set_level(LOG_WARN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
