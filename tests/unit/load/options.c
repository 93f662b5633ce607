#include "load/core/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "load/core/verdict.h"

enum { WORDS_MAX = 16 };

static struct options options;
static const char *fault;

/* Up to NULL. */
static enum err parse(const char *first, ...)
{
    char *words[WORDS_MAX];
    int count = 0;
    va_list more;
    va_start(more, first);
    for (const char *word = first; word && count < WORDS_MAX; word = va_arg(more, const char *))
        words[count++] = (char *)(uintptr_t)word;
    va_end(more);
    return options_parse(count, words, &options, &fault);
}

static enum err parse_url(const char *url)
{
    return parse(url, "--user", "u", "--password-file", "f", NULL);
}

static void an_address_may_have_a_port_brackets_and_a_slash(void **state)
{
    (void)state;
    assert_int_equal(parse_url("https://hop.tinh.vn"), ERR_OK);
    assert_string_equal(options.host, "hop.tinh.vn");
    assert_int_equal(options.port, 443);
    assert_int_equal(parse_url("https://hop.tinh.vn:8443/"), ERR_OK);
    assert_int_equal(options.port, 8443);
    assert_int_equal(parse_url("https://[2001:db8::1]:444"), ERR_OK);
    assert_string_equal(options.host, "2001:db8::1");
    assert_int_equal(options.port, 444);
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "http://a",        "a",           "https://",    "https://:443", "https://a:0",
        "https://a:65536", "https://a:x", "https://a/b", "https://[::1", "https://a:"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_not_equal(parse_url(bad[i]), ERR_OK);
}

static void every_option_finds_its_place(void **state)
{
    (void)state;
    assert_int_equal(parse("--receivers", "3400", "--json", "https://a", "--user", "kythuat",
                           "--profile", "bench", "--password-file", "-", "--senders", "3", NULL),
                     ERR_OK);
    assert_int_equal(options.receivers, 3400);
    assert_int_equal(options.senders, 3);
    assert_string_equal(options.login, "kythuat");
    assert_string_equal(options.password_path, "-");
    assert_string_equal(options.profile, "bench");
    assert_true(options.json);
    assert_int_equal(options.seconds, 30);
}

static void a_fault_names_its_argument(void **state)
{
    (void)state;
    assert_int_equal(parse("https://a", "--user", "u", NULL), ERR_SHORT);
    assert_string_equal(fault, "--password-file");
    assert_int_equal(parse("https://a", "--receivers", "4097", NULL), ERR_LIMIT);
    assert_string_equal(fault, "--receivers");
    assert_int_equal(parse("https://a", "--receivers", "-1", NULL), ERR_FORMAT);
    assert_int_equal(parse("https://a", "--receivers", NULL), ERR_SHORT);
    assert_int_equal(parse("https://a", "--what", NULL), ERR_UNKNOWN);
    assert_string_equal(fault, "--what");
    assert_int_equal(parse("https://a", "https://b", NULL), ERR_UNKNOWN);
    assert_int_equal(parse("film", NULL), ERR_SHORT);
}

static void a_film_is_made_of_ten_seconds_if_nothing_else_is_said(void **state)
{
    (void)state;
    assert_int_equal(parse("film", "out", NULL), ERR_OK);
    assert_int_equal(options.command, OPTIONS_MAKE_FILM);
    assert_string_equal(options.film_path, "out");
    assert_int_equal(options.seconds, 10);
}

/* ---- The verdict ----------------------------------------------------------------------------- */

static struct load_stats passed(void)
{
    struct load_stats stats = {.connected = 11, .seen = 10, .packets = 1000000};
    times_add(&stats.first_frame_us, 100);
    return stats;
}

static void a_test_is_passed_only_when_nothing_is_amiss(void **state)
{
    (void)state;
    struct options asked = {.receivers = 10, .senders = 1, .first_frame_ms = 1000};
    struct load_stats stats = passed();
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_PASSED);
    assert_int_equal(verdict_of(&asked, &stats, 10, 0), VERDICT_NOT_JOINED);
    stats.connected = 10;
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_NOT_JOINED);
    stats = passed();
    assert_int_equal(verdict_of(&asked, &stats, 11, 1), VERDICT_INTERRUPTED);
    stats.seen = 9;
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_NOT_SEEN);
    stats = passed();
    stats.wrong_timestamp = 1;
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_WRONG);
    stats = passed();
    for (int i = 0; i < 19; i++)
        times_add(&stats.first_frame_us, 2000000);
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_SLOW);
    asked.first_frame_ms = 0;
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_PASSED);
}

static void one_lost_packet_fails_unless_loss_is_allowed(void **state)
{
    (void)state;
    struct options asked = {.receivers = 10, .senders = 1};
    struct load_stats stats = passed();
    stats.lost = 1;
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_LOST);
    asked.max_lost_ppm = 1;
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_PASSED);
    stats.lost = 2;
    stats.overflowed = 1;
    assert_int_equal(verdict_of(&asked, &stats, 11, 0), VERDICT_OVERLOADED_HERE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_may_have_a_port_brackets_and_a_slash),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(every_option_finds_its_place),
        cmocka_unit_test(a_fault_names_its_argument),
        cmocka_unit_test(a_film_is_made_of_ten_seconds_if_nothing_else_is_said),
        cmocka_unit_test(a_test_is_passed_only_when_nothing_is_amiss),
        cmocka_unit_test(one_lost_packet_fails_unless_loss_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
