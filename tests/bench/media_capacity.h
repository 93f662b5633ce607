/* How many receivers one worker carries, and how fast the stage changes for thousands. */
#ifndef TESTS_BENCH_MEDIA_CAPACITY_H
#define TESTS_BENCH_MEDIA_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"

struct media_step {
    uint32_t n;
    double busy;
    double delay_p50_ms;
    double delay_p99_ms;
    uint64_t drops;
    char reasons[128]; /* of the drops */
    bool carried;      /* nothing dropped, and everything sent at the publisher's pace */
    bool in_time;      /* and nobody three frames late */
};

enum { MEDIA_STEPS_MAX = 24 };

/* At full pace: the last step that was carried, and the last that was so in time. */
struct media_capacity {
    uint32_t receivers;
    uint32_t receivers_in_time;
    uint32_t step_count;
    struct media_step steps[MEDIA_STEPS_MAX];
    struct media_step at_80; /* the step nearest to 80 % of it, from below */
};

bool media_capacity_find(uint32_t from, uint32_t step, uint32_t to, usec_t window_us,
                         struct media_capacity *ret_capacity);

/* One sender on the stage, then the other. */
struct media_switch {
    uint32_t n;
    uint32_t workers;
    uint32_t frames_per_second;
    uint32_t arrived;
    double first_ms;     /* order to the first receiver's first packet of the new stage */
    double last_ms;      /* order to the last receiver's */
    double keyframe_ms;  /* the longest wait for the publisher to send that packet */
    double carried_ms;   /* the longest time beside that wait */
    double frame_p99_ms; /* order to the whole keyframe */
};

bool media_switch_measure(uint32_t n, uint32_t workers, uint32_t frames_per_second,
                          struct media_switch *ret_switch);

#endif
