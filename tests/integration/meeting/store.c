/* The store by itself: order, loss, migrations, and SQL that two databases understand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "meeting/edge/store.h"

static char folder[] = "/tmp/dienhong-store-XXXXXX";
static char path[64];

static int set_up(void **unused)
{
    (void)unused;
    snprintf(folder, sizeof folder, "/tmp/dienhong-store-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/db", folder);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char name[80];
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
    return rmdir(folder);
}

static uint64_t put_unit(struct store *store, int64_t id)
{
    uint64_t number = 0;
    struct store_batch *batch = store_batch_create();
    store_batch_add(batch, STATEMENT_UNIT_INSERT);
    store_batch_int(batch, id);
    store_batch_int(batch, 0);
    store_batch_text(batch, "province");
    store_batch_text(batch, "tỉnh Lam Giang");
    assert_int_equal(store_submit(store, batch, &number), ERR_OK);
    return number;
}

static uint32_t count_units(struct store *store)
{
    uint32_t count = 0;
    struct store_query *query = query_begin(store, STATEMENT_UNIT_LIST);
    while (query_step(query) == ERR_OK)
        count++;
    query_end(query);
    return count;
}

static void batches_complete_in_the_order_of_their_numbers(void **unused)
{
    (void)unused;
    struct store *store;
    struct store_completion completion;
    uint64_t told = 0;
    assert_int_equal(store_open(path, &store), ERR_OK);
    for (int64_t i = 1; i <= 500; i++)
        assert_int_equal(put_unit(store, i), i);
    store_wait(store);
    while (store_completed(store, &completion)) {
        assert_int_equal(completion.err, ERR_OK);
        assert_int_equal(completion.first, told + 1);
        told = completion.last;
    }
    assert_int_equal(told, 500);
    assert_int_equal(count_units(store), 500);
    store_close(store);
}

static void a_lost_batch_takes_all_later_ones_with_it_until_resumed(void **unused)
{
    (void)unused;
    struct store *store;
    struct store_completion completion;
    assert_int_equal(store_open(path, &store), ERR_OK);
    put_unit(store, 1);
    store_wait(store);
    assert_true(store_completed(store, &completion));
    put_unit(store, 1); /* the same key: cannot be kept */
    store_wait(store);
    put_unit(store, 2); /* was decided on a state that was not kept */
    store_wait(store);
    assert_true(store_completed(store, &completion));
    assert_int_equal(completion.err, ERR_IO);
    assert_int_equal(completion.first, 2);
    assert_int_equal(completion.last, 3);
    assert_int_equal(count_units(store), 1);
    store_resume(store);
    put_unit(store, 3);
    store_wait(store);
    assert_true(store_completed(store, &completion));
    assert_int_equal(completion.err, ERR_OK);
    assert_int_equal(completion.first, 4);
    assert_int_equal(count_units(store), 2);
    store_close(store);
}

static void every_opening_has_a_higher_epoch(void **unused)
{
    (void)unused;
    struct store *store;
    for (uint64_t epoch = 1; epoch <= 3; epoch++) {
        assert_int_equal(store_open(path, &store), ERR_OK);
        assert_int_equal(store_epoch(store), epoch);
        store_close(store);
    }
}

static void a_schema_of_another_history_is_refused(void **unused)
{
    (void)unused;
    struct store *store;
    sqlite3 *db;
    assert_int_equal(store_open(path, &store), ERR_OK);
    store_close(store);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE migration SET checksum = 'other' WHERE number = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(store_open(path, &store), ERR_CONFLICT);
}

static void a_file_that_is_no_database_is_an_error(void **unused)
{
    (void)unused;
    struct store *store;
    FILE *file = fopen(path, "w");
    fputs("this is not a database, but it is long enough to be read as one by mistake", file);
    fclose(file);
    assert_int_equal(store_open(path, &store), ERR_IO);
}

static const char *const sql_texts[] = {
#define X(name, text) text,
#include "meeting/edge/statements.h"
#undef X
#define X(number, text) text,
#include "meeting/edge/migrations.h"
#undef X
};

static void no_statement_speaks_a_dialect(void **unused)
{
    (void)unused;
    static const char *const banned[] = {
        "LIKE",  "BIGSERIAL", "AUTOINCREMENT", "now()",   "json",   "INTEGER", "BOOLEAN", "VARCHAR",
        "date(", "REPLACE",   "ROWID",         "LIMIT -", "PRAGMA", " BLOB",   "?"};
    for (size_t i = 0; i < sizeof sql_texts / sizeof sql_texts[0]; i++)
        for (size_t k = 0; k < sizeof banned / sizeof banned[0]; k++)
            if (strcasestr(sql_texts[i], banned[k]))
                fail_msg("%s in: %s", banned[k], sql_texts[i]);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(batches_complete_in_the_order_of_their_numbers),
        WITH_FOLDER(a_lost_batch_takes_all_later_ones_with_it_until_resumed),
        WITH_FOLDER(every_opening_has_a_higher_epoch),
        WITH_FOLDER(a_schema_of_another_history_is_refused),
        WITH_FOLDER(a_file_that_is_no_database_is_an_error),
        cmocka_unit_test(no_statement_speaks_a_dialect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
