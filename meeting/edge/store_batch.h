/* A batch as the writer thread sees it; for the store alone. */
#ifndef MEETING_EDGE_STORE_BATCH_H
#define MEETING_EDGE_STORE_BATCH_H

#include "base/buffer.h"
#include "meeting/edge/sqlite_open.h"

/* `script` is a row of records, each one byte of kind and then
 *   'S' u16 statement      'I' u64 integer      'T', 'B' u32 size and the bytes  */
struct store_batch {
    struct store_batch *next;
    uint64_t number;
    uint64_t generation;
    struct buffer script;
    bool failed;
};

/* Runs the batch inside the caller's transaction. ERR_IO. */
MUST_USE enum err batch_run(const struct store_batch *batch, sqlite3 *db,
                            struct sqlite_statement list[STATEMENT_COUNT]);

#endif
