/* What a switch of the stage begins with: the keyframe at hand, or a new one. */
#include "sfu/core/show.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/stage_room.h"

enum { MANY = 4000, FEW = 100 };

static void give_frame(uint32_t source, bool keyframe)
{
    static struct stage_packet made[64];
    uint32_t count = stage_make_frame(made, source, keyframe);
    for (uint32_t i = 0; i < count; i++)
        stage_give(source, &made[i]);
    stage.now += 33000;
    stage_drain(UINT32_MAX);
}

/* Whose picture the first subscriber got last. */
static uint32_t shown(void)
{
    const struct stage_subscriber *one = &stage.subscribers[0];
    int64_t newest = one->highest[STAGE_KIND_VIDEO] - one->lowest[STAGE_KIND_VIDEO];
    return one->origin[STAGE_KIND_VIDEO][newest];
}

static uint64_t asked(void)
{
    return worker_counters(stage.worker)->sent_keyframe_requests;
}

/* The stage is 1's; 2 began with a keyframe a while ago. */
static int begin(void **state)
{
    (void)state;
    stage_begin(1);
    for (uint32_t i = 0; i < 12; i++)
        for (uint32_t source = 1; source <= STAGE_SOURCES; source++)
            give_frame(source, i == 0);
    assert_int_equal(shown(), 1);
    return 0;
}

static int end(void **state)
{
    (void)state;
    stage_end();
    return 0;
}

static void order_two(void)
{
    stage_order(SFU_SET_STAGE, 2);
    stage.now += 1000;
    stage_drain(UINT32_MAX);
}

static void few_begin_with_the_keyframe_at_hand(void **state)
{
    (void)state;
    stage_join_others(FEW);
    uint64_t before = asked();
    order_two();
    assert_int_equal(shown(), 2);
    assert_int_equal(asked(), before);
}

static void many_wait_for_a_new_one_and_see_the_old_stage_until_then(void **state)
{
    (void)state;
    stage_join_others(MANY);
    uint64_t before = asked();
    order_two();
    give_frame(1, false);
    assert_int_equal(shown(), 1);
    assert_int_equal(asked(), before + 1);
    give_frame(2, true);
    assert_int_equal(shown(), 2);
}

static void a_request_that_was_lost_is_made_again(void **state)
{
    (void)state;
    stage_join_others(MANY);
    uint64_t before = asked();
    order_two();
    for (uint32_t i = 0; i < 10; i++) /* a third of a second */
        give_frame(1, false);
    assert_int_equal(asked(), before + 1);
    for (uint32_t i = 0; i < 10; i++)
        give_frame(1, false);
    assert_int_equal(asked(), before + 2);
}

/* Publishers are asked rarely: until the next time, what is at hand must do. */
static void many_do_not_wait_for_one_that_cannot_be_asked_for(void **state)
{
    (void)state;
    stage_join_others(MANY);
    order_two();
    give_frame(2, true);
    stage_order(SFU_SET_STAGE, 1);
    give_frame(1, true);
    assert_int_equal(shown(), 1);
    for (uint32_t i = 0; i < 6; i++)
        give_frame(2, false);
    uint64_t before = asked();
    order_two();
    assert_int_equal(shown(), 2);
    assert_int_equal(asked(), before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(few_begin_with_the_keyframe_at_hand),
        TEST(many_wait_for_a_new_one_and_see_the_old_stage_until_then),
        TEST(a_request_that_was_lost_is_made_again),
        TEST(many_do_not_wait_for_one_that_cannot_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
