/* The date and time of day in a fixed zone, from milliseconds since 1970 UTC. Pure. */
#ifndef MEETING_CORE_LOCAL_TIME_H
#define MEETING_CORE_LOCAL_TIME_H

#include <stdint.h>

#include "base/units.h"

enum { LOCAL_VIETNAM_MINUTES = 7 * 60 }; /* no summer time */

struct local_time {
    int32_t year;
    uint8_t month; /* 1 to 12 */
    uint8_t day;   /* 1 to 31 */
    uint8_t hour;
    uint8_t minute;
    uint8_t second;
};

/* Gregorian, proleptic; `zone_minutes` east of UTC. Needs: a time from 1970 on. */
struct local_time local_time_of(utc_ms_t at, int32_t zone_minutes);

#endif
