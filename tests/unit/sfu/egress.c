/* What every subscriber gets, whatever comes in whatever pieces: random splits of frames over
 * ticks, reordering, loss, switches, little room. */
#include "sfu/core/egress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sfu/proto/rtcp_write.h"
#include "tests/support/stage_room.h"

enum { WAITING = 128, SOUND_WAIT_US = 6000 };

struct line {
    struct stage_packet waiting[WAITING];
    uint32_t kind[WAITING];
    uint32_t count;
    bool given[STAGE_KINDS][1 << 16]; /* by the publisher's number */
};

/* Some of what waits arrives: in order but for a few that are overtaken, and a few that are lost.
 */
static void arrive(struct line *line, uint32_t count, bool harm)
{
    while (count-- > 0 && line->count > 0) {
        uint32_t at = harm && line->count > 1 && rng_below(&stage.rng, 8) == 0 ? 1 : 0;
        struct stage_packet *made = &line->waiting[at];
        if (!harm || rng_below(&stage.rng, 20) > 0) {
            line->given[line->kind[at]][made->packet[2] << 8 | made->packet[3]] = true;
            stage_give(1, made);
        }
        line->count--;
        memmove(&line->waiting[at], &line->waiting[at + 1],
                (line->count - at) * sizeof line->waiting[0]);
        memmove(&line->kind[at], &line->kind[at + 1], (line->count - at) * sizeof line->kind[0]);
    }
}

static void check_all_came(const struct line *line, const struct stage_subscriber *subscriber,
                           uint32_t kind)
{
    uint32_t count = (uint32_t)(subscriber->highest[kind] - subscriber->lowest[kind]) + 1;
    uint16_t first = subscriber->original[kind][0];
    assert_true(count > 100);
    for (uint32_t i = 0; i < count; i++) {
        uint16_t original = (uint16_t)(first + i);
        assert_int_equal(subscriber->seen[kind][i], line->given[kind][original]);
        if (subscriber->seen[kind][i])
            assert_int_equal(subscriber->original[kind][i], original);
    }
    /* And nothing is behind it. */
    for (uint32_t i = count; i < count + 100; i++)
        assert_false(line->given[kind][(uint16_t)(first + i)]);
}

static void publish_in_pieces(uint64_t seed, bool harm, uint32_t builds)
{
    static struct line line;
    memset(&line, 0, sizeof line);
    stage_begin(seed);
    worker_set_sound_wait(stage.worker, seed % 3 == 0 ? SOUND_WAIT_US : 0);
    for (uint32_t tick = 0; tick < 300; tick++) {
        stage.now += USEC_PER_MSEC;
        uint32_t made = 0;
        if (tick % 3 == 0 && line.count < WAITING / 2)
            made = stage_make_frame(&line.waiting[line.count], 1, tick == 0);
        for (uint32_t i = 0; i < made; i++)
            line.kind[line.count++] = STAGE_KIND_VIDEO;
        if (tick % 2 == 0 && line.count < WAITING) {
            stage_make_sound(&line.waiting[line.count], 1);
            line.kind[line.count++] = STAGE_KIND_SOUND;
        }
        arrive(&line, tick == 0 ? 1 : rng_below(&stage.rng, 12), harm && tick > 0);
        stage_drain(builds);
    }
    arrive(&line, WAITING, false);
    stage.now += SOUND_WAIT_US;
    stage_drain(UINT32_MAX);
    for (uint32_t i = 0; i < STAGE_SUBSCRIBERS; i++)
        for (uint32_t kind = 0; kind < STAGE_KINDS; kind++)
            check_all_came(&line, &stage.subscribers[i], kind);
    assert_true(stage.padded > 0 && stage.longest_train > 5);
    stage_end();
}

static void every_packet_is_sent_once_with_its_number_however_frames_are_cut(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++)
        publish_in_pieces(seed, false, UINT32_MAX);
}

static void loss_and_overtaking_leave_gaps_where_they_were(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++)
        publish_in_pieces(seed, true, UINT32_MAX);
}

static void little_room_only_delays(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++)
        publish_in_pieces(seed, true, 1);
}

