#include "signaling/core/bucket.h"

#include "tests/unit/signaling/support.h"

static void a_full_bucket_gives_its_burst_and_no_more(void **state)
{
    (void)state;
    struct bucket bucket = bucket_init(3, 1, 1000);
    for (int n = 0; n < 3; n++)
        assert_true(bucket_take(&bucket, 1000));
    assert_false(bucket_take(&bucket, 1000));
}

static void it_refills_at_its_rate(void **state)
{
    (void)state;
    struct bucket bucket = bucket_init(1, 4, 0);
    assert_true(bucket_take(&bucket, 0));
    assert_false(bucket_take(&bucket, USEC_PER_SEC / 4 - 1));
    assert_true(bucket_take(&bucket, USEC_PER_SEC / 4));
}

static void it_tells_how_long_to_wait(void **state)
{
    (void)state;
    struct bucket bucket = bucket_init(1, 2, 0);
    assert_true(bucket_wait_us(&bucket, 0) == 0);
    assert_true(bucket_take(&bucket, 0));
    usec_t wait = bucket_wait_us(&bucket, 0);
    assert_true(wait == USEC_PER_SEC / 2);
    assert_true(bucket_take(&bucket, wait));
}

static void without_a_rate_it_never_refills(void **state)
{
    (void)state;
    struct bucket bucket = bucket_init(1, 0, 0);
    assert_true(bucket_take(&bucket, 0));
    assert_true(bucket_wait_us(&bucket, 0) == USEC_NEVER);
    assert_false(bucket_take(&bucket, UINT64_C(1) << 62));
}

static void a_year_of_silence_does_not_overflow_it(void **state)
{
    (void)state;
    struct bucket bucket = bucket_init(2, UINT32_MAX, 0);
    assert_true(bucket_take(&bucket, 0));
    assert_true(bucket_take(&bucket, UINT64_C(1) << 62));
    assert_true(bucket_take(&bucket, UINT64_C(1) << 62));
    assert_false(bucket_take(&bucket, UINT64_C(1) << 62));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_bucket_gives_its_burst_and_no_more),
        cmocka_unit_test(it_refills_at_its_rate),
        cmocka_unit_test(it_tells_how_long_to_wait),
        cmocka_unit_test(without_a_rate_it_never_refills),
        cmocka_unit_test(a_year_of_silence_does_not_overflow_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
