#include "signaling/core/source_table.h"

#include "tests/unit/signaling/support.h"

enum { MANY = 5000 };

static char VALUES[MANY];

static void a_source_is_found_by_its_number(void **state)
{
    (void)state;
    struct source_table table = {0};
    assert_null(source_table_get(&table, 1));
    /* 7 is a generator of the numbers below 5003, a prime: every one once, in no order. */
    for (uint32_t n = 0, source = 1; n < MANY; n++, source = source * 7 % 5003)
        assert_int_equal(source_table_put(&table, source, &VALUES[n]), ERR_OK);
    uint32_t known = table.count;
    for (uint32_t n = 1; n < known; n++)
        assert_true(table.entries[n - 1].source < table.entries[n].source);
    for (uint32_t n = 0; n < known; n++)
        assert_ptr_equal(source_table_get(&table, table.entries[n].source), table.entries[n].value);
    assert_null(source_table_get(&table, 0));
    assert_null(source_table_get(&table, UINT32_MAX));
    source_table_done(&table);
}

static void the_newest_keeps_the_source(void **state)
{
    (void)state;
    struct source_table table = {0};
    assert_int_equal(source_table_put(&table, 5, &VALUES[0]), ERR_OK);
    assert_int_equal(source_table_put(&table, 5, &VALUES[1]), ERR_OK);
    assert_int_equal(table.count, 1);
    source_table_remove(&table, 5, &VALUES[0]);
    assert_ptr_equal(source_table_get(&table, 5), &VALUES[1]);
    source_table_remove(&table, 5, &VALUES[1]);
    assert_null(source_table_get(&table, 5));
    source_table_done(&table);
}

static void the_others_stay_when_one_is_removed(void **state)
{
    (void)state;
    struct source_table table = {0};
    for (uint32_t source = 1; source <= 40; source++)
        assert_int_equal(source_table_put(&table, source, &VALUES[source]), ERR_OK);
    for (uint32_t source = 2; source <= 40; source += 2)
        source_table_remove(&table, source, &VALUES[source]);
    for (uint32_t source = 1; source <= 40; source++)
        assert_ptr_equal(source_table_get(&table, source),
                         source % 2 ? (void *)&VALUES[source] : NULL);
    source_table_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_is_found_by_its_number),
        cmocka_unit_test(the_newest_keeps_the_source),
        cmocka_unit_test(the_others_stay_when_one_is_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