static void switches_leave_no_gap(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        static struct stage_packet made[64];
        stage_begin(seed);
        for (uint32_t tick = 0; tick < 200; tick++) {
            stage.now += 10 * USEC_PER_MSEC;
            if (rng_below(&stage.rng, 10) == 0)
                stage_order(SFU_SET_STAGE, 1 + rng_below(&stage.rng, STAGE_SOURCES));
            for (uint32_t source = 1; source <= STAGE_SOURCES; source++) {
                uint32_t count = stage_make_frame(made, source, tick % 16 == 0);
                for (uint32_t i = 0; i < count; i++)
                    stage_give(source, &made[i]);
            }
            stage_drain(1 + rng_below(&stage.rng, 3));
        }
        stage_drain(UINT32_MAX);
        for (uint32_t i = 0; i < STAGE_SUBSCRIBERS; i++) {
            const struct stage_subscriber *subscriber = &stage.subscribers[i];
            int64_t count =
                subscriber->highest[STAGE_KIND_VIDEO] - subscriber->lowest[STAGE_KIND_VIDEO] + 1;
            bool both[STAGE_SOURCES + 1] = {false};
            for (int64_t at = 0; at < count; at++) {
                assert_int_equal(subscriber->seen[STAGE_KIND_VIDEO][at], 1);
                both[subscriber->origin[STAGE_KIND_VIDEO][at]] = true;
            }
            assert_true(both[1] && both[2]);
        }
        stage_end();
    }
}

static uint32_t sounds_of(const struct stage_subscriber *subscriber)
{
    return subscriber->lowest[STAGE_KIND_SOUND] < 0
               ? 0
               : (uint32_t)(subscriber->highest[STAGE_KIND_SOUND] -
                            subscriber->lowest[STAGE_KIND_SOUND] + 1);
}

static void give_frame(bool keyframe)
{
    static struct stage_packet made[64];
    uint32_t count = stage_make_frame(made, 1, keyframe);
    for (uint32_t i = 0; i < count; i++)
        stage_give(1, &made[i]);
}

/* One send; whose it is, or STAGE_SUBSCRIBERS. */
static uint32_t send_one(uint32_t *ret_count)
{
    struct worker_send send;
    uint32_t at = 0;
    *ret_count = worker_build(stage.worker, stage.now, &send, 1, stage.arena, sizeof stage.arena);
    if (*ret_count == 0)
        return STAGE_SUBSCRIBERS;
    stage_on_send(&send);
    while (at < STAGE_SUBSCRIBERS && !handle_equal(send.endpoint, stage.subscribers[at].handle))
        at++;
    return at;
}

/* A keyframe is on its way when sound comes, and then another frame: the sound goes with the very
 * next send. */
static void sound_never_waits_behind_a_later_picture(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        uint32_t count;
        stage_begin(seed);
        give_frame(true);
        stage.now += USEC_PER_MSEC;
        worker_on_tick(stage.worker, stage.now);
        for (uint32_t turn = 0; turn < seed % (2 * STAGE_SUBSCRIBERS); turn++)
            (void)send_one(&count);
        struct stage_packet sound;
        stage.now += USEC_PER_MSEC;
        stage_make_sound(&sound, 1);
        stage_give(1, &sound);
        give_frame(false);
        worker_on_tick(stage.worker, stage.now);
        for (;;) {
            uint32_t whose = send_one(&count);
            if (whose < STAGE_SUBSCRIBERS)
                assert_int_equal(sounds_of(&stage.subscribers[whose]), 1);
            if (count == 0)
                break;
        }
        for (uint32_t i = 0; i < STAGE_SUBSCRIBERS; i++)
            assert_int_equal(sounds_of(&stage.subscribers[i]), 1);
        stage_end();
    }
}

static void a_keyframe_leaves_in_turns_of_ten(void **state)
{
    (void)state;
    static struct stage_packet made[64];
    stage_begin(9);
    uint32_t count = stage_make_frame(made, 1, true);
    for (uint32_t i = 0; i < count; i++)
        stage_give(1, &made[i]);
    stage.now += USEC_PER_MSEC;
    worker_on_tick(stage.worker, stage.now);
    struct worker_send sends[STAGE_SENDS * 4];
    uint32_t sent = worker_build(stage.worker, stage.now, sends, STAGE_SENDS * 4, stage.arena,
                                 sizeof stage.arena);
    assert_true(count > 10 && sent > STAGE_SUBSCRIBERS);
    /* Everybody has a first part before anybody has a second. */
    for (uint32_t i = 1; i < STAGE_SUBSCRIBERS; i++)
        assert_false(handle_equal(sends[i].endpoint, sends[i - 1].endpoint));
    for (uint32_t i = 0; i < sent; i++)
        stage_on_send(&sends[i]);
    stage_end();
}

