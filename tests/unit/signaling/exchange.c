#include "signaling/core/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/signaling/support.h"

enum { NOW = 1000 };

static struct exchange terms(uint64_t user, uint8_t token)
{
    struct exchange one = {.user_id = user, .meeting = 7};
    memset(one.fetch_hash, token, sizeof one.fetch_hash);
    memset(one.return_hash, token + 1, sizeof one.return_hash);
    return one;
}

static struct exchange *fetch(struct exchange_table *table, uint8_t token, utc_ms_t now)
{
    uint8_t hash[EXCHANGE_HASH_BYTES];
    memset(hash, token, sizeof hash);
    return exchange_fetch(table, hash, now);
}

static struct exchange *give_back(struct exchange_table *table, uint8_t token, utc_ms_t now)
{
    uint8_t hash[EXCHANGE_HASH_BYTES];
    memset(hash, token, sizeof hash);
    return exchange_return(table, hash, now);
}

static void each_token_is_good_once_and_in_its_order(void **state)
{
    (void)state;
    struct exchange_table *table = calloc(1, sizeof *table);
    struct exchange asked = terms(1, 10);
    const struct exchange *one = exchange_open(table, &asked, NOW);
    assert_non_null(one);
    assert_null(give_back(table, 11, NOW)); /* not before it was fetched */
    assert_null(fetch(table, 11, NOW));     /* nor by the other token */
    assert_ptr_equal(fetch(table, 10, NOW), one);
    assert_null(fetch(table, 10, NOW));
    assert_ptr_equal(give_back(table, 11, NOW), one);
    assert_null(give_back(table, 11, NOW));
    free(table);
}

static void a_token_ends_with_its_time(void **state)
{
    (void)state;
    struct exchange_table *table = calloc(1, sizeof *table);
    struct exchange asked = terms(1, 10);
    assert_non_null(exchange_open(table, &asked, NOW));
    assert_null(fetch(table, 10, NOW + EXCHANGE_LIFETIME_MS));
    assert_non_null(fetch(table, 10, NOW + EXCHANGE_LIFETIME_MS - 1));
    assert_null(give_back(table, 11, NOW + EXCHANGE_LIFETIME_MS));
    free(table);
}

static void a_person_has_one_exchange_and_nobody_else_sees_it(void **state)
{
    (void)state;
    struct exchange_table *table = calloc(1, sizeof *table);
    struct exchange first = terms(1, 10), second = terms(1, 20);
    uint64_t id = exchange_open(table, &first, NOW)->id;
    const struct exchange *one = exchange_open(table, &second, NOW);
    assert_null(fetch(table, 10, NOW));
    assert_null(exchange_find(table, id, 1));
    assert_ptr_equal(exchange_find(table, one->id, 1), one);
    assert_null(exchange_find(table, one->id, 2));
    free(table);
}

static void a_full_table_takes_no_more_until_the_oldest_is_over(void **state)
{
    (void)state;
    struct exchange_table *table = calloc(1, sizeof *table);
    for (uint64_t user = 1; user <= EXCHANGES_MAX; user++) {
        struct exchange asked = terms(user, 10);
        assert_non_null(exchange_open(table, &asked, NOW));
    }
    struct exchange late = terms(EXCHANGES_MAX + 1, 10);
    assert_null(exchange_open(table, &late, NOW));
    assert_non_null(exchange_open(table, &late, NOW + EXCHANGE_LIFETIME_MS));
    free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_token_is_good_once_and_in_its_order),
        cmocka_unit_test(a_token_ends_with_its_time),
        cmocka_unit_test(a_person_has_one_exchange_and_nobody_else_sees_it),
        cmocka_unit_test(a_full_table_takes_no_more_until_the_oldest_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
