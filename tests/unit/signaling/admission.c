#include "signaling/core/admission.h"

#include "tests/unit/signaling/support.h"

enum { START = 1000000 };

static struct admission fresh(void)
{
    struct admission admission;
    admission_init(&admission, START);
    return admission;
}

static void a_single_join_is_worked_on_at_once(void **state)
{
    (void)state;
    struct admission admission = fresh();
    assert_true(admission_is_open(&admission, START));
    admission_on_join(&admission, START, START + 400);
    assert_true(admission_is_open(&admission, START + 400));
}

static void a_storm_gets_its_share_and_no_more(void **state)
{
    (void)state;
    struct admission admission = fresh();
    usec_t now = START, work = 0;
    while (now < START + 10 * USEC_PER_SEC) {
        if (!admission_is_open(&admission, now)) {
            now = admission_next(&admission, now);
            continue;
        }
        admission_on_join(&admission, now, now + 700);
        now += 700;
        work += 700;
    }
    usec_t share = work * 100 / (now - START);
    assert_in_range(share, ADMISSION_SHARE_PERCENT - 1, ADMISSION_SHARE_PERCENT + 1);
}

static void one_long_join_is_paid_for(void **state)
{
    (void)state;
    struct admission admission = fresh();
    admission_on_join(&admission, START, START + 60000);
    assert_false(admission_is_open(&admission, START + 60000));
    assert_true(admission_next(&admission, START + 60000) == START + 100000);
    assert_true(admission_is_open(&admission, START + 100000));
}

static void joins_with_pauses_between_them_never_wait(void **state)
{
    (void)state;
    struct admission admission = fresh();
    for (usec_t now = START; now < START + USEC_PER_SEC; now += 4000) {
        assert_true(admission_is_open(&admission, now));
        admission_on_join(&admission, now, now + 1000);
    }
}

static void the_wait_grows_with_those_ahead(void **state)
{
    (void)state;
    struct admission admission = fresh();
    usec_t now = START;
    for (int n = 0; n < 200; n++) {
        now = admission_next(&admission, now);
        admission_on_join(&admission, now, now + 600);
        now += 600;
    }
    now = admission_next(&admission, now);
    assert_true(admission_wait_us(&admission, 0, now) == 0);
    usec_t wait = admission_wait_us(&admission, 1000, now);
    assert_in_range(wait, 950000, 1050000); /* 600 µs of work are 60 % of a millisecond */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_join_is_worked_on_at_once),
        cmocka_unit_test(a_storm_gets_its_share_and_no_more),
        cmocka_unit_test(one_long_join_is_paid_for),
        cmocka_unit_test(joins_with_pauses_between_them_never_wait),
        cmocka_unit_test(the_wait_grows_with_those_ahead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
