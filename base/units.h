/* Time as the cores see it. `usec_t` counts microseconds of a monotonic clock whose zero means
 * nothing; `utc_ms_t` is civil time, milliseconds since 1970-01-01T00:00Z. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stdint.h>

typedef uint64_t usec_t;
typedef int64_t utc_ms_t;

#define USEC_PER_MSEC UINT64_C(1000)
#define USEC_PER_SEC UINT64_C(1000000)
#define USEC_NEVER UINT64_MAX

#endif
