/* Units, users, sessions and certificates: kept, found again, searched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "base/limits.h"
#include "tests/support/meeting_fixture.h"

static void names_are_found_without_marks_and_in_pages(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    const struct directory_unit *units[3];
    const struct directory_user *users[3];
    fixture_open(&f);
    fixture_reopen(&f);
    assert_int_equal(meeting_unit_search(f.service, bytes_of("hoa binh"), 0, 3, units), 1);
    assert_string_equal(units[0]->name, "Xã Hòa Bình");
    assert_int_equal(meeting_unit_search(f.service, bytes_of("ĐÔNG"), 0, 3, units), 1);
    assert_int_equal(meeting_unit_search(f.service, bytes_of(""), 0, 3, units), 3);
    assert_int_equal(meeting_unit_search(f.service, bytes_of(""), units[2]->id, 3, units), 2);
    struct directory_query query = {.text = bytes_of("nhung"), .role = ROLE_COUNT};
    assert_int_equal(meeting_user_search(f.service, &query, 3, users), 1);
    assert_string_equal(users[0]->name, "Lò Thị Nhung");
    query = (struct directory_query){.role = ROLE_LEADER};
    assert_int_equal(meeting_user_search(f.service, &query, 3, users), 1);
    assert_int_equal(users[0]->id, f.chair);
    query = (struct directory_query){.role = ROLE_COUNT, .unit_id = f.communes[2]};
    assert_int_equal(meeting_user_search(f.service, &query, 3, users), 1);
    assert_int_equal(users[0]->id, f.members[2]);
    assert_int_equal(meeting_user_by_login(f.service, bytes_of("thuky"))->id, f.secretary);
    assert_null(meeting_user_by_login(f.service, bytes_of("THUKY")));
    fixture_close(&f);
}

static void what_cannot_be_a_user_is_refused(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    uint64_t id = 0;
    fixture_open(&f);
    struct directory_user good = {.unit_id = f.province,
                                  .roles = 1u << ROLE_CLERK,
                                  .login = "vanthu1",
                                  .password_hash = "$argon2id$…",
                                  .name = "Hồ Thị Mai",
                                  .position = ""};
    struct directory_user user = good;
    user.login = "thuky";
    assert_int_equal(meeting_directory_add_user(f.service, &user, &id), ERR_CONFLICT);
    user = good;
    user.unit_id = 12345;
    assert_int_equal(meeting_directory_add_user(f.service, &user, &id), ERR_UNKNOWN);
    user = good;
    user.name = "\xc3";
    assert_int_equal(meeting_directory_add_user(f.service, &user, &id), ERR_FORMAT);
    assert_int_equal(id, 0);
    assert_int_equal(meeting_directory_add_user(f.service, &good, &id), ERR_OK);
    assert_int_equal(meeting_user_count(f.service), 9);
    fixture_close(&f);
}

static void a_session_lasts_over_a_restart_until_it_ends(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    fixture_open(&f);
    struct session session = {
        .user_id = f.chair, .created_at = f.now, .expires_at = f.now + 1000, .csrf = "abcdef"};
    memset(session.token_hash, 7, sizeof session.token_hash);
    assert_int_equal(meeting_session_put(f.service, &session, f.now), ERR_OK);
    fixture_reopen(&f);
    const struct session *found = meeting_session_get(f.service, session.token_hash, f.now);
    assert_non_null(found);
    assert_int_equal(found->user_id, f.chair);
    assert_string_equal(found->csrf, "abcdef");
    assert_null(meeting_session_get(f.service, session.token_hash, f.now + 1000));
    meeting_session_delete(f.service, session.token_hash);
    assert_null(meeting_session_get(f.service, session.token_hash, f.now));
    fixture_reopen(&f);
    assert_null(meeting_session_get(f.service, session.token_hash, f.now));
    fixture_close(&f);
}

static void certificates_are_bounded_and_found_by_serial_and_owner(void **unused)
{
    (void)unused;
    struct meeting_fixture f;
    fixture_open(&f);
    struct certificate certificate = {.serial = "0a",
                                      .user_id = f.chair,
                                      .not_after = f.now + 1,
                                      .der = bytes_of("not really DER")};
    assert_int_equal(meeting_certificate_add(f.service, &certificate), ERR_OK);
    assert_int_equal(meeting_certificate_add(f.service, &certificate), ERR_CONFLICT);
    fixture_reopen(&f);
    uint32_t cursor = 0;
    const struct certificate *found = meeting_certificate_next(f.service, f.chair, &cursor);
    assert_string_equal(found->serial, "0a");
    assert_true(bytes_equal(found->der, certificate.der));
    assert_null(meeting_certificate_next(f.service, f.chair, &cursor));
    assert_null(meeting_certificate_find(f.service, "0b"));
    enum err err = ERR_OK;
    for (int i = 1; err == ERR_OK; i++) {
        certificate.serial[0] = (char)('a' + i / 26);
        certificate.serial[1] = (char)('a' + i % 26);
        err = meeting_certificate_add(f.service, &certificate);
        assert_true(i <= LIMIT_CERTIFICATES_PER_USER);
    }
    assert_int_equal(err, ERR_LIMIT);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_without_marks_and_in_pages),
        cmocka_unit_test(what_cannot_be_a_user_is_refused),
        cmocka_unit_test(a_session_lasts_over_a_restart_until_it_ends),
        cmocka_unit_test(certificates_are_bounded_and_found_by_serial_and_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
