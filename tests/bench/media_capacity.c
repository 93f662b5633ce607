#include "tests/bench/media_capacity.h"

#include <stdlib.h>

#include "base/clock.h"
#include "tests/bench/crowd.h"

enum {
    SETTLE_US = 400 * 1000,
    FULL_PACE = 30,
    SWITCHES = 3,
    SWITCH_PATIENCE_US = 5 * 1000 * 1000,
    BETWEEN_SWITCHES_US = 1500 * 1000, /* a publisher is asked for a keyframe once in 2 s at most */
};

/* Three frames. */
static const double late_ms = 100;
static const double all_sent = 0.995;

static bool is_carried(const struct media_step *step, const struct crowd_window *window)
{
    double due = (double)window->published * step->n;
    return window->drops == 0 && (double)window->sent >= due * all_sent;
}

static bool try_step(struct crowd *crowd, uint32_t n, usec_t window_us, struct media_step *ret_step)
{
    static struct crowd_window window;
    if (!crowd_grow(crowd, n))
        return false;
    crowd_flow(crowd, true);
    crowd_pass(crowd, SETTLE_US);
    crowd_begin(crowd);
    crowd_pass(crowd, window_us);
    crowd_end(crowd, &window);
    crowd_flow(crowd, false);
    *ret_step = (struct media_step){.n = n,
                                    .busy = window.busy,
                                    .delay_p50_ms = (double)times_at(&window.delay_us, 500) / 1000,
                                    .delay_p99_ms = (double)times_at(&window.delay_us, 990) / 1000,
                                    .drops = window.drops};
    crowd_name_drops(&window.dropped, ret_step->reasons, sizeof ret_step->reasons);
    ret_step->carried = is_carried(ret_step, &window);
    ret_step->in_time = ret_step->carried && ret_step->delay_p99_ms < late_ms;
    return true;
}

bool media_capacity_find(uint32_t from, uint32_t step, uint32_t to, usec_t window_us,
                         struct media_capacity *ret_capacity)
{
    struct media_capacity *all = ret_capacity;
    struct crowd crowd;
    struct crowd_config config = {.receivers = to,
                                  .senders = 1,
                                  .workers = 1,
                                  .whole_segments = true,
                                  .tick_us = SFU_TICK_US,
                                  .frames_per_second = FULL_PACE};
    *all = (struct media_capacity){0};
    bool going = crowd_open(&crowd, &config);
    bool done = going;
    for (uint32_t n = from; going && n <= to && all->step_count < MEDIA_STEPS_MAX; n += step) {
        struct media_step *now = &all->steps[all->step_count];
        done = try_step(&crowd, n, window_us, now);
        /* A noisy moment is not a limit. */
        if (done && !now->in_time)
            done = try_step(&crowd, n, window_us, now);
        going = done && now->carried;
        all->step_count += done;
        if (going)
            all->receivers = n;
        if (going && now->in_time)
            all->receivers_in_time = n;
    }
    for (uint32_t i = 0; i < all->step_count; i++)
        if (all->steps[i].n * 10 <= all->receivers * 8)
            all->at_80 = all->steps[i];
    crowd_close(&crowd);
    return done;
}

/* ---- The stage ------------------------------------------------------------------------------- */

static void await_switch(struct crowd *crowd, uint32_t source)
{
    usec_t end = clock_now_us() + SWITCH_PATIENCE_US;
    load_expect_stage(crowd->load, source);
    if (!crowd_stage(crowd, source))
        return;
    do {
        crowd_pass(crowd, 20 * USEC_PER_MSEC);
        load_stats(crowd->load, crowd->after);
    } while (crowd->after->stage_switch.arrived < crowd->after->stage_switch.expected &&
             clock_now_us() < end);
}

bool media_switch_measure(uint32_t n, uint32_t workers, uint32_t frames_per_second,
                          struct media_switch *ret_switch)
{
    struct crowd crowd;
    struct crowd_config config = {.receivers = n,
                                  .senders = 2,
                                  .workers = workers,
                                  .whole_segments = true,
                                  .tick_us = SFU_TICK_US,
                                  .frames_per_second = frames_per_second};
    *ret_switch =
        (struct media_switch){.n = n, .workers = workers, .frames_per_second = frames_per_second};
    bool done = crowd_open(&crowd, &config) && crowd_grow(&crowd, n);
    if (done) {
        crowd_flow(&crowd, true);
        for (uint32_t i = 0; i < SWITCHES; i++) { /* the slowest one counts */
            crowd_pass(&crowd, BETWEEN_SWITCHES_US);
            await_switch(&crowd, 2 - i % 2);
            const struct load_switch *seen = &crowd.after->stage_switch;
            double last = (double)seen->first_packet_us.max_us / 1000;
            if (last < ret_switch->last_ms)
                continue;
            ret_switch->arrived = seen->arrived;
            ret_switch->keyframe_ms = (double)seen->wait_us.max_us / 1000;
            ret_switch->carried_ms = (double)seen->carried_us.max_us / 1000;
            ret_switch->first_ms = (double)times_at(&seen->first_packet_us, 1) / 1000;
            ret_switch->last_ms = last;
            ret_switch->frame_p99_ms = (double)times_at(&seen->first_frame_us, 990) / 1000;
        }
    }
    crowd_close(&crowd);
    return done;
}
