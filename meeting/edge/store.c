#include "meeting/edge/store.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "meeting/edge/store_batch.h"

enum { STORE_PATH_BYTES = 4096 };

struct store_query {
    const struct sqlite_statement *statement;
    int bound;
};

struct store {
    uint64_t epoch;
    int lock_fd;
    pthread_t thread;
    bool running;

    pthread_mutex_t mutex; /* guards from here … */
    pthread_cond_t work;
    pthread_cond_t idle;
    struct store_batch *first;
    struct store_batch **last;
    uint32_t waiting; /* queued and not yet completed */
    uint64_t broken;  /* batches up to this generation are not taken any more */
    uint64_t kept;    /* batches up to this number are committed … */
    uint64_t lost;    /* … and those behind it up to this one are not kept */
    uint64_t commits; /* groups of them */
    bool closing;     /* … to here */

    int done_fd;

    uint64_t next_number; /* these three: control thread */
    uint64_t generation;
    uint64_t told; /* completed batches up to this number have been fetched */

    sqlite3 *writer; /* writer thread, once it runs */
    struct sqlite_statement writes[STATEMENT_COUNT];
    sqlite3 *reader; /* control thread */
    struct sqlite_statement reads[STATEMENT_COUNT];
    struct store_query queries[STATEMENT_COUNT];
};

/* -- the writer thread --------------------------------------------------------------------------
 */

/* Runs batches of one generation as one transaction. */
static enum err group_commit(struct store *store, const struct store_batch *first,
                             const struct store_batch *end)
{
    enum err err = sqlite_run(store->writer, "BEGIN IMMEDIATE");
    for (const struct store_batch *batch = first; err == ERR_OK && batch != end;
         batch = batch->next)
        err = batch_run(batch, store->writer, store->writes);
    if (err == ERR_OK)
        err = sqlite_run(store->writer, "COMMIT");
    if (err != ERR_OK && !sqlite3_get_autocommit(store->writer))
        sqlite3_exec(store->writer, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

static void group_complete(struct store *store, struct store_batch *first, uint32_t count,
                           enum err err)
{
    uint64_t last = 0;
    for (struct store_batch *batch = first; batch;) {
        struct store_batch *next = batch->next;
        last = batch->number;
        store_batch_destroy(batch);
        batch = next;
    }
    pthread_mutex_lock(&store->mutex);
    /* Kept numbers never follow lost ones before store_resume(), which waits for the fetching. */
    *(err == ERR_OK ? &store->kept : &store->lost) = last;
    store->commits += err == ERR_OK;
    store->waiting -= count;
    if (store->waiting == 0)
        pthread_cond_broadcast(&store->idle);
    pthread_mutex_unlock(&store->mutex);
    eventfd_write(store->done_fd, 1);
}

/* Takes everything that waits and is of the first one's generation; NULL when closing. */
static struct store_batch *group_take(struct store *store, uint32_t *ret_count, bool *ret_broken)
{
    pthread_mutex_lock(&store->mutex);
    while (!store->first && !store->closing)
        pthread_cond_wait(&store->work, &store->mutex);
    struct store_batch *first = store->first;
    uint32_t count = 0;
    struct store_batch **tail = &store->first;
    while (*tail && (*tail)->generation == first->generation) {
        tail = &(*tail)->next;
        count++;
    }
    struct store_batch *rest = *tail;
    *tail = NULL;
    store->first = rest;
    if (!rest)
        store->last = &store->first;
    *ret_broken = first && first->generation <= store->broken;
    pthread_mutex_unlock(&store->mutex);
    *ret_count = count;
    return first;
}

static void *store_run(void *argument)
{
    struct store *store = argument;
    struct store_batch *first;
    uint32_t count;
    bool broken;
    while ((first = group_take(store, &count, &broken)) != NULL) {
        enum err err = broken ? ERR_IO : group_commit(store, first, NULL);
        if (err != ERR_OK) {
            pthread_mutex_lock(&store->mutex);
            store->broken = first->generation;
            pthread_mutex_unlock(&store->mutex);
        }
        group_complete(store, first, count, err);
    }
    return NULL;
}

/* -- opening and closing ------------------------------------------------------------------------
 */

/* One writing process for a database: two would each believe to know every meeting's head. */
static enum err lock_take(const char *path, int *ret_fd)
{
    char lock_path[STORE_PATH_BYTES];
    if (snprintf(lock_path, sizeof lock_path, "%s.lock", path) >= (int)sizeof lock_path)
        return ERR_IO;
    int fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR_IO;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        log_line(LOG_ERROR, "meeting.store", "error=\"the database is open in another process\"");
        close(fd);
        return ERR_CONFLICT;
    }
    *ret_fd = fd;
    return ERR_OK;
}

static enum err store_begin(struct store *store, const char *path)
{
    enum err err = lock_take(path, &store->lock_fd);
    if (err == ERR_OK)
        err = sqlite_open(path, true, &store->writer);
    if (err == ERR_OK)
        err = sqlite_migrate(store->writer);
    if (err == ERR_OK)
        err = sqlite_next_epoch(store->writer, &store->epoch);
    if (err == ERR_OK)
        err = sqlite_prepare_all(store->writer, store->writes);
    if (err == ERR_OK)
        err = sqlite_open(path, false, &store->reader);
    if (err == ERR_OK)
        err = sqlite_prepare_all(store->reader, store->reads);
    if (err == ERR_OK && (store->done_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) < 0)
        err = ERR_IO;
    if (err == ERR_OK && pthread_create(&store->thread, NULL, store_run, store) != 0)
        err = ERR_NO_MEMORY;
    store->running = err == ERR_OK;
    return err;
}

enum err store_open(const char *path, struct store **ret_store)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store)
        return ERR_NO_MEMORY;
    store->lock_fd = -1;
    store->done_fd = -1;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        store->queries[i].statement = &store->reads[i];
    store->last = &store->first;
    store->next_number = 1;
    store->generation = 1;
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->work, NULL);
    pthread_cond_init(&store->idle, NULL);
    enum err err = store_begin(store, path);
    if (err != ERR_OK) {
        store_close(store);
        return err;
    }
    *ret_store = store;
    return ERR_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->running) {
        pthread_mutex_lock(&store->mutex);
        store->closing = true;
        pthread_cond_signal(&store->work);
        pthread_mutex_unlock(&store->mutex);
        pthread_join(store->thread, NULL);
    }
    sqlite_finalize_all(store->writes);
    sqlite_finalize_all(store->reads);
    sqlite3_close(store->reader);
    sqlite3_close(store->writer);
    if (store->done_fd >= 0)
        close(store->done_fd);
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    pthread_cond_destroy(&store->idle);
    pthread_cond_destroy(&store->work);
    pthread_mutex_destroy(&store->mutex);
    free(store);
}

