#include "signaling/core/live.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/signaling/support.h"

static struct live_ring RING;
static struct live LIVE;

static int fresh(void **state)
{
    (void)state;
    live_ring_init(&RING);
    live_init(&LIVE);
    return 0;
}

static int over(void **state)
{
    (void)state;
    live_done(&LIVE);
    live_ring_done(&RING);
    return 0;
}

static struct live_text text_of(const char *text)
{
    return (struct live_text){strdup(text), strlen(text)};
}

static void put(const char *text)
{
    assert_int_equal(live_ring_put(&RING, bytes_of(text)), ERR_OK);
}

/* The next turn; texts are compared, and given back if they are ours. */
static void expect(enum live_turn want, const char *text)
{
    struct live_text got = {0};
    enum live_turn turn = live_next(&LIVE, &RING, &got);
    assert_int_equal(turn, want);
    if (text) {
        assert_int_equal(got.size, strlen(text));
        assert_memory_equal(got.text, text, got.size);
    }
    if (turn == LIVE_REPLY)
        free(got.text);
}

/* Welcomed, and all that comes with it written. */
static void welcome(void)
{
    live_welcome(&LIVE, &RING, text_of("hello"));
    expect(LIVE_REPLY, "hello");
    expect(LIVE_NOTHING, NULL);
}

static void hello_comes_first_and_nothing_of_before(void **state)
{
    (void)state;
    put("before");
    live_welcome(&LIVE, &RING, text_of("hello"));
    live_mark(&LIVE, LIVE_MARK_MAY);
    put("after");
    expect(LIVE_REPLY, "hello");
    expect(LIVE_BROADCAST, "after");
    expect(LIVE_MAY, NULL);
}

static void everybody_reads_the_ring_in_order(void **state)
{
    (void)state;
    welcome();
    put("1");
    put("2");
    put("3");
    expect(LIVE_BROADCAST, "1");
    expect(LIVE_BROADCAST, "2");
    expect(LIVE_BROADCAST, "3");
    expect(LIVE_NOTHING, NULL);
    assert_false(live_has_turn(&LIVE, &RING));
}

static void only_the_newest_of_a_mark_is_written(void **state)
{
    (void)state;
    welcome();
    for (int n = 0; n < 100; n++)
        live_mark(&LIVE, LIVE_MARK_SLOTS | LIVE_MARK_SPEAKERS);
    live_mark(&LIVE, LIVE_MARK_LAYERS);
    expect(LIVE_SLOTS, NULL);
    expect(LIVE_LAYERS, NULL);
    expect(LIVE_SPEAKERS, NULL);
    expect(LIVE_NOTHING, NULL);
}

static void a_reader_that_fell_behind_by_the_whole_ring_is_told(void **state)
{
    (void)state;
    welcome();
    for (int n = 0; n < LIVE_RING_TEXTS; n++)
        put("text");
    expect(LIVE_BROADCAST, "text"); /* just in time */
    put("text");
    put("text");
    expect(LIVE_BEHIND, NULL);
    live_end(&LIVE, text_of("too slow"));
    expect(LIVE_REPLY, "too slow");
    expect(LIVE_CLOSE, NULL);
    expect(LIVE_NOTHING, NULL);
}

static void a_slow_reader_does_not_hold_others(void **state)
{
    (void)state;
    welcome();
    struct live quick;
    live_init(&quick);
    live_welcome(&quick, &RING, text_of("hello"));
    struct live_text text;
    assert_int_equal(live_next(&quick, &RING, &text), LIVE_REPLY);
    free(text.text);
    for (int n = 0; n < 3 * LIVE_RING_TEXTS; n++) {
        put("text");
        assert_int_equal(live_next(&quick, &RING, &text), LIVE_BROADCAST);
    }
    expect(LIVE_BEHIND, NULL);
    live_done(&quick);
}

static void who_asks_without_reading_the_answers_is_full(void **state)
{
    (void)state;
    welcome();
    for (int n = 0; n < LIVE_REPLIES; n++)
        assert_int_equal(live_reply(&LIVE, text_of("answer")), ERR_OK);
    assert_int_equal(live_reply(&LIVE, text_of("one more")), ERR_FULL);
}

static void after_the_last_word_nothing_is_said(void **state)
{
    (void)state;
    welcome();
    assert_int_equal(live_reply(&LIVE, text_of("waiting")), ERR_OK);
    put("waiting too");
    live_mark(&LIVE, LIVE_MARK_MAY);
    live_end(&LIVE, text_of("goodbye"));
    assert_int_equal(live_reply(&LIVE, text_of("late")), ERR_WRONG_STATE);
    live_mark(&LIVE, LIVE_MARK_MAY);
    live_end(&LIVE, text_of("again"));
    expect(LIVE_REPLY, "goodbye");
    expect(LIVE_CLOSE, NULL);
    assert_false(live_has_turn(&LIVE, &RING));
}

static void a_connection_may_be_refused_before_it_is_welcomed(void **state)
{
    (void)state;
    assert_int_equal(live_reply(&LIVE, text_of("early")), ERR_WRONG_STATE);
    live_end(&LIVE, text_of("not invited"));
    struct live_text text;
    assert_int_equal(live_next(&LIVE, NULL, &text), LIVE_REPLY);
    free(text.text);
    assert_int_equal(live_next(&LIVE, NULL, &text), LIVE_CLOSE);
}

static void media_come_go_and_come_again(void **state)
{
    (void)state;
    welcome();
    live_on_joined(&LIVE);
    live_on_joined(&LIVE);
    assert_int_equal(LIVE.state, LIVE_MEDIA);
    live_on_media_gone(&LIVE);
    live_on_media_gone(&LIVE);
    assert_int_equal(LIVE.state, LIVE_HERE);
    live_on_joined(&LIVE);
    live_end(&LIVE, text_of("bye"));
    live_on_media_gone(&LIVE);
    assert_int_equal(LIVE.state, LIVE_ENDING);
}

static void a_silent_line_is_asked_and_then_given_up(void **state)
{
    (void)state;
    assert_int_equal(live_silence(0), LIVE_SILENCE_FINE);
    assert_int_equal(live_silence(15 * USEC_PER_SEC - 1), LIVE_SILENCE_FINE);
    assert_int_equal(live_silence(15 * USEC_PER_SEC), LIVE_SILENCE_ASK);
    assert_int_equal(live_silence(30 * USEC_PER_SEC - 1), LIVE_SILENCE_ASK);
    assert_int_equal(live_silence(30 * USEC_PER_SEC), LIVE_SILENCE_LOST);
    welcome();
    live_mark(&LIVE, LIVE_MARK_ASK);
    expect(LIVE_ASK, NULL);
    expect(LIVE_NOTHING, NULL);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fresh, over)
    const struct CMUnitTest tests[] = {
        CASE(hello_comes_first_and_nothing_of_before),
        CASE(a_silent_line_is_asked_and_then_given_up),
        CASE(everybody_reads_the_ring_in_order),
        CASE(only_the_newest_of_a_mark_is_written),
        CASE(a_reader_that_fell_behind_by_the_whole_ring_is_told),
        CASE(a_slow_reader_does_not_hold_others),
        CASE(who_asks_without_reading_the_answers_is_full),
        CASE(after_the_last_word_nothing_is_said),
        CASE(a_connection_may_be_refused_before_it_is_welcomed),
        CASE(media_come_go_and_come_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
