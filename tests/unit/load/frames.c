#include "load/core/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct frames *frames;
static struct bytes frame;

static int begin(void **state)
{
    (void)state;
    frames = calloc(1, sizeof *frames);
    if (!frames)
        return -1;
    frames_init(frames);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(frames);
    return 0;
}

/* Descriptors (RFC 7741, section 4.2): S of partition 0, and not; a keyframe's first byte has a low
 * bit of 0. */
static void put(uint64_t number, bool first, bool key, bool marker)
{
    uint8_t payload[] = {first ? 0x10 : 0x00, key ? 0x10 : 0x11, (uint8_t)number};
    frames_on_packet(frames, number, marker, (struct bytes){payload, sizeof payload});
}

static void a_frame_is_put_together_in_order(void **state)
{
    (void)state;
    put(10, true, true, false);
    put(12, false, false, true);
    assert_int_equal(frames_next(frames, &frame), FRAMES_NONE);
    put(11, false, false, false);
    assert_int_equal(frames_next(frames, &frame), FRAMES_WHOLE);
    assert_int_equal(frame.size, 6);
    assert_int_equal(frame.data[1], 10);
    assert_int_equal(frame.data[3], 11);
    assert_int_equal(frame.data[5], 12);
    assert_int_equal(frames_next(frames, &frame), FRAMES_NONE);
}

static void before_the_first_keyframe_frames_are_broken(void **state)
{
    (void)state;
    put(1, true, false, true);
    assert_int_equal(frames_next(frames, &frame), FRAMES_BROKEN);
    put(2, true, true, true);
    assert_int_equal(frames_next(frames, &frame), FRAMES_WHOLE);
}

static void a_packet_that_never_comes_breaks_all_up_to_a_keyframe(void **state)
{
    (void)state;
    put(1, true, true, true);
    assert_int_equal(frames_next(frames, &frame), FRAMES_WHOLE);
    for (uint64_t number = 3; number < 3 + FRAMES_WINDOW; number++)
        put(number, true, number == 400, true);
    uint32_t broken = 0;
    uint32_t whole = 0;
    for (enum frames_result result; (result = frames_next(frames, &frame)) != FRAMES_NONE;) {
        broken += result == FRAMES_BROKEN;
        whole += result == FRAMES_WHOLE;
    }
    assert_int_equal(broken, 400 - 3);
    assert_int_equal(whole, FRAMES_WINDOW + 3 - 400);
}

static void the_same_packet_twice_is_taken_once(void **state)
{
    (void)state;
    put(1, true, true, true);
    assert_int_equal(frames_next(frames, &frame), FRAMES_WHOLE);
    put(1, true, true, true);
    assert_int_equal(frames_next(frames, &frame), FRAMES_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_frame_is_put_together_in_order, begin, end),
        cmocka_unit_test_setup_teardown(before_the_first_keyframe_frames_are_broken, begin, end),
        cmocka_unit_test_setup_teardown(a_packet_that_never_comes_breaks_all_up_to_a_keyframe,
                                        begin, end),
        cmocka_unit_test_setup_teardown(the_same_packet_twice_is_taken_once, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
