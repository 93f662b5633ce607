#include "meeting/edge/store_batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct store_batch *store_batch_create(void)
{
    return calloc(1, sizeof(struct store_batch));
}

void store_batch_destroy(struct store_batch *batch)
{
    if (!batch)
        return;
    buffer_done(&batch->script);
    free(batch);
}

/* A record: its kind, a number of `size` bytes, and bytes behind it. */
static void batch_put(struct store_batch *batch, uint8_t kind, uint64_t number, size_t size,
                      struct bytes behind)
{
    uint8_t head[16];
    struct wr wr = wr_init(head, sizeof head);
    wr_u8(&wr, kind);
    if (size == 2)
        wr_u16(&wr, (uint16_t)number);
    else if (size == 4)
        wr_u32(&wr, (uint32_t)number);
    else
        wr_u64(&wr, number);
    if (buffer_put(&batch->script, wr_written(&wr)) != ERR_OK ||
        buffer_put(&batch->script, behind) != ERR_OK)
        batch->failed = true;
}

void store_batch_add(struct store_batch *batch, enum statement statement)
{
    batch_put(batch, 'S', statement, 2, (struct bytes){0});
}

void store_batch_int(struct store_batch *batch, int64_t value)
{
    batch_put(batch, 'I', (uint64_t)value, 8, (struct bytes){0});
}

void store_batch_text_bytes(struct store_batch *batch, struct bytes text)
{
    batch_put(batch, 'T', text.size, 4, text);
}

void store_batch_text(struct store_batch *batch, const char *text)
{
    store_batch_text_bytes(batch, bytes_of(text));
}

void store_batch_blob(struct store_batch *batch, struct bytes blob)
{
    batch_put(batch, 'B', blob.size, 4, blob);
}

/* -- the writer's side --------------------------------------------------------------------------
 */

static enum err statement_run(sqlite3 *db, struct sqlite_statement *statement)
{
    int step;
    do
        step = sqlite3_step(statement->stmt);
    while (step == SQLITE_ROW);
    enum err err = step == SQLITE_DONE ? ERR_OK : sqlite_failed(db, "step");
    sqlite3_reset(statement->stmt);
    sqlite3_clear_bindings(statement->stmt);
    return err;
}

static int parameter_bind(struct sqlite_statement *statement, int which, uint8_t kind,
                          struct rd *rd)
{
    assert(statement && which < SQLITE_PARAMETERS_MAX && statement->place[which]);
    int place = statement->place[which];
    if (kind == 'I')
        return sqlite3_bind_int64(statement->stmt, place, (int64_t)rd_u64(rd));
    struct bytes bytes = rd_bytes(rd, rd_u32(rd));
    /* The batch outlives the step, so nothing needs to be copied. */
    const char *data = bytes.size ? (const char *)bytes.data : "";
    if (kind == 'T')
        return sqlite3_bind_text(statement->stmt, place, data, (int)bytes.size, SQLITE_STATIC);
    return sqlite3_bind_blob(statement->stmt, place, data, (int)bytes.size, SQLITE_STATIC);
}

enum err batch_run(const struct store_batch *batch, sqlite3 *db,
                   struct sqlite_statement list[STATEMENT_COUNT])
{
    struct rd rd = rd_init(buffer_bytes(&batch->script));
    struct sqlite_statement *statement = NULL;
    int which = 0;
    enum err err = ERR_OK;
    while (err == ERR_OK && rd_left(&rd) > 0) {
        uint8_t kind = rd_u8(&rd);
        if (kind == 'S') {
            if (statement)
                err = statement_run(db, statement);
            statement = &list[rd_u16(&rd)];
            which = 0;
        } else if (parameter_bind(statement, which++, kind, &rd) != SQLITE_OK) {
            err = sqlite_failed(db, "bind");
        }
    }
    if (err == ERR_OK && statement)
        err = statement_run(db, statement);
    return err;
}
