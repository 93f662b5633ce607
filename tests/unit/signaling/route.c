#include "signaling/core/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tests/unit/signaling/support.h"

static struct route_match find(enum http_method method, const char *path)
{
    struct route_match match;
    route_find(method, bytes_of(path), &match);
    return match;
}

static void a_path_is_found_with_its_id(void **state)
{
    (void)state;
    struct route_match match = find(HTTP_GET, "/api/v1/meetings/4294967512");
    assert_int_equal(match.route, ROUTE_MEETING);
    assert_int_equal(match.access, ROUTE_READER);
    assert_true(match.id == UINT64_C(4294967512));
}

static void an_id_is_a_positive_63_bit_number(void **state)
{
    (void)state;
    static const char *const NOT_IDS[] = {"0",  "-1", "01", "9223372036854775808", "1a", "",
                                          " 1", "+1", "1.0"};
    for (size_t n = 0; n < sizeof NOT_IDS / sizeof NOT_IDS[0]; n++) {
        char path[64];
        snprintf(path, sizeof path, "/api/v1/meetings/%s", NOT_IDS[n]);
        assert_int_equal(find(HTTP_GET, path).route, ROUTE_NONE);
    }
    assert_int_equal(find(HTTP_GET, "/api/v1/meetings/9223372036854775807").route, ROUTE_MEETING);
}

static void whoever_changes_a_line_test_shows_the_sessions_token(void **state)
{
    (void)state;
    assert_int_equal(find(HTTP_POST, "/api/v1/line-tests").access, ROUTE_CHANGER);
    assert_int_equal(find(HTTP_DELETE, "/api/v1/line-tests/7").access, ROUTE_CHANGER);
    struct route_match match = find(HTTP_GET, "/api/v1/line-tests/7");
    assert_int_equal(match.route, ROUTE_LINE_TEST);
    assert_int_equal(match.access, ROUTE_READER);
    assert_true(find(HTTP_GET, "/api/v1/line-tests").method_refused);
}

static void a_token_is_borrowed_from_the_path(void **state)
{
    (void)state;
    struct route_match match = find(HTTP_PUT, "/api/v1/meetings/7/uploads/00ff-_Az");
    assert_int_equal(match.route, ROUTE_UPLOAD_PUT);
    assert_true(match.id == 7);
    assert_true(bytes_equal(match.token, bytes_of("00ff-_Az")));
}

static void a_token_has_no_strange_letters_and_an_end(void **state)
{
    (void)state;
    char path[300] = "/api/v1/verify/";
    assert_int_equal(find(HTTP_GET, "/api/v1/verify/a.b").route, ROUTE_NONE);
    assert_int_equal(find(HTTP_GET, "/api/v1/verify/a%2fb").route, ROUTE_NONE);
    memset(path + strlen(path), 'A', 129);
    assert_int_equal(find(HTTP_GET, path).route, ROUTE_NONE);
}

static void another_method_is_told_from_no_path(void **state)
{
    (void)state;
    assert_true(find(HTTP_DELETE, "/api/v1/meetings/7").method_refused);
    assert_true(find(HTTP_POST, "/").method_refused);
    assert_false(find(HTTP_GET, "/api/v1/nothing").method_refused);
    assert_false(find(HTTP_DELETE, "/api/v1/nothing").method_refused);
}

static void head_is_answered_like_get(void **state)
{
    (void)state;
    assert_int_equal(find(HTTP_HEAD, "/api/v1/meetings/7").route, ROUTE_MEETING);
}

static void what_is_not_ours_is_the_clients(void **state)
{
    (void)state;
    assert_int_equal(find(HTTP_GET, "/").route, ROUTE_STATIC);
    assert_int_equal(find(HTTP_GET, "/v/ABCDEFGHABCDEFGH").route, ROUTE_STATIC);
    assert_int_equal(find(HTTP_GET, "/api/v1").route, ROUTE_NONE);
    assert_int_equal(find(HTTP_GET, "/whip/1/2/3").route, ROUTE_NONE);
    assert_int_equal(find(HTTP_GET, "").route, ROUTE_NONE);
}

