#include "tests/bench/media_row.h"

#include <pthread.h>
#include <stdio.h>

#include "tests/bench/floor.h"
#include "tests/bench/measure.h"

enum {
    ROUNDS_MAX = 31,
    WARM_UP_US = 1000 * 1000,
    SETTLE_US = 150 * 1000,
    PACKETS_A_FRAME_X3 = 20, /* three frames and the five audio packets that go with them */
    FULL_PACE = 30,
};

static const double core_share = 0.7;
static const double first_guess = 1.5; /* times the floor, until the server was seen */
/* What the crowd's thread takes of two cores when it shares them with two workers. */
static const double crowd_ns = 2500;

/* The pace at which `ns_per_packet` keeps the cores at 70 %. */
static uint32_t pace_for(const struct media_row *row, double ns_per_packet)
{
    double packets = row->workers == 1 ? core_share * 1e9 / ns_per_packet
                                       : core_share * 2e9 / (ns_per_packet + crowd_ns);
    double frames = packets * 3 / PACKETS_A_FRAME_X3 / row->n;
    return frames > FULL_PACE ? FULL_PACE : frames < 1 ? 1 : (uint32_t)frames;
}

/* ---- The floor's turn ------------------------------------------------------------------------ */

struct turn {
    struct floor *floor;
    usec_t window_us;
    uint32_t pace;
    struct floor_result result;
};

static void *turn_run(void *argument)
{
    struct turn *turn = argument;
    turn->result = floor_run(turn->floor, turn->window_us, turn->pace);
    return NULL;
}

/* Both ways of sending sound: behind a frame, and when it comes. */
struct floors {
    struct floor *riding;
    struct floor *apart;
};

/* On a thread of its own, so that it stays on the worker's core. */
static struct floor_result floor_turn(struct floor *floor, usec_t window_us, uint32_t pace)
{
    struct turn turn = {.floor = floor, .window_us = window_us, .pace = pace};
    pthread_t thread;
    if (pthread_create(&thread, NULL, turn_run, &turn) != 0)
        return turn.result;
    measure_pin(thread, 0);
    pthread_join(thread, NULL);
    return turn.result;
}

/* ---- The server's ---------------------------------------------------------------------------- */

static void server_turn(struct crowd *crowd, usec_t window_us, struct crowd_window *ret_window)
{
    crowd_flow(crowd, true);
    crowd_pass(crowd, SETTLE_US);
    crowd_begin(crowd);
    crowd_pass(crowd, window_us);
    crowd_end(crowd, ret_window);
    crowd_flow(crowd, false);
}

static void measure_rounds(const struct media_plan *plan, struct crowd *crowd,
                           const struct floors *floors, struct media_row *row)
{
    double ns[ROUNDS_MAX];
    double floor_ns[ROUNDS_MAX];
    double apart_ns[ROUNDS_MAX];
    double round_ms[ROUNDS_MAX];
    double p50[ROUNDS_MAX];
    double p99[ROUNDS_MAX];
    double busy[ROUNDS_MAX];
    double due = 0;
    uint32_t rounds = plan->rounds < ROUNDS_MAX ? plan->rounds : ROUNDS_MAX;
    for (uint32_t i = 0; i < rounds; i++) {
        static struct crowd_window window;
        struct floor_result riding =
            floor_turn(floors->riding, plan->window_us, row->frames_per_second);
        struct floor_result apart =
            floor_turn(floors->apart, plan->window_us / 2, row->frames_per_second);
        floor_ns[i] = floor_ns_per_packet(&riding);
        apart_ns[i] = floor_ns_per_packet(&apart);
        round_ms[i] = floor_round_ms(&riding);
        server_turn(crowd, plan->window_us, &window);
        ns[i] = crowd_ns_per_packet(&window);
        busy[i] = window.busy;
        p50[i] = (double)times_at(&window.delay_us, 500) / 1000;
        p99[i] = (double)times_at(&window.delay_us, 990) / 1000;
        due += (double)window.published * row->n;
        row->packets += window.sent;
        row->drops += window.drops;
        row->lost += window.lost;
    }
    row->ns_per_packet = measure_median(ns, rounds);
    row->floor_ns_per_packet = measure_median(floor_ns, rounds);
    row->floor_apart_ns_per_packet = measure_median(apart_ns, rounds);
    row->ratio = row->floor_ns_per_packet > 0 ? row->ns_per_packet / row->floor_ns_per_packet : 0;
    row->busy = measure_median(busy, rounds);
    row->floor_round_ms = measure_median(round_ms, rounds);
    row->delay_p50_ms = measure_median(p50, rounds);
    row->delay_p99_ms = measure_median(p99, rounds);
    row->sent_share = due > 0 ? (double)row->packets / due : 0;
}

static bool measure_with(const struct media_plan *plan, const struct floors *floors,
                         struct media_row *row)
{
    static struct crowd_window warm;
    struct crowd crowd;
    struct floor_result seen =
        floor_turn(floors->riding, plan->window_us / 2, row->frames_per_second);
    row->frames_per_second = pace_for(row, floor_ns_per_packet(&seen) * first_guess);
    struct crowd_config config = {.receivers = row->n,
                                  .senders = 1,
                                  .workers = row->workers,
                                  .whole_segments = row->whole_segments,
                                  .tick_us = row->tick_us,
                                  .frames_per_second = row->frames_per_second};
    bool open = crowd_open(&crowd, &config) && crowd_grow(&crowd, row->n);
    if (open) {
        server_turn(&crowd, WARM_UP_US, &warm);
        measure_rounds(plan, &crowd, floors, row);
    }
    crowd_close(&crowd);
    return open && row->packets > 0;
}

bool media_row_measure(const struct media_plan *plan, struct media_row *row)
{
    struct floor_config config = {.subscribers = row->n,
                                  .cipher = plan->cipher,
                                  .segments = row->whole_segments,
                                  .riding = row->whole_segments,
                                  .sink_core = 1};
    struct floors floors = {.riding = floor_create(&config)};
    config.riding = false;
    floors.apart = floor_create(&config);
    bool done = floors.riding && floors.apart;
    if (!done)
        fprintf(stderr, "bench: no floor\n");
    row->frames_per_second = pace_for(row, 1000 * first_guess);
    done = done && measure_with(plan, &floors, row);
    floor_destroy(floors.riding);
    floor_destroy(floors.apart);
    return done;
}
