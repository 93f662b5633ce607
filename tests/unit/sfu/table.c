#include "sfu/core/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void what_was_put_in_is_found_until_it_is_taken_out(void **state)
{
    (void)state;
    struct table table;
    uint32_t value;
    assert_int_equal(table_init(&table, 100), ERR_OK);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(table_put(&table, table_hash(7, i, 0), i), ERR_OK);
    for (uint32_t i = 0; i < 100; i++) {
        struct table_walk walk = {0};
        assert_true(table_next(&table, table_hash(7, i, 0), &walk, &value));
        assert_int_equal(value, i);
        assert_true(table_remove(&table, table_hash(7, i, 0), i));
        assert_false(table_remove(&table, table_hash(7, i, 0), i));
    }
    assert_int_equal(table.count, 0);
    table_done(&table);
}

static void a_full_table_says_so(void **state)
{
    (void)state;
    struct table table;
    assert_int_equal(table_init(&table, 2), ERR_OK);
    assert_int_equal(table_put(&table, 1, 1), ERR_OK);
    assert_int_equal(table_put(&table, 2, 2), ERR_OK);
    assert_int_equal(table_put(&table, 3, 3), ERR_FULL);
    table_done(&table);
}

static void values_of_one_hash_are_all_found(void **state)
{
    (void)state;
    struct table table;
    uint32_t value;
    uint32_t sum = 0;
    assert_int_equal(table_init(&table, 8), ERR_OK);
    for (uint32_t i = 1; i <= 4; i++)
        assert_int_equal(table_put(&table, 0, i), ERR_OK);
    struct table_walk walk = {0};
    while (table_next(&table, 0, &walk, &value))
        sum += value;
    assert_int_equal(sum, 10);
    table_done(&table);
}

static void removing_from_a_crowd_loses_nobody(void **state)
{
    (void)state;
    struct table table;
    uint32_t value;
    assert_int_equal(table_init(&table, 8), ERR_OK);
    /* Homes 14, 15, 15, 0, 14 of 16 places: the run wraps around the end. */
    static const uint64_t hashes[] = {14, 15, 31, 16, 30};
    for (uint32_t gone = 0; gone < 5; gone++) {
        for (uint32_t i = 0; i < 5; i++)
            assert_int_equal(table_put(&table, hashes[i], i), ERR_OK);
        assert_true(table_remove(&table, hashes[gone], gone));
        for (uint32_t i = 0; i < 5; i++) {
            struct table_walk walk = {0};
            assert_int_equal(table_next(&table, hashes[i], &walk, &value), i != gone);
            if (i != gone)
                assert_true(table_remove(&table, hashes[i], i));
        }
        assert_int_equal(table.count, 0);
    }
    table_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_in_is_found_until_it_is_taken_out),
        cmocka_unit_test(a_full_table_says_so),
        cmocka_unit_test(values_of_one_hash_are_all_found),
        cmocka_unit_test(removing_from_a_crowd_loses_nobody),
    };
    return cmocka_run_group_tests_name("sfu table", tests, NULL, NULL);
}
