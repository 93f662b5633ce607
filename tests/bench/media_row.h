/* One row of ./bench media: the floor and the server in turns, and what each packet cost. */
#ifndef TESTS_BENCH_MEDIA_ROW_H
#define TESTS_BENCH_MEDIA_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "tests/bench/crowd.h"
#include "tests/bench/floor_cipher.h"

struct media_plan {
    uint32_t rounds; /* floor, server, floor, server, …: the medians count */
    usec_t window_us;
    enum floor_cipher cipher; /* of the floor */
};

struct media_row {
    uint32_t n;
    uint32_t workers;
    bool whole_segments; /* false: both without UDP_SEGMENT */
    uint32_t tick_us;    /* of the server (sfu/sfu.h) */
    uint32_t frames_per_second;
    double ns_per_packet;
    double floor_ns_per_packet;
    double floor_apart_ns_per_packet; /* sound never waits for a frame to ride on */
    double ratio;
    double sent_share; /* of what was due: less than 1 when the worker is too slow */
    double busy;       /* of the busiest worker's core */
    uint64_t packets;
    uint64_t drops;
    uint64_t lost;
    double floor_round_ms; /* until the floor has sent a frame to all */
    double delay_p50_ms;
    double delay_p99_ms;
};

/* Sizes the pace so that cores are busy for 70 % at most, measures, and fills the rest of
 * `row`, of which n, workers, whole_segments and tick_us are given. */
bool media_row_measure(const struct media_plan *plan, struct media_row *row);

#endif
