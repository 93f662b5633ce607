/* A join storm through the real door: `dienhong serve` and `dienhong load`, two processes. */
#ifndef TESTS_BENCH_MEDIA_JOIN_H
#define TESTS_BENCH_MEDIA_JOIN_H

#include <stdbool.h>
#include <stdint.h>

struct media_join {
    uint32_t n;
    uint32_t seen;  /* receivers that got a whole keyframe */
    double seconds; /* from the first join to the last one's first frame */
    double first_frame_p50_ms;
    double first_frame_p95_ms;
    double first_frame_max_ms;
    double server_cpu_s;
    double load_cpu_s;
    uint64_t server_bytes_per_join; /* resident, WSS connection and all */
};

/* `program` is the dienhong executable. False with a line on stderr. */
bool media_join_measure(const char *program, uint32_t n, struct media_join *ret_join);

#endif
