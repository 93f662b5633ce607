/* What every measurement needs: the thread's own CPU clock, a core to stay on, the median. */
#ifndef TESTS_BENCH_MEASURE_H
#define TESTS_BENCH_MEASURE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CPU time that the calling thread has used. */
uint64_t measure_thread_ns(void);
/* Sorts `values`; 0 for none. */
double measure_median(double *values, size_t count);
/* The value that `share` (0 … 1) of the sorted values are at most; sorts `values`. */
double measure_quantile(double *values, size_t count, double share);
uint32_t measure_cores(void);
/* Keeps a thread on one core, so that what it shares with others does not change by the minute. */
void measure_pin(pthread_t thread, uint32_t core);
void measure_unpin(pthread_t thread);
/* Lets the calling thread, and threads it makes from now on, run before others, where the system
 * allows it; or as before. */
void measure_prefer(bool before_others);
/* Pins the thread of this process with that name, as "media-0"; false when there is none.
 */
bool measure_pin_named(const char *name, uint32_t core);

#endif
