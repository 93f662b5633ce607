/* When sound waits for a frame, and when it does not. */
#include "sfu/core/settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/stage_room.h"

enum { WAIT_US = 8000, FRAME_US = 33000 };

static void give_frame(void)
{
    static struct stage_packet made[64];
    uint32_t count = stage_make_frame(made, 1, stage.publishers[0].frames == 0);
    for (uint32_t i = 0; i < count; i++)
        stage_give(1, &made[i]);
}

static void give_sound(uint32_t source)
{
    struct stage_packet made;
    stage_make_sound(&made, source);
    stage_give(source, &made);
}

static int64_t sounds(void)
{
    const struct stage_subscriber *one = &stage.subscribers[0];
    return one->lowest[STAGE_KIND_SOUND] < 0
               ? 0
               : one->highest[STAGE_KIND_SOUND] - one->lowest[STAGE_KIND_SOUND] + 1;
}

static void pass(usec_t duration)
{
    stage.now += duration;
    stage_drain(UINT32_MAX);
}

/* A room in which frames come, on a worker as busy as that. */
static int begin(void **state)
{
    (void)state;
    stage_begin(1);
    worker_set_sound_wait(stage.worker, WAIT_US);
    give_frame();
    pass(1000);
    pass(1000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    stage_end();
    return 0;
}

static void sound_leaves_with_the_frame_it_waited_for(void **state)
{
    (void)state;
    give_sound(1);
    pass(0);
    assert_int_equal(sounds(), 0);
    stage.now += WAIT_US / 2;
    give_frame();
    stage_drain(UINT32_MAX);
    assert_int_equal(sounds(), 1);
}

static void without_a_frame_it_leaves_when_its_time_is_over(void **state)
{
    (void)state;
    usec_t given = stage.now;
    give_sound(1);
    pass(0);
    assert_int_equal(worker_deadline(stage.worker), given + WAIT_US);
    pass(WAIT_US - 1);
    assert_int_equal(sounds(), 0);
    pass(1);
    assert_int_equal(sounds(), 1);
    assert_true(worker_deadline(stage.worker) > stage.now);
}

static void what_comes_meanwhile_waits_no_longer_than_the_first(void **state)
{
    (void)state;
    give_sound(1);
    pass(WAIT_US - 1);
    give_sound(1);
    pass(1);
    assert_int_equal(sounds(), 2);
}

static void where_no_frames_come_any_more_sound_waits_for_none(void **state)
{
    (void)state;
    pass(FRAMES_STOPPED_US);
    give_sound(1);
    pass(0);
    assert_int_equal(sounds(), 1);
}

static void an_idle_worker_lets_nothing_wait(void **state)
{
    (void)state;
    worker_set_sound_wait(stage.worker, 0);
    give_sound(1);
    pass(0);
    assert_int_equal(sounds(), 1);
}

static void what_waits_when_the_worker_grows_idle_leaves_at_once(void **state)
{
    (void)state;
    give_sound(1);
    pass(0);
    worker_set_sound_wait(stage.worker, 0);
    pass(0);
    assert_int_equal(sounds(), 1);
}

static void frames_wait_for_nobody(void **state)
{
    (void)state;
    int64_t before = stage.subscribers[0].highest[STAGE_KIND_VIDEO];
    for (int i = 0; i < 10; i++) {
        stage.now += FRAME_US;
        give_frame();
        stage_drain(UINT32_MAX);
        assert_true(stage.subscribers[0].highest[STAGE_KIND_VIDEO] > before);
        before = stage.subscribers[0].highest[STAGE_KIND_VIDEO];
    }
}

static void who_leaves_takes_what_waits_along(void **state)
{
    (void)state;
    give_sound(1);
    pass(0);
    struct sfu_command leave = {.kind = SFU_LEAVE, .endpoint = 1};
    assert_int_equal(worker_on_command(stage.worker, stage.now, &leave), ERR_OK);
    pass(WAIT_US);
    assert_int_equal(sounds(), 0);
    pass(WAIT_US);
    assert_true(worker_deadline(stage.worker) > stage.now);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(sound_leaves_with_the_frame_it_waited_for),
        TEST(without_a_frame_it_leaves_when_its_time_is_over),
        TEST(what_comes_meanwhile_waits_no_longer_than_the_first),
        TEST(where_no_frames_come_any_more_sound_waits_for_none),
        TEST(an_idle_worker_lets_nothing_wait),
        TEST(what_waits_when_the_worker_grows_idle_leaves_at_once),
        TEST(frames_wait_for_nobody),
        TEST(who_leaves_takes_what_waits_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