static void ask_again(struct stage_subscriber *subscriber, uint16_t first, uint16_t count)
{
    uint16_t numbers[LIMIT_NACKS_PER_PACKET];
    uint8_t packet[LIMIT_DATAGRAM_BYTES];
    for (uint16_t i = 0; i < count; i++)
        numbers[i] = (uint16_t)(first - i);
    struct wr wr = wr_init(packet, sizeof packet);
    rtcp_write_nack(&wr, 1, STAGE_SSRC, numbers, count);
    assert_false(wr.failed);
    worker_on_srtp(stage.worker, stage.now, subscriber->handle, packet, wr_size(&wr));
}

static void what_is_asked_for_again_has_the_same_bytes(void **state)
{
    (void)state;
    static struct stage_packet made[64];
    stage_begin(11);
    for (uint32_t frame = 0; frame < 30; frame++) {
        uint32_t count = stage_make_frame(made, 1, frame == 0);
        for (uint32_t i = 0; i < count; i++)
            stage_give(1, &made[i]);
        stage.now += USEC_PER_MSEC;
        stage_drain(UINT32_MAX);
    }
    assert_true(stage.padded > 0);
    for (uint32_t i = 0; i < STAGE_SUBSCRIBERS; i++) {
        struct stage_subscriber *subscriber = &stage.subscribers[i];
        ask_again(subscriber, (uint16_t)(subscriber->highest[STAGE_KIND_VIDEO] - STAGE_NUMBERS),
                  40);
    }
    stage_drain(UINT32_MAX);
    for (uint32_t i = 0; i < STAGE_SUBSCRIBERS; i++)
        assert_int_equal(stage.subscribers[i].resent, 40);
    stage_end();
}

/* 3,400 requests in a second, ten packets each. */
static void a_flood_of_nacks_costs_no_more_than_its_share(void **state)
{
    (void)state;
    static struct stage_packet made[64];
    stage_begin(12);
    for (uint32_t frame = 0; frame < 60; frame++) {
        uint32_t count = stage_make_frame(made, 1, frame == 0);
        for (uint32_t i = 0; i < count; i++)
            stage_give(1, &made[i]);
        stage_drain(UINT32_MAX);
    }
    struct stage_subscriber *noisy = &stage.subscribers[0];
    uint64_t bytes = worker_counters(stage.worker)->sent_bytes;
    uint16_t highest = (uint16_t)(noisy->highest[STAGE_KIND_VIDEO] - STAGE_NUMBERS);
    for (uint32_t i = 0; i < 3400; i++) {
        ask_again(noisy, (uint16_t)(highest - i % 5 * 10), 10);
        stage.now += USEC_PER_SEC / 3400;
        stage_drain(UINT32_MAX);
    }
    bytes = worker_counters(stage.worker)->sent_bytes - bytes;
    assert_in_range(noisy->resent, 100, 400 + 200);
    assert_true(bytes < 2 * 250000 + 600 * 64); /* the burst, a second's worth, headers */
    assert_true(worker_counters(stage.worker)->drop_rate_limited > 9000);
    assert_int_equal(stage.subscribers[1].resent, 0);
    stage_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_packet_is_sent_once_with_its_number_however_frames_are_cut),
        cmocka_unit_test(loss_and_overtaking_leave_gaps_where_they_were),
        cmocka_unit_test(little_room_only_delays),
        cmocka_unit_test(switches_leave_no_gap),
        cmocka_unit_test(sound_never_waits_behind_a_later_picture),
        cmocka_unit_test(a_keyframe_leaves_in_turns_of_ten),
        cmocka_unit_test(what_is_asked_for_again_has_the_same_bytes),
        cmocka_unit_test(a_flood_of_nacks_costs_no_more_than_its_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
