#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_full_pool_says_so_and_recovers(void **state)
{
    (void)state;
    struct pool pool;
    assert_int_equal(pool_init(&pool, 2), ERR_OK);
    struct handle a, b, c = {77, 77};
    assert_int_equal(pool_take(&pool, &a), ERR_OK);
    assert_int_equal(pool_take(&pool, &b), ERR_OK);
    assert_int_equal(pool_take(&pool, &c), ERR_FULL);
    assert_int_equal(c.index, 77); /* untouched on failure */

    pool_give(&pool, a);
    assert_int_equal(pool_take(&pool, &c), ERR_OK);
    assert_int_equal(c.index, a.index);
    pool_done(&pool);
}

static void a_stale_handle_names_nothing(void **state)
{
    (void)state;
    struct pool pool;
    assert_int_equal(pool_init(&pool, 1), ERR_OK);
    struct handle first, second;
    assert_int_equal(pool_take(&pool, &first), ERR_OK);
    pool_give(&pool, first);
    assert_false(pool_has(&pool, first));
    assert_int_equal(pool_take(&pool, &second), ERR_OK);
    assert_false(pool_has(&pool, first));
    assert_true(pool_has(&pool, second));
    assert_false(handle_equal(first, second));
    pool_done(&pool);
}

static void a_zeroed_handle_names_nothing(void **state)
{
    (void)state;
    struct pool pool;
    assert_int_equal(pool_init(&pool, 1), ERR_OK);
    assert_false(pool_has(&pool, (struct handle){0, 0}));
    assert_false(pool_has(&pool, (struct handle){9, 1}));
    pool_done(&pool);
}

static void walking_meets_every_tenant_once(void **state)
{
    (void)state;
    struct pool pool;
    struct handle handles[4], met;
    assert_int_equal(pool_init(&pool, 4), ERR_OK);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pool_take(&pool, &handles[i]), ERR_OK);
    pool_give(&pool, handles[1]);

    uint32_t count = 0;
    for (uint32_t i = 0; i < pool.capacity; i++)
        if (pool_at(&pool, i, &met)) {
            assert_true(handle_equal(met, handles[i]));
            count++;
        }
    assert_int_equal(count, 3);
    assert_int_equal(pool.taken, 3);
    assert_false(pool_at(&pool, 4, &met));
    pool_done(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_pool_says_so_and_recovers),
        cmocka_unit_test(a_stale_handle_names_nothing),
        cmocka_unit_test(a_zeroed_handle_names_nothing),
        cmocka_unit_test(walking_meets_every_tenant_once),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
