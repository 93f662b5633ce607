/* What one receiving endpoint keeps in the server's memory once it is set up and media flows. */
#ifndef TESTS_BENCH_MEDIA_MEMORY_H
#define TESTS_BENCH_MEDIA_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* Growth of the server's resident memory by `receivers`, each one's share, after their handshakes'
 * memory was given back. The crowd is a process of its own (fork()), so that only the server's
 * memory is seen: call it before this process has threads. */
bool media_memory_measure(uint32_t receivers, uint64_t *ret_bytes_per_receiver);

#endif
