#include "meeting/core/local_time.h"

enum { DAY_SECONDS = 86400, ERA_DAYS = 146097 /* 400 years */, EPOCH_DAYS = 719468 };

/* After H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that
 * the leap day is the last of its year. */
struct local_time local_time_of(utc_ms_t at, int32_t zone_minutes)
{
    uint64_t seconds = (uint64_t)(at / 1000 + zone_minutes * INT64_C(60));
    uint64_t days = seconds / DAY_SECONDS + EPOCH_DAYS; /* since 0000-03-01 */
    uint64_t era = days / ERA_DAYS;
    uint64_t of_era = days % ERA_DAYS;
    uint64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA_DAYS - 1)) / 365;
    uint64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    uint64_t march = (5 * of_year + 2) / 153; /* months since March */
    uint64_t month = march < 10 ? march + 3 : march - 9;
    uint64_t left = seconds % DAY_SECONDS;
    return (struct local_time){
        .year = (int32_t)(year + era * 400 + (month <= 2)),
        .month = (uint8_t)month,
        .day = (uint8_t)(of_year - (153 * march + 2) / 5 + 1),
        .hour = (uint8_t)(left / 3600),
        .minute = (uint8_t)(left / 60 % 60),
        .second = (uint8_t)(left % 60),
    };
}
