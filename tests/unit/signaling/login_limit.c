#include "signaling/core/login_limit.h"

#include "tests/unit/signaling/support.h"

static struct login_limit *limit_new(void)
{
    struct login_limit *limit = NULL;
    assert_int_equal(login_limit_create(42, &limit), ERR_OK);
    return limit;
}

static usec_t wait_of(struct login_limit *limit, const char *account, const char *peer, usec_t now)
{
    return login_limit_wait_us(limit, bytes_of(account), bytes_of(peer), now);
}

static void mistake(struct login_limit *limit, const char *account, const char *peer, usec_t now)
{
    login_limit_on_failure(limit, bytes_of(account), bytes_of(peer), now);
}

static void the_first_mistakes_cost_nothing(void **state)
{
    (void)state;
    struct login_limit *limit = limit_new();
    for (int n = 0; n < LOGIN_LIMIT_FREE_TRIES; n++) {
        assert_true(wait_of(limit, "chutich", "a", 100) == 0);
        mistake(limit, "chutich", "a", 100);
    }
    assert_true(wait_of(limit, "chutich", "a", 100) == 0);
    login_limit_destroy(limit);
}

static void each_further_mistake_doubles_the_pause_until_the_lock(void **state)
{
    (void)state;
    struct login_limit *limit = limit_new();
    static const usec_t SECONDS[] = {
        0, 0, 1, 2, LOGIN_LIMIT_LOCK_SECONDS, LOGIN_LIMIT_LOCK_SECONDS};
    for (size_t n = 0; n < sizeof SECONDS / sizeof SECONDS[0]; n++) {
        mistake(limit, "thuky", "a", 5);
        assert_true(wait_of(limit, "thuky", "a", 5) == SECONDS[n] * USEC_PER_SEC);
    }
    usec_t later = 5 + LOGIN_LIMIT_LOCK_SECONDS * USEC_PER_SEC;
    assert_true(wait_of(limit, "thuky", "a", later) == 0);
    login_limit_destroy(limit);
}

static void guessing_from_elsewhere_never_locks_the_owner_out(void **state)
{
    (void)state;
    struct login_limit *limit = limit_new();
    for (int n = 0; n < 50; n++)
        mistake(limit, "chutich", "attacker", 5);
    assert_true(wait_of(limit, "chutich", "office", 5) == 0);
    assert_true(wait_of(limit, "thuky", "attacker", 5) == 0);
    login_limit_destroy(limit);
}

static void success_forgets(void **state)
{
    (void)state;
    struct login_limit *limit = limit_new();
    for (int n = 0; n < 4; n++)
        mistake(limit, "xa01", "a", 5);
    login_limit_on_success(limit, bytes_of("xa01"), bytes_of("a"));
    assert_true(wait_of(limit, "xa01", "a", 5) == 0);
    mistake(limit, "xa01", "a", 5);
    assert_true(wait_of(limit, "xa01", "a", 5) == 0);
    login_limit_destroy(limit);
}

static void half_an_hour_forgets_too(void **state)
{
    (void)state;
    struct login_limit *limit = limit_new();
    for (int n = 0; n < 5; n++)
        mistake(limit, "xa01", "a", 5);
    usec_t later = 5 + LOGIN_LIMIT_FORGET_SECONDS * USEC_PER_SEC;
    mistake(limit, "xa01", "a", later);
    assert_true(wait_of(limit, "xa01", "a", later) == 0);
    login_limit_destroy(limit);
}

static void account_and_address_are_not_run_together(void **state)
{
    (void)state;
    struct login_limit *limit = limit_new();
    for (int n = 0; n < 5; n++)
        mistake(limit, "ab", "c", 5);
    assert_true(wait_of(limit, "a", "bc", 5) == 0);
    login_limit_destroy(limit);
}

static void a_flood_of_names_keeps_to_the_table(void **state)
{
    (void)state;
    struct login_limit *limit = limit_new();
    char name[32];
    for (int n = 0; n < 4 * LOGIN_LIMIT_ENTRIES; n++) {
        snprintf(name, sizeof name, "name-%d", n);
        mistake(limit, name, "a", (usec_t)n);
    }
    usec_t now = 4 * LOGIN_LIMIT_ENTRIES;
    for (int n = 0; n < 3; n++)
        mistake(limit, name, "a", now);
    assert_true(wait_of(limit, name, "a", now) > 0);
    login_limit_destroy(limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_mistakes_cost_nothing),
        cmocka_unit_test(each_further_mistake_doubles_the_pause_until_the_lock),
        cmocka_unit_test(guessing_from_elsewhere_never_locks_the_owner_out),
        cmocka_unit_test(success_forgets),
        cmocka_unit_test(half_an_hour_forgets_too),
        cmocka_unit_test(account_and_address_are_not_run_together),
        cmocka_unit_test(a_flood_of_names_keeps_to_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
