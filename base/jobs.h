/* A few threads for slow, pure work (argon2, DTLS handshakes, page layout, signing).
 *
 * A job is a function and a pointer; the job itself sends its result wherever it belongs, usually
 * into a mailbox. Full is an error that the submitter handles. */
#ifndef BASE_JOBS_H
#define BASE_JOBS_H

#include <stdint.h>

#include "base/err.h"

struct jobs;

MUST_USE enum err jobs_create(uint32_t threads, uint32_t queue_capacity, struct jobs **ret_jobs);
/* Waits for what is running; what has not begun is run too, so that no owner is left waiting.
 * Accepts NULL. */
void jobs_destroy(struct jobs *jobs);

/* Any thread. ERR_FULL when the queue is; then `run` will not be called. */
MUST_USE enum err jobs_submit(struct jobs *jobs, void (*run)(void *argument), void *argument);

#endif
