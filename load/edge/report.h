/* What a line test shows: a line each second, a table or JSON at its end, and sentences for people
 * in Vietnamese and English. */
#ifndef LOAD_EDGE_REPORT_H
#define LOAD_EDGE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "load/core/options.h"
#include "load/core/stats.h"
#include "load/core/verdict.h"
#include "load/edge/door_client.h"
#include "load/edge/seats.h"

struct report {
    const struct options *options;
    struct load_stats stats;
    struct seats_counts seats;
    enum verdict verdict;
    usec_t began_at;    /* the first seat's connection */
    usec_t taken_at;    /* the last seat's answer; 0: not all were answered */
    usec_t measured_us; /* how long media flowed */
};

/* On standard error: "12 s  joined 20/21  seen 20/20  4,000 packets/s  lost 0  delay …". */
void report_progress(uint32_t second, const struct options *options,
                     const struct seats_counts *seats, const struct load_stats *now,
                     const struct load_stats *before);
/* On standard output. */
void report_table(const struct report *report);
void report_json(const struct report *report);

/* On standard error, both languages. */
void report_refusal(const struct door_refusal *refusal);
void report_sentence(const char *code, const char *vi, const char *en);

#endif
