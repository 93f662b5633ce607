/* The rows of a meeting's log as lines of a record package: one JSON object each, in which `body`
 * is the text that the chain's hash was taken over, letter for letter.
 *
 *     {"seq":1,"epoch":1,"at":ms,"actor":"7","kind":"…","version":1,"body":"{…}","hash":"hex"}
 */
#ifndef MEETING_EDGE_PAPER_PACKAGE_LOG_H
#define MEETING_EDGE_PAPER_PACKAGE_LOG_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"
#include "meeting/core/chain.h"
#include "meeting/core/state.h"
#include "meeting/proto/event.h"

/* Appends the row as a line. ERR_FORMAT: its texts are not UTF-8; ERR_NO_MEMORY. */
MUST_USE enum err package_log_write(const struct chain_row *row,
                                    const uint8_t hash[CHAIN_HASH_BYTES], struct buffer *lines);

/* Called for every row that holds, with the state after it. */
typedef void package_log_seen(void *argument, const struct meeting_state *state, uint64_t seq,
                              const struct meeting_event *event);

struct package_log_result {
    uint64_t rows;     /* that hold */
    const char *fault; /* NULL; or why row `rows + 1` does not: "format", "hash", "order" */
    uint8_t head[CHAIN_HASH_BYTES];
};

/* Walks the lines of meeting `meeting`: the chain of hashes, and whether each event can follow the
 * ones before it. `state` is folded along; the caller's, to be done with. */
struct package_log_result package_log_walk(struct bytes lines, uint64_t meeting,
                                           package_log_seen *seen, void *argument,
                                           struct meeting_state *state);

#endif
