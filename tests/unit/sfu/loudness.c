#include "sfu/core/loudness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* So many milliseconds of 20 ms packets at this level from each of the sources, updated as due. */
static bool speak(struct loudness *loudness, usec_t *now, uint32_t ms, const uint8_t *levels,
                  uint32_t floor)
{
    bool changed = false;
    for (uint32_t t = 0; t < ms; t += 20) {
        *now += 20000;
        for (uint32_t i = 0; levels[i]; i++)
            loudness_on_level(loudness, *now, i + 1, levels[i]);
        if (*now % LOUDNESS_UPDATE_US == 0 && loudness_update(loudness, *now, floor))
            changed = true;
    }
    return changed;
}

static void silence_makes_nobody_a_speaker(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    assert_false(speak(&loudness, &now, 2000, (const uint8_t[]){127, 100, 90, 0}, 0));
    assert_true(loudness_idle(&loudness));
    assert_false(loudness_announce(&loudness, now));
}

static void who_speaks_is_heard_within_half_a_second(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    assert_true(speak(&loudness, &now, 500, (const uint8_t[]){127, 25, 0}, 0));
    assert_true(loudness.loud[0] == 2 || loudness.loud[1] == 2);
    assert_true(loudness_announce(&loudness, now));
    assert_int_equal(loudness.announced_count, 1);
    assert_int_equal(loudness.announced[0], 2);
}

static void the_loud_keep_their_places_against_one_a_little_louder(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    (void)speak(&loudness, &now, 1000, (const uint8_t[]){30, 30, 0}, 0);
    uint32_t loud[2] = {loudness.loud[0], loudness.loud[1]};
    (void)speak(&loudness, &now, 3000, (const uint8_t[]){30, 30, 27, 0}, 0);
    assert_memory_equal(loud, loudness.loud, sizeof loud);
    assert_int_equal(loudness.spare, 3);
}

static void one_clearly_louder_takes_a_place_after_a_moment(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    (void)speak(&loudness, &now, 1000, (const uint8_t[]){40, 40, 0}, 0);
    (void)speak(&loudness, &now, 1500, (const uint8_t[]){40, 40, 15, 0}, 0);
    assert_true(loudness.loud[0] == 3 || loudness.loud[1] == 3);
}

static void the_floors_holder_takes_no_place_among_the_loud(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    (void)speak(&loudness, &now, 1000, (const uint8_t[]){20, 30, 0}, 0);
    assert_true(speak(&loudness, &now, 500, (const uint8_t[]){20, 30, 0}, 1));
    assert_true(loudness.loud[0] != 1 && loudness.loud[1] != 1);
    assert_true(loudness.loud[0] == 2 || loudness.loud[1] == 2);
    assert_int_equal(loudness.speaker_count, 2); /* but he is a speaker */
}

static void speakers_are_announced_loudest_first_and_at_most_four_times_a_second(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    uint32_t announced = 0;
    for (int turn = 0; turn < 60; turn++) {
        const uint8_t one[] = {10, 80, 0};
        const uint8_t other[] = {80, 10, 0};
        (void)speak(&loudness, &now, 100, turn % 2 ? one : other, 0);
        announced += loudness_announce(&loudness, now);
    }
    assert_in_range(announced, 2, 24); /* in 6 s */
    (void)speak(&loudness, &now, 2000, (const uint8_t[]){40, 20, 0}, 0);
    (void)loudness_announce(&loudness, now);
    assert_int_equal(loudness.announced_count, 2);
    assert_int_equal(loudness.announced[0], 2);
}

static void who_stops_is_no_speaker_any_more_and_leaves_the_candidates(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    (void)speak(&loudness, &now, 1000, (const uint8_t[]){20, 0}, 0);
    assert_true(loudness_announce(&loudness, now));
    (void)speak(&loudness, &now, 5000, (const uint8_t[]){0}, 0);
    assert_true(loudness_announce(&loudness, now));
    assert_int_equal(loudness.announced_count, 0);
    assert_true(loudness_idle(&loudness));
    assert_int_equal(loudness.loud[0] + loudness.loud[1], 1); /* the place is kept for his return */
}

static void a_crowd_larger_than_the_candidates_keeps_the_loudest(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    uint8_t levels[41];
    for (int i = 0; i < 40; i++)
        levels[i] = (uint8_t)(50 - i); /* the last one is the loudest */
    levels[40] = 0;
    (void)speak(&loudness, &now, 3000, levels, 0);
    assert_int_equal(loudness.speakers[0], 40);
    assert_int_equal(loudness.speaker_count, SFU_SPEAKERS_MAX);
}

static void a_forgotten_source_leaves_every_place(void **state)
{
    (void)state;
    struct loudness loudness = {0};
    usec_t now = 0;
    (void)speak(&loudness, &now, 1000, (const uint8_t[]){20, 20, 20, 0}, 0);
    for (uint32_t source = 1; source <= 3; source++)
        loudness_forget(&loudness, source);
    assert_int_equal(loudness.loud[0] + loudness.loud[1] + loudness.spare, 0);
    assert_int_equal(loudness_level(&loudness, 1), LOUDNESS_SILENCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_makes_nobody_a_speaker),
        cmocka_unit_test(who_speaks_is_heard_within_half_a_second),
        cmocka_unit_test(the_loud_keep_their_places_against_one_a_little_louder),
        cmocka_unit_test(one_clearly_louder_takes_a_place_after_a_moment),
        cmocka_unit_test(the_floors_holder_takes_no_place_among_the_loud),
        cmocka_unit_test(speakers_are_announced_loudest_first_and_at_most_four_times_a_second),
        cmocka_unit_test(who_stops_is_no_speaker_any_more_and_leaves_the_candidates),
        cmocka_unit_test(a_crowd_larger_than_the_candidates_keeps_the_loudest),
        cmocka_unit_test(a_forgotten_source_leaves_every_place),
    };
    return cmocka_run_group_tests_name("sfu loudness", tests, NULL, NULL);
}