uint64_t store_epoch(const struct store *store)
{
    return store->epoch;
}

/* -- the control thread's side ------------------------------------------------------------------
 */

/* The mutex is no part of the store's value. */
static uint32_t store_waiting(const struct store *store)
{
    pthread_mutex_t *mutex = (pthread_mutex_t *)(uintptr_t)&store->mutex;
    pthread_mutex_lock(mutex);
    uint32_t waiting = store->waiting;
    pthread_mutex_unlock(mutex);
    return waiting;
}

bool store_has_room(const struct store *store)
{
    return store_waiting(store) < LIMIT_STORE_BATCHES;
}

enum err store_submit(struct store *store, struct store_batch *batch, uint64_t *ret_number)
{
    if (!batch || batch->failed || !store_has_room(store)) {
        enum err err = batch && !batch->failed ? ERR_FULL : ERR_NO_MEMORY;
        store_batch_destroy(batch);
        return err;
    }
    batch->number = store->next_number++;
    batch->generation = store->generation;
    *ret_number = batch->number;
    pthread_mutex_lock(&store->mutex);
    *store->last = batch;
    store->last = &batch->next;
    store->waiting++;
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->mutex);
    return ERR_OK;
}

int store_fd(const struct store *store)
{
    return store->done_fd;
}

bool store_completed(struct store *store, struct store_completion *ret_completion)
{
    eventfd_t ignored;
    eventfd_read(store->done_fd, &ignored);
    pthread_mutex_lock(&store->mutex);
    uint64_t kept = store->kept;
    uint64_t lost = store->lost;
    pthread_mutex_unlock(&store->mutex);
    bool ok = kept > store->told;
    uint64_t last = ok ? kept : lost;
    if (last <= store->told)
        return false;
    *ret_completion = (struct store_completion){store->told + 1, last, ok ? ERR_OK : ERR_IO};
    store->told = last;
    if (lost > last)
        eventfd_write(store->done_fd, 1); /* more to fetch */
    return true;
}

struct store_counters store_counters(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    struct store_counters counters = {
        .batches = store->next_number - 1, .commits = store->commits, .waiting = store->waiting};
    pthread_mutex_unlock(&store->mutex);
    return counters;
}

void store_wait(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    while (store->waiting > 0)
        pthread_cond_wait(&store->idle, &store->mutex);
    pthread_mutex_unlock(&store->mutex);
}

void store_resume(struct store *store)
{
    assert(store->told + 1 == store->next_number); /* everything is done and fetched */
    store->generation++;
}

/* -- reading ------------------------------------------------------------------------------------
 */

struct store_query *query_begin(struct store *store, enum statement statement)
{
    assert(statement < STATEMENT_COUNT && !sqlite3_stmt_busy(store->reads[statement].stmt));
    store->queries[statement].bound = 0;
    return &store->queries[statement];
}

void query_bind_int(struct store_query *query, int64_t value)
{
    int place = query->statement->place[query->bound++];
    int bound = sqlite3_bind_int64(query->statement->stmt, place, value);
    assert(bound == SQLITE_OK);
    (void)bound;
}

enum err query_step(struct store_query *query)
{
    int step = sqlite3_step(query->statement->stmt);
    if (step == SQLITE_ROW)
        return ERR_OK;
    return step == SQLITE_DONE ? ERR_AGAIN
                               : sqlite_failed(sqlite3_db_handle(query->statement->stmt), "query");
}

int64_t query_int(const struct store_query *query, int column)
{
    return sqlite3_column_int64(query->statement->stmt, column);
}

struct bytes query_bytes(const struct store_query *query, int column)
{
    const uint8_t *data = sqlite3_column_blob(query->statement->stmt, column);
    return (struct bytes){data, (size_t)sqlite3_column_bytes(query->statement->stmt, column)};
}

void query_end(struct store_query *query)
{
    sqlite3_reset(query->statement->stmt);
    sqlite3_clear_bindings(query->statement->stmt);
}
