/* The worker's time in the form of sender reports (RFC 3550, section 4). Only differences mean
 * anything, so a monotonic clock with a constant in front will do. */
#ifndef SFU_CORE_NTP_H
#define SFU_CORE_NTP_H

#include <stdint.h>

#include "base/units.h"

/* 32.32 seconds. */
static inline uint64_t ntp_time(usec_t now)
{
    static const uint64_t offset_s = UINT64_C(3976214400); /* an arbitrary day: 2026-01-01 */
    uint64_t fraction = (now % USEC_PER_SEC << 32) / USEC_PER_SEC;
    return ((now / USEC_PER_SEC + offset_s) << 32) + fraction;
}

/* The middle 32 bits, as report blocks carry them. */
static inline uint32_t ntp_middle(usec_t now)
{
    return (uint32_t)(ntp_time(now) >> 16);
}

#endif
