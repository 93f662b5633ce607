/* What parent and child of the sandbox agree on, and their two halves for tests to call. */
#ifndef MEETING_EDGE_PAPER_SANDBOX_RUN_H
#define MEETING_EDGE_PAPER_SANDBOX_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/err.h"

enum {
    SANDBOX_TRUST_FD = 3,
    SANDBOX_DESCRIPTORS = 4, /* 0 to 3 are all there is */
    SANDBOX_CPU_S = 10,      /* a paper takes milliseconds, the largest upload a second or two */
    SANDBOX_DEADLINE_MS = 15000,
    SANDBOX_MEMORY_MB = 1024, /* the file, its map and qpdf's objects */
    SANDBOX_ANSWER_BYTES = 1024 * 1024,
    SANDBOX_EXIT_UNREADY = 2, /* could not close itself in, so it looked at nothing */
    SANDBOX_EXIT_FAILED = 3,
    SANDBOX_EXIT_MEMORY = 4,
};

/* Runs `sandbox <mode> <argument>` on the file at `path` and gives what it answered. `argument` and
 * `trust_path` may be NULL. Errors as in sandbox.h. */
struct sandbox_task {
    const char *mode;
    const char *argument;
    const char *path;
    const char *trust_path;
    uint64_t deadline_ms;
};
MUST_USE enum err sandbox_run(const struct sandbox_task *task, struct buffer *ret_answer);

/* Takes from this process all that its work does not need; there is no way back. False: something
 * could not be taken, and the process must end. */
MUST_USE bool sandbox_close_in(void);

#endif
