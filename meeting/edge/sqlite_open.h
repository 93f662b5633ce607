/* A SQLite connection as the house wants it, and the schema's migrations; for the store alone. */
#ifndef MEETING_EDGE_SQLITE_OPEN_H
#define MEETING_EDGE_SQLITE_OPEN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "meeting/edge/store.h"

/* Logged when it fails. ERR_IO. */
MUST_USE enum err sqlite_open(const char *path, bool may_write, sqlite3 **ret_db);
/* Applies what is missing. ERR_IO, ERR_CONFLICT. */
MUST_USE enum err sqlite_migrate(sqlite3 *db);
/* ERR_IO. */
MUST_USE enum err sqlite_run(sqlite3 *db, const char *sql);
/* The next epoch, committed. ERR_IO. */
MUST_USE enum err sqlite_next_epoch(sqlite3 *db, uint64_t *ret_epoch);

/* One statement with the places of its parameters: SQLite numbers them by first appearance, so
 * they are looked up by name once. */
enum { SQLITE_PARAMETERS_MAX = 12 };

struct sqlite_statement {
    sqlite3_stmt *stmt;
    int place[SQLITE_PARAMETERS_MAX]; /* of $1 … $12; 0: no such parameter */
};

/* Prepares every statement of statements.h. ERR_IO. */
MUST_USE enum err sqlite_prepare_all(sqlite3 *db, struct sqlite_statement list[STATEMENT_COUNT]);
void sqlite_finalize_all(struct sqlite_statement list[STATEMENT_COUNT]);

/* Logs the connection's last error, and gives ERR_IO. */
enum err sqlite_failed(sqlite3 *db, const char *doing);

#endif