static void what_the_authority_answers_is_for_anybody_and_no_page(void **state)
{
    (void)state;
    static const char IN_PATH[] = "/pki/ocsp/MEMwQTA/+M0w=";
    struct route_match match = find(HTTP_GET, IN_PATH);
    assert_int_equal(match.route, ROUTE_PKI_OCSP_GET);
    assert_int_equal(match.access, ROUTE_PUBLIC);
    assert_true(bytes_equal(match.token, bytes_of("MEMwQTA/+M0w=")));
    assert_int_equal(find(HTTP_GET, "/pki/crl").route, ROUTE_PKI_CRL);
    assert_int_equal(find(HTTP_POST, "/pki/ocsp").body, ROUTE_BODY_OCSP);
    assert_int_equal(find(HTTP_POST, "/tsa").body, ROUTE_BODY_TSA);
    assert_int_equal(find(HTTP_GET, "/pki/ocsp/").route, ROUTE_NONE);
    assert_int_equal(find(HTTP_GET, "/pki/index.html").route, ROUTE_NONE);
    match = find(HTTP_GET, "/tsa");
    assert_int_equal(match.route, ROUTE_NONE);
    assert_true(match.method_refused);
}

static void every_change_but_logging_in_and_verifying_needs_a_session_and_csrf(void **state)
{
    (void)state;
    static const struct {
        enum http_method method;
        const char *path;
    } CHANGES[] = {
        {HTTP_DELETE, "/api/v1/session"},
        {HTTP_POST, "/api/v1/meetings"},
        {HTTP_POST, "/api/v1/meetings/1/commands"},
        {HTTP_PUT, "/api/v1/meetings/1/uploads/ab"},
        {HTTP_POST, "/api/v1/keys"},
        {HTTP_POST, "/api/v1/meetings/1/minutes/signatures"},
        {HTTP_POST, "/api/v1/signing/1"},
        {HTTP_POST, "/api/v1/meetings/1/seat-tokens"},
    };
    for (size_t n = 0; n < sizeof CHANGES / sizeof CHANGES[0]; n++)
        assert_int_equal(find(CHANGES[n].method, CHANGES[n].path).access, ROUTE_CHANGER);
    assert_int_equal(find(HTTP_POST, "/api/v1/session").access, ROUTE_OWN);
    assert_int_equal(find(HTTP_POST, "/api/v1/verify").access, ROUTE_OWN);
    assert_int_equal(find(HTTP_POST, "/api/v1/verify").body, ROUTE_BODY_VERIFY);
}

/* Whatever a path is cut to, it is judged without reading past it (the copy has no terminator). */
static void every_truncation_is_judged(void **state)
{
    (void)state;
    static const char WHOLE[] = "/api/v1/meetings/4294967512/uploads/0123456789abcdef";
    for (size_t size = 0; size < sizeof WHOLE; size++) {
        struct route_match match;
        uint8_t *copy = malloc(size ? size : 1);
        assert_non_null(copy);
        memcpy(copy, WHOLE, size);
        route_find(HTTP_GET, (struct bytes){copy, size}, &match);
        if (match.route == ROUTE_UPLOAD_GET)
            assert_true(size > sizeof "/api/v1/meetings/4294967512/uploads/" - 1);
        free(copy);
    }
}

static void each_kind_of_body_has_its_bound(void **state)
{
    (void)state;
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_NONE), 0);
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_JSON), LIMIT_JSON_BYTES);
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_SDP), LIMIT_SDP_BYTES);
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_PART), LIMIT_UPLOAD_PART_BYTES);
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_FILE), LIMIT_DOCUMENT_BYTES);
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_VERIFY), LIMIT_VERIFY_BYTES);
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_OCSP), LIMIT_OCSP_REQUEST_BYTES);
    assert_int_equal(route_body_limit_bytes(ROUTE_BODY_TSA), LIMIT_TSA_REQUEST_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_found_with_its_id),
        cmocka_unit_test(an_id_is_a_positive_63_bit_number),
        cmocka_unit_test(whoever_changes_a_line_test_shows_the_sessions_token),
        cmocka_unit_test(a_token_is_borrowed_from_the_path),
        cmocka_unit_test(a_token_has_no_strange_letters_and_an_end),
        cmocka_unit_test(another_method_is_told_from_no_path),
        cmocka_unit_test(head_is_answered_like_get),
        cmocka_unit_test(what_is_not_ours_is_the_clients),
        cmocka_unit_test(what_the_authority_answers_is_for_anybody_and_no_page),
        cmocka_unit_test(every_change_but_logging_in_and_verifying_needs_a_session_and_csrf),
        cmocka_unit_test(every_truncation_is_judged),
        cmocka_unit_test(each_kind_of_body_has_its_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
