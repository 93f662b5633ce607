/* What parent and child of the sandbox agree on. */
#ifndef MEETING_EDGE_PAPER_SANDBOX_LIMITS_H
#define MEETING_EDGE_PAPER_SANDBOX_LIMITS_H

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

#endif
