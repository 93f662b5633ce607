#include "load/core/film.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_BYTES = 1024, VP8_TICKS = 3000, OPUS_TICKS = 960 };

static uint8_t file[FILE_BYTES];

static void put_frame(struct wr *wr, uint32_t track, const char *bytes)
{
    film_write_frame_head(wr, track, (uint32_t)strlen(bytes));
    wr_text(wr, bytes);
}

static struct film two_tracks(void)
{
    struct film film = {.video_count = 1, .has_audio = true};
    film.tracks[0] = (struct film_track){FILM_VP8, 640, 360, FILM_VIDEO_HZ, VP8_TICKS, 3, NULL};
    film.tracks[1] = (struct film_track){FILM_OPUS, 0, 0, FILM_AUDIO_HZ, OPUS_TICKS, 2, NULL};
    return film;
}

/* Keyframes are those whose first byte is even: "b" and "d", not "a". */
static struct bytes good_file(const struct film *film)
{
    struct wr wr = wr_init(file, sizeof file);
    film_write_head(&wr, film);
    put_frame(&wr, 1, "sound");
    put_frame(&wr, 0, "begin");
    put_frame(&wr, 0, "and");
    put_frame(&wr, 1, "more");
    put_frame(&wr, 0, "done");
    assert_false(wr.failed);
    return wr_written(&wr);
}

static void a_film_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct film plan = two_tracks();
    struct film film;
    assert_int_equal(film_parse(good_file(&plan), &film), ERR_OK);
    assert_int_equal(film.video_count, 1);
    assert_true(film.has_audio);
    assert_int_equal(film.tracks[0].height, 360);
    assert_int_equal(film.tracks[1].ticks, OPUS_TICKS);
    assert_true(bytes_equal(film.tracks[0].frames[1], bytes_of("and")));
    assert_true(bytes_equal(film.tracks[1].frames[1], bytes_of("more")));
    film_done(&film);
}

static void a_film_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct film plan = two_tracks();
    struct bytes whole = good_file(&plan);
    struct film film;
    for (size_t size = 0; size < whole.size; size++) {
        uint8_t *part = malloc(size ? size : 1); /* so that a sanitizer sees every step beyond */
        assert_non_null(part);
        memcpy(part, whole.data, size);
        assert_int_equal(film_parse((struct bytes){part, size}, &film), ERR_SHORT);
        free(part);
    }
    assert_int_equal(film_parse((struct bytes){file, whole.size + 1}, &film), ERR_FORMAT);
}

static void a_film_must_begin_with_a_keyframe(void **state)
{
    (void)state;
    struct film plan = two_tracks();
    struct bytes whole = good_file(&plan);
    struct film film;
    uint8_t *begin = memmem(file, whole.size, "begin", 5);
    assert_non_null(begin);
    *begin = 'a';
    assert_int_equal(film_parse(whole, &film), ERR_FORMAT);
}

static void tracks_out_of_bounds_are_refused(void **state)
{
    (void)state;
    struct film film;
    struct film plan = two_tracks();
    plan.tracks[0].ticks = 0;
    assert_int_equal(film_parse(good_file(&plan), &film), ERR_FORMAT);
    plan = two_tracks();
    plan.tracks[0].frame_count = UINT32_MAX;
    assert_int_equal(film_parse(good_file(&plan), &film), ERR_LIMIT);
    plan = two_tracks();
    plan.tracks[0].frame_count = FILM_FRAMES_MAX;
    assert_int_equal(film_parse(good_file(&plan), &film), ERR_SHORT);
    plan = two_tracks();
    plan.tracks[0].clock_hz = 1;
    assert_int_equal(film_parse(good_file(&plan), &film), ERR_FORMAT);
}

static void the_next_keyframe_is_found_and_the_film_begins_again(void **state)
{
    (void)state;
    struct film plan = two_tracks();
    struct film film;
    assert_int_equal(film_parse(good_file(&plan), &film), ERR_OK);
    assert_int_equal(film_next_keyframe(&film.tracks[0], 0), 0);
    assert_int_equal(film_next_keyframe(&film.tracks[0], 1), 2);
    assert_int_equal(film_next_keyframe(&film.tracks[0], 3), 0);
    film_done(&film);
}

static void the_bench_film_has_the_bench_stream(void **state)
{
    (void)state;
    uint8_t *memory = NULL;
    struct film film;
    assert_int_equal(film_make_bench(30, 7, &memory, &film), ERR_OK);
    assert_int_equal(film.video_count, 1);
    assert_int_equal(film.tracks[0].ticks, VP8_TICKS);
    assert_int_equal(film.tracks[1].frames[0].size, FILM_BENCH_AUDIO_BYTES);
    assert_true(film_is_keyframe(film.tracks[0].frames[0]));
    for (uint32_t i = 1; i < film.tracks[0].frame_count; i++)
        assert_false(film_is_keyframe(film.tracks[0].frames[i]));
    film_done(&film);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_film_is_read_as_it_was_written),
        cmocka_unit_test(a_film_cut_anywhere_is_refused),
        cmocka_unit_test(a_film_must_begin_with_a_keyframe),
        cmocka_unit_test(tracks_out_of_bounds_are_refused),
        cmocka_unit_test(the_next_keyframe_is_found_and_the_film_begins_again),
        cmocka_unit_test(the_bench_film_has_the_bench_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
