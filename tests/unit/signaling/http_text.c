#include "signaling/core/http_text.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/signaling/support.h"

static enum err cookie(const char *header, const char *want)
{
    struct bytes value = {0};
    enum err err = http_text_cookie(bytes_of(header), "id", &value);
    if (err == ERR_OK)
        assert_true(bytes_equal(value, bytes_of(want)));
    return err;
}

static void a_cookie_is_found_among_others(void **state)
{
    (void)state;
    assert_int_equal(cookie("id=abc", "abc"), ERR_OK);
    assert_int_equal(cookie("a=1; id=abc;b=2", "abc"), ERR_OK);
    assert_int_equal(cookie("id=", ""), ERR_OK);
    assert_int_equal(cookie("xid=abc; idx=1; id", ""), ERR_UNKNOWN);
    assert_int_equal(cookie("", ""), ERR_UNKNOWN);
}

static void a_cookie_set_twice_is_no_cookie(void **state)
{
    (void)state;
    assert_int_equal(cookie("id=mine; id=planted", ""), ERR_CONFLICT);
}

static bool is_own(const char *origin, const char *host)
{
    return http_text_is_own_origin(bytes_of(origin), bytes_of(host));
}

static void only_our_own_origin_is_ours(void **state)
{
    (void)state;
    assert_true(is_own("https://hop.tinh.vn", "hop.tinh.vn"));
    assert_true(is_own("https://HOP.tinh.vn:8443", "hop.tinh.vn:8443"));
    assert_false(is_own("http://hop.tinh.vn", "hop.tinh.vn"));
    assert_false(is_own("https://hop.tinh.vn.evil.vn", "hop.tinh.vn"));
    assert_false(is_own("https://hop.tinh.vn:8443", "hop.tinh.vn"));
    assert_false(is_own("null", "null"));
    assert_false(is_own("", ""));
    assert_false(is_own("https://", ""));
}

static void range(const char *header, uint64_t size, enum err want, uint64_t first, uint64_t end)
{
    uint64_t got_first = 0, got_end = 0;
    assert_int_equal(http_text_range(bytes_of(header), size, &got_first, &got_end), want);
    assert_true(got_first == first && got_end == end);
}

static void one_range_is_given(void **state)
{
    (void)state;
    range("bytes=0-99", 1000, ERR_OK, 0, 100);
    range("bytes=100-", 1000, ERR_OK, 100, 1000);
    range("bytes=-50", 1000, ERR_OK, 950, 1000);
    range("bytes=-5000", 1000, ERR_OK, 0, 1000);
    range("bytes=990-2000", 1000, ERR_OK, 990, 1000);
    range("bytes=999-999", 1000, ERR_OK, 999, 1000);
}

static void a_range_outside_the_file_is_told(void **state)
{
    (void)state;
    range("bytes=1000-", 1000, ERR_LIMIT, 0, 0);
    range("bytes=-0", 1000, ERR_LIMIT, 0, 0);
    range("bytes=0-", 0, ERR_LIMIT, 0, 0);
}

static void whatever_else_means_the_whole_file(void **state)
{
    (void)state;
    static const char *const OTHERS[] = {
        "",          "bytes=",    "bytes=-",       "bytes=a-b",
        "bytes=9-1", "items=0-1", "bytes=0-1,5-6", "bytes=0-99999999999999999999"};
    for (size_t n = 0; n < sizeof OTHERS / sizeof OTHERS[0]; n++)
        range(OTHERS[n], 1000, ERR_UNSUPPORTED, 0, 0);
}

static void encodings_are_accepted_with_a_weight(void **state)
{
    (void)state;
    assert_true(http_text_accepts(bytes_of("gzip, deflate, br"), "br"));
    assert_true(http_text_accepts(bytes_of("BR;q=0.5"), "br"));
    assert_false(http_text_accepts(bytes_of("br;q=0, gzip"), "br"));
    assert_false(http_text_accepts(bytes_of("br; q=0.000"), "br"));
    assert_false(http_text_accepts(bytes_of("brotli"), "br"));
    assert_false(http_text_accepts(bytes_of(""), "br"));
}

static void an_entity_tag_is_known_strong_or_weak(void **state)
{
    (void)state;
    assert_true(http_text_has_etag(bytes_of("\"a\", W/\"b\""), "\"b\""));
    assert_true(http_text_has_etag(bytes_of("*"), "\"b\""));
    assert_false(http_text_has_etag(bytes_of("\"bb\""), "\"b\""));
}

static void a_bearer_token_stands_alone(void **state)
{
    (void)state;
    struct bytes token;
    assert_int_equal(http_text_bearer(bytes_of("bearer  abc "), &token), ERR_OK);
    assert_true(bytes_equal(token, bytes_of("abc")));
    assert_int_equal(http_text_bearer(bytes_of("Bearer a b"), &token), ERR_FORMAT);
    assert_int_equal(http_text_bearer(bytes_of("Bearer"), &token), ERR_FORMAT);
    assert_int_equal(http_text_bearer(bytes_of("Basic abc"), &token), ERR_FORMAT);
    assert_int_equal(http_text_bearer(bytes_of(""), &token), ERR_FORMAT);
}

static void a_media_type_is_judged_without_its_parameters(void **state)
{
    (void)state;
    assert_true(http_text_is_type(bytes_of("Application/JSON; charset=utf-8"), "application/json"));
    assert_false(http_text_is_type(bytes_of("application/jsonx"), "application/json"));
    assert_false(http_text_is_type(bytes_of(""), "application/json"));
}

/* Each text, cut anywhere, in memory of exactly its size: a sanitizer sees a step too far. */
static void every_truncation_is_judged(void **state)
{
    (void)state;
    static const char *const WHOLE[] = {"a=1; id=abc; b=2",   "bytes=100-200",
                                        "gzip;q=0.5, br;q=0", "W/\"abc\", \"def\"",
                                        "Bearer abcdef",      "https://hop.tinh.vn:8443"};
    for (size_t n = 0; n < sizeof WHOLE / sizeof WHOLE[0]; n++)
        for (size_t size = 0; size <= strlen(WHOLE[n]); size++) {
            uint8_t *copy = malloc(size ? size : 1);
            assert_non_null(copy);
            memcpy(copy, WHOLE[n], size);
            struct bytes header = {copy, size}, value;
            uint64_t first, end;
            enum err errs[] = {http_text_cookie(header, "id", &value),
                               http_text_range(header, 300, &first, &end),
                               http_text_bearer(header, &value)};
            assert_true(errs[0] <= ERR_IO && errs[1] <= ERR_IO && errs[2] <= ERR_IO);
            assert_false(http_text_has_etag(header, "\"x\""));
            assert_false(http_text_is_own_origin(header, bytes_of("other")));
            (void)http_text_accepts(header, "br");
            free(copy);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cookie_is_found_among_others),
        cmocka_unit_test(a_cookie_set_twice_is_no_cookie),
        cmocka_unit_test(only_our_own_origin_is_ours),
        cmocka_unit_test(one_range_is_given),
        cmocka_unit_test(a_range_outside_the_file_is_told),
        cmocka_unit_test(whatever_else_means_the_whole_file),
        cmocka_unit_test(encodings_are_accepted_with_a_weight),
        cmocka_unit_test(an_entity_tag_is_known_strong_or_weak),
        cmocka_unit_test(a_bearer_token_stands_alone),
        cmocka_unit_test(a_media_type_is_judged_without_its_parameters),
        cmocka_unit_test(every_truncation_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
