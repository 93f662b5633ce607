#include "base/clock.h"

#include <time.h>

usec_t clock_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (usec_t)t.tv_sec * USEC_PER_SEC + (usec_t)t.tv_nsec / 1000;
}

utc_ms_t clock_utc_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (utc_ms_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
