/* The database behind the record: SQLite in WAL mode, every commit on disk before it is told
 * (synchronous=FULL), one writer thread that commits whatever waits as one group.
 *
 *   control thread                          writer thread
 *   batch (statements, parameters) ──────►  queue ─► BEGIN … COMMIT ─► store_completed()
 *   query (own read-only connection)
 *
 * Batches are committed in the order of their numbers. When a commit fails, its whole group and
 * everything queued before store_resume() fails too, because later batches were decided on a state
 * that was not kept. Thread rule: all functions are the control thread's. */
#ifndef MEETING_EDGE_STORE_H
#define MEETING_EDGE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum statement {
#define X(name, text) STATEMENT_##name,
#include "meeting/edge/statements.h"
#undef X
    STATEMENT_COUNT,
};

struct store;
struct store_batch;

/* Opens or makes the database, brings its schema up to date and takes the next epoch. ERR_IO;
 * ERR_CONFLICT: another process has it open for writing, or a migration that was applied is not the
 * one we know; ERR_NO_MEMORY. */
MUST_USE enum err store_open(const char *path, struct store **ret_store);
/* Commits what is queued. Accepts NULL. */
void store_close(struct store *store);
/* How often this database was opened for writing: a number that no earlier process had. */
uint64_t store_epoch(const struct store *store);

/* -- writing ------------------------------------------------------------------------------------
 */

/* An empty batch; NULL without memory. */
struct store_batch *store_batch_create(void);
/* Accepts NULL. */
void store_batch_destroy(struct store_batch *batch);
/* Adds a statement; its parameters follow in the order $1, $2, … Failure is sticky and found by
 * store_submit(). */
void store_batch_add(struct store_batch *batch, enum statement statement);
void store_batch_int(struct store_batch *batch, int64_t value);
void store_batch_text(struct store_batch *batch, const char *text);
void store_batch_text_bytes(struct store_batch *batch, struct bytes text);
void store_batch_blob(struct store_batch *batch, struct bytes blob);

/* Whether another batch will be taken. */
bool store_has_room(const struct store *store);
/* Takes the batch over, whatever the result. An empty one is completed in its turn like any other.
 * ERR_FULL, ERR_NO_MEMORY. */
MUST_USE enum err store_submit(struct store *store, struct store_batch *batch,
                               uint64_t *ret_number);

/* Batches `first` to `last` are done: committed (ERR_OK) or not kept (ERR_IO). */
struct store_completion {
    uint64_t first;
    uint64_t last;
    enum err err;
};

/* Readable while completions wait. */
int store_fd(const struct store *store);
bool store_completed(struct store *store, struct store_completion *ret_completion);
struct store_counters {
    uint64_t batches; /* submitted */
    uint64_t commits; /* that they shared */
    uint32_t waiting; /* not yet completed */
};

struct store_counters store_counters(struct store *store);
/* Waits until every batch submitted so far is done; completions stay to be fetched. */
void store_wait(struct store *store);
/* After a failed completion: batches submitted from now on are taken up again. Needs: nothing is
 * waiting (store_wait()) and every completion has been fetched. */
void store_resume(struct store *store);

/* -- reading ------------------------------------------------------------------------------------
 */

struct store_query;

/* At most one query of a statement at a time. Never NULL. */
struct store_query *query_begin(struct store *store, enum statement statement);
void query_bind_int(struct store_query *query, int64_t value);
/* ERR_OK: a row is there; ERR_AGAIN: no more; ERR_IO. */
MUST_USE enum err query_step(struct store_query *query);
int64_t query_int(const struct store_query *query, int column);
/* Valid until the next step; text and blobs alike. */
struct bytes query_bytes(const struct store_query *query, int column);
void query_end(struct store_query *query);

#endif
