/* The text of minutes (biên bản) as blocks of runs, the model that editor, log and paper share
 * (docs/protocol.md, Block). Everything is borrowed: from an arena, an event or a state. */
#ifndef MEETING_PROTO_MINUTES_H
#define MEETING_PROTO_MINUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "meeting/proto/arena.h"
#include "meeting/proto/words.h"

/* A stretch of text in one style; NFC, never NULL, no control characters. */
struct minutes_run {
    const char *text;
    bool bold;
    bool italic;
};

struct minutes_block {
    uint32_t type; /* enum block_type */
    uint32_t run_count;
    const struct minutes_run *runs;
};

struct minutes {
    uint32_t block_count;
    const struct minutes_block *blocks;
};

/* A deep copy in `arena`. ERR_NO_MEMORY. */
MUST_USE enum err minutes_copy(struct minutes minutes, struct arena *arena,
                               struct minutes *ret_copy);
/* Bytes of text in all runs. */
size_t minutes_text_bytes(struct minutes minutes);

#endif
