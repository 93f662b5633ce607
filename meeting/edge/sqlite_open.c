#include "meeting/edge/sqlite_open.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

enum { SQLITE_BUSY_WAIT_MS = 5000, SHA256_BYTES = 32 };

enum err sqlite_failed(sqlite3 *db, const char *doing)
{
    log_line(LOG_ERROR, "meeting.store", "doing=%s code=%d message=\"%s\"", doing,
             sqlite3_extended_errcode(db), sqlite3_errmsg(db));
    return ERR_IO;
}

enum err sqlite_run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : sqlite_failed(db, "run");
}

enum err sqlite_open(const char *path, bool may_write, sqlite3 **ret_db)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (may_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    if (sqlite3_open_v2(path, &db, flags, NULL) != SQLITE_OK) {
        (void)sqlite_failed(db, "open");
        sqlite3_close(db);
        return ERR_IO;
    }
    sqlite3_busy_timeout(db, SQLITE_BUSY_WAIT_MS);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    const char *setup =
        may_write ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                  : "PRAGMA query_only=1;";
    if (sqlite_run(db, setup) != ERR_OK) {
        sqlite3_close(db);
        return ERR_IO;
    }
    *ret_db = db;
    return ERR_OK;
}

/* -- migrations ---------------------------------------------------------------------------------
 */

struct migration {
    int64_t number;
    const char *text;
};

static const struct migration migrations[] = {
#define X(number, text) {number, text},
#include "meeting/edge/migrations.h"
#undef X
};

static enum err checksum_of(const char *text, char ret_hex[2 * SHA256_BYTES + 1])
{
    uint8_t hash[SHA256_BYTES];
    unsigned size = 0;
    if (EVP_Digest(text, strlen(text), hash, &size, EVP_sha256(), NULL) != 1)
        return ERR_IO;
    hex_write(hash, sizeof hash, ret_hex);
    return ERR_OK;
}

/* SQLite's spelling of the schema's one word that the two databases do not share. */
static enum err schema_spell(const char *text, struct buffer *sql)
{
    static const char word[] = "@BLOB@";
    enum err err = ERR_OK;
    for (const char *found; err == ERR_OK && (found = strstr(text, word)) != NULL;
         text = found + strlen(word)) {
        err = buffer_put(sql, (struct bytes){(const uint8_t *)text, (size_t)(found - text)});
        if (err == ERR_OK)
            err = buffer_put(sql, bytes_of("BLOB"));
    }
    /* with its terminator */
    if (err == ERR_OK)
        err = buffer_put(sql, (struct bytes){(const uint8_t *)text, strlen(text) + 1});
    return err;
}

/* The checksum under which `number` was applied; an empty text if it was not. */
static enum err migration_applied(sqlite3 *db, int64_t number, char ret_hex[2 * SHA256_BYTES + 1])
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, "SELECT checksum FROM migration WHERE number = $1", -1, &stmt,
                           NULL) != SQLITE_OK)
        return sqlite_failed(db, "migration");
    sqlite3_bind_int64(stmt, 1, number);
    ret_hex[0] = '\0';
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        snprintf(ret_hex, 2 * SHA256_BYTES + 1, "%s", (const char *)sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    return step == SQLITE_ROW || step == SQLITE_DONE ? ERR_OK : sqlite_failed(db, "migration");
}

static enum err migration_apply(sqlite3 *db, const struct migration *migration, const char *hex)
{
    struct buffer sql = {0};
    char row[256];
    snprintf(row, sizeof row,
             "INSERT INTO migration (number, checksum, applied_at) VALUES (%lld, '%s', %lld)",
             (long long)migration->number, hex, (long long)clock_utc_ms());
    enum err err = schema_spell(migration->text, &sql);
    if (err == ERR_OK)
        err = sqlite_run(db, "BEGIN IMMEDIATE");
    if (err == ERR_OK)
        err = sqlite_run(db, (const char *)sql.data);
    if (err == ERR_OK)
        err = sqlite_run(db, row);
    if (err == ERR_OK)
        err = sqlite_run(db, "COMMIT");
    buffer_done(&sql);
    return err;
}

enum err sqlite_migrate(sqlite3 *db)
{
    enum err err = sqlite_run(db, "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY,"
                                  " checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
    for (size_t i = 0; err == ERR_OK && i < sizeof migrations / sizeof migrations[0]; i++) {
        char known[2 * SHA256_BYTES + 1];
        char applied[2 * SHA256_BYTES + 1];
        err = checksum_of(migrations[i].text, known);
        if (err == ERR_OK)
            err = migration_applied(db, migrations[i].number, applied);
        if (err == ERR_OK && applied[0] == '\0')
            err = migration_apply(db, &migrations[i], known);
        else if (err == ERR_OK && strcmp(applied, known) != 0)
            err = ERR_CONFLICT;
    }
    return err;
}

enum err sqlite_next_epoch(sqlite3 *db, uint64_t *ret_epoch)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(
            db, "UPDATE counter SET value = value + 1 WHERE name = 'epoch' RETURNING value", -1,
            &stmt, NULL) != SQLITE_OK)
        return sqlite_failed(db, "epoch");
    int64_t epoch = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    /* The statement commits when it is stepped to its end. */
    int end = epoch > 0 ? sqlite3_step(stmt) : SQLITE_ERROR;
    sqlite3_finalize(stmt);
    if (end != SQLITE_DONE)
        return sqlite_failed(db, "epoch");
    *ret_epoch = (uint64_t)epoch;
    return ERR_OK;
}

/* -- statements ---------------------------------------------------------------------------------
 */

enum err sqlite_prepare_all(sqlite3 *db, struct sqlite_statement list[STATEMENT_COUNT])
{
    static const char *const texts[STATEMENT_COUNT] = {
#define X(name, text) text,
#include "meeting/edge/statements.h"
#undef X
    };
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        if (sqlite3_prepare_v3(db, texts[i], -1, SQLITE_PREPARE_PERSISTENT, &list[i].stmt, NULL) !=
            SQLITE_OK)
            return sqlite_failed(db, texts[i]);
        for (int k = 0; k < SQLITE_PARAMETERS_MAX; k++) {
            char name[8];
            snprintf(name, sizeof name, "$%d", k + 1);
            list[i].place[k] = sqlite3_bind_parameter_index(list[i].stmt, name);
        }
    }
    return ERR_OK;
}

void sqlite_finalize_all(struct sqlite_statement list[STATEMENT_COUNT])
{
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(list[i].stmt);
}
