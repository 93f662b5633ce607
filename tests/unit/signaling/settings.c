#include "signaling/core/settings.h"

#include <string.h>

#include "tests/unit/signaling/support.h"

static struct settings SETTINGS;

static int fresh(void **state)
{
    (void)state;
    settings_init(&SETTINGS);
    return 0;
}

static enum err set(const char *section, const char *key, const char *value)
{
    return settings_set(&SETTINGS, bytes_of(section), bytes_of(key), bytes_of(value));
}

static void every_key_has_its_default(void **state)
{
    (void)state;
    assert_int_equal(settings_number(&SETTINGS, SETTING_PORT), 8443);
    assert_string_equal(settings_text(&SETTINGS, SETTING_DATA), "data");
    assert_false(settings_flag(&SETTINGS, SETTING_LOG_DEBUG));
}

static void a_value_of_the_right_kind_is_taken(void **state)
{
    (void)state;
    assert_int_equal(set("server", "port", "0"), ERR_OK);
    assert_int_equal(set("server", "province", "tỉnh Bắc Ninh"), ERR_OK);
    assert_int_equal(set("log", "debug", "yes"), ERR_OK);
    assert_int_equal(settings_number(&SETTINGS, SETTING_PORT), 0);
    assert_string_equal(settings_text(&SETTINGS, SETTING_PROVINCE), "tỉnh Bắc Ninh");
    assert_true(settings_flag(&SETTINGS, SETTING_LOG_DEBUG));
}

static void a_wrong_value_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(set("server", "port", "65536"), ERR_LIMIT);
    assert_int_equal(set("server", "port", "80a"), ERR_FORMAT);
    assert_int_equal(set("server", "port", "-1"), ERR_FORMAT);
    assert_int_equal(set("server", "port", ""), ERR_FORMAT);
    assert_int_equal(set("server", "port", "99999999999999999999"), ERR_FORMAT);
    assert_int_equal(set("log", "debug", "true"), ERR_FORMAT);
    assert_int_equal(set("server", "web", "\xff"), ERR_FORMAT);
    assert_int_equal(settings_number(&SETTINGS, SETTING_PORT), 8443);
    assert_string_equal(settings_text(&SETTINGS, SETTING_WEB), "web/dist");
}

static void a_choice_is_one_of_its_words(void **state)
{
    (void)state;
    assert_int_equal(settings_choice(&SETTINGS, SETTING_CIPHER), 0);
    assert_int_equal(set("media", "cipher", "evp"), ERR_OK);
    assert_int_equal(settings_choice(&SETTINGS, SETTING_CIPHER), 2);
    assert_int_equal(set("media", "cipher", "ipsec"), ERR_FORMAT);
    assert_int_equal(set("media", "cipher", "auto ipsec-mb"), ERR_FORMAT);
    assert_int_equal(set("media", "cipher", ""), ERR_FORMAT);
    assert_int_equal(settings_choice(&SETTINGS, SETTING_CIPHER), 2);
    assert_int_equal(set("media", "cipher", "ipsec-mb"), ERR_OK);
    assert_int_equal(settings_choice(&SETTINGS, SETTING_CIPHER), 1);
}

static void a_key_that_does_not_exist_is_told(void **state)
{
    (void)state;
    assert_int_equal(set("server", "prot", "1"), ERR_UNKNOWN);
    assert_int_equal(set("media", "port", "1"), ERR_UNKNOWN);
}

static void a_text_longer_than_its_place_is_refused(void **state)
{
    (void)state;
    char text[SETTINGS_TEXT_BYTES + 1];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_int_equal(set("server", "data", text), ERR_LIMIT);
}

static void the_example_names_every_key_and_changes_nothing(void **state)
{
    (void)state;
    static uint8_t text[32 * 1024];
    struct wr wr = wr_init(text, sizeof text - 1);
    settings_write_example(&wr);
    assert_false(wr.failed);
    size_t keys = 0;
    for (const char *line = (const char *)text; *line; line += strcspn(line, "\n") + 1) {
        assert_true(line[0] == '#' || line[0] == '[' || line[0] == '\n');
        keys += line[0] == '#' && line[1] != ' ';
    }
    assert_int_equal(keys, SETTING_COUNT);
}

static void an_example_that_does_not_fit_is_noticed(void **state)
{
    (void)state;
    uint8_t text[100];
    struct wr wr = wr_init(text, sizeof text);
    settings_write_example(&wr);
    assert_true(wr.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_key_has_its_default, fresh),
        cmocka_unit_test_setup(a_value_of_the_right_kind_is_taken, fresh),
        cmocka_unit_test_setup(a_wrong_value_is_refused_and_changes_nothing, fresh),
        cmocka_unit_test_setup(a_choice_is_one_of_its_words, fresh),
        cmocka_unit_test_setup(a_key_that_does_not_exist_is_told, fresh),
        cmocka_unit_test_setup(a_text_longer_than_its_place_is_refused, fresh),
        cmocka_unit_test_setup(the_example_names_every_key_and_changes_nothing, fresh),
        cmocka_unit_test_setup(an_example_that_does_not_fit_is_noticed, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
