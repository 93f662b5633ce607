/* When a paper needs more proofs, and when that is tried again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "meeting/edge/paper/preserve.h"

#define NOW INT64_C(1795413600000)

static void a_signature_with_its_timestamp_waits_for_the_others(void **state)
{
    (void)state;
    struct preserve_facts facts = {.unarchived = 1};
    assert_int_equal(preserve_needs(&facts, NOW), PRESERVE_NOTHING);
    assert_true(preserve_due_at(&facts, NOW) == INT64_MAX);
    facts.ended = true;
    assert_int_equal(preserve_needs(&facts, NOW), PRESERVE_ARCHIVE);
    assert_true(preserve_due_at(&facts, NOW) == NOW);
}

static void a_signature_without_a_timestamp_waits_for_nobody(void **state)
{
    (void)state;
    struct preserve_facts facts = {.untimed = 1, .unarchived = 1};
    assert_int_equal(preserve_needs(&facts, NOW), PRESERVE_ARCHIVE);
}

static void the_last_timestamp_is_renewed_ninety_days_before_it_ends(void **state)
{
    (void)state;
    utc_ms_t end = NOW + 400 * PRESERVE_DAY_MS;
    utc_ms_t due = end - PRESERVE_RENEW_DAYS * PRESERVE_DAY_MS;
    struct preserve_facts facts = {.ended = true, .stamp_ends_at = end};
    assert_int_equal(preserve_needs(&facts, NOW), PRESERVE_NOTHING);
    assert_true(preserve_due_at(&facts, NOW) == due);
    assert_int_equal(preserve_needs(&facts, due - 1), PRESERVE_NOTHING);
    assert_int_equal(preserve_needs(&facts, due), PRESERVE_RENEW);
}

static void failures_are_retried_ever_more_rarely_but_at_least_hourly(void **state)
{
    (void)state;
    static const int64_t minutes[] = {1, 2, 4, 8, 16, 32, 60, 60};
    struct preserve_facts facts = {.untimed = 1, .tried_at = NOW};
    for (uint32_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        facts.failures = i + 1;
        assert_true(preserve_due_at(&facts, NOW) == NOW + minutes[i] * 60000);
    }
    facts.failures = UINT32_MAX;
    assert_true(preserve_due_at(&facts, NOW) == NOW + PRESERVE_RETRY_MOST_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_with_its_timestamp_waits_for_the_others),
        cmocka_unit_test(a_signature_without_a_timestamp_waits_for_nobody),
        cmocka_unit_test(the_last_timestamp_is_renewed_ninety_days_before_it_ends),
        cmocka_unit_test(failures_are_retried_ever_more_rarely_but_at_least_hourly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
