/* Everything that ./bench media found, as a table for people and as build/bench/media.json. */
#ifndef TESTS_BENCH_MEDIA_REPORT_H
#define TESTS_BENCH_MEDIA_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/media_capacity.h"
#include "tests/bench/media_join.h"
#include "tests/bench/media_row.h"

enum { REPORT_ROWS_MAX = 16, REPORT_HOSTILE_MAX = 9, REPORT_TICKS_MAX = 4 };

struct media_hostile_row {
    const char *who;
    double ns_per_packet; /* of the neighbours' packets, all of the worker's time counted */
    double delay_p99_ms;
    uint64_t lost; /* by the neighbours */
    uint64_t drops;
};

struct media_report {
    const char *floor_cipher;
    uint32_t row_count;
    struct media_row rows[REPORT_ROWS_MAX];
    struct media_row unsegmented; /* n is 0 when it was not measured; likewise below */
    struct media_row idle;        /* one publisher to 20 */
    uint32_t tick_count;
    struct media_row ticks[REPORT_TICKS_MAX];
    uint64_t bytes_per_receiver;
    struct media_capacity capacity;
    struct media_switch stage;
    struct media_join join;
    uint32_t hostile_count;
    struct media_hostile_row hostile[REPORT_HOSTILE_MAX];
};

void media_report_row_head(void);
void media_report_row(const struct media_row *row);
void media_report_step(const struct media_step *step);
bool media_report_write(const struct media_report *report, const char *path);

#endif
