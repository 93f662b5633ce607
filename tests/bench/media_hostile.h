/* What a hostile peer costs its neighbours: the same room with and without each. */
#ifndef TESTS_BENCH_MEDIA_HOSTILE_H
#define TESTS_BENCH_MEDIA_HOSTILE_H

#include <stdbool.h>

#include "tests/bench/media_report.h"

/* Fills report->hostile; the first row is the room in peace. */
bool media_hostile_measure(struct media_report *report);

#endif
