#include "tests/bench/media_hostile.h"

#include <stdio.h>

#include "base/clock.h"
#include "tests/bench/measure.h"
#include "tests/support/hostile.h"

enum {
    NEIGHBOURS = 300,
    ENDPOINT = 2, /* below the crowd's receivers */
    WINDOW_US = 1500 * 1000,
    SETTLE_US = 200 * 1000,
    ACT_EVERY_US = 10 * 1000,
    ACTS_EACH = 34, /* 3,400 a second */
    ROUNDS = 3,
};

/* A window of media in which `hostile` (NULL: nobody) acts. */
static void window(struct crowd *crowd, struct hostile *hostile, struct crowd_window *ret_window)
{
    crowd_flow(crowd, true);
    crowd_pass(crowd, SETTLE_US);
    crowd_begin(crowd);
    for (usec_t end = clock_now_us() + WINDOW_US; clock_now_us() < end;) {
        if (hostile)
            (void)hostile_act(hostile, ACTS_EACH);
        crowd_pass(crowd, ACT_EVERY_US);
    }
    crowd_end(crowd, ret_window);
    crowd_flow(crowd, false);
}

static bool measure(enum hostile_kind kind, struct media_hostile_row *row)
{
    static struct crowd_window one;
    double ns[ROUNDS];
    double p99[ROUNDS];
    struct crowd crowd;
    struct hostile hostile = {.stranger = -1, .client = {.fd = -1}};
    bool peace = kind == HOSTILE_KINDS;
    struct crowd_config config = {.receivers = NEIGHBOURS + 1, /* room for the hostile one */
                                  .senders = 1,
                                  .workers = 1,
                                  .whole_segments = true,
                                  .tick_us = SFU_TICK_US,
                                  .frames_per_second = 30};
    bool done = crowd_open(&crowd, &config) && crowd_grow(&crowd, NEIGHBOURS) &&
                (peace || hostile_join(&hostile, kind, crowd.house.sfu, CROWD_ROOM, ENDPOINT));
    *row = (struct media_hostile_row){.who = peace ? "nobody" : hostile_name(kind)};
    for (int i = 0; i < ROUNDS && done; i++) {
        window(&crowd, peace ? NULL : &hostile, &one);
        ns[i] = one.received ? (double)one.cpu_ns / (double)one.received : 0;
        p99[i] = (double)times_at(&one.delay_us, 990) / 1000;
        row->lost += one.lost;
        row->drops += one.drops;
    }
    if (done) {
        row->ns_per_packet = measure_median(ns, ROUNDS);
        row->delay_p99_ms = measure_median(p99, ROUNDS);
    }
    if (!peace)
        hostile_leave(&hostile);
    crowd_close(&crowd);
    return done;
}

bool media_hostile_measure(struct media_report *report)
{
    printf("\n%d neighbours of a hostile peer (all of the worker's time, by neighbours' packet):\n"
           "%-20s %9s %8s %6s %8s\n",
           NEIGHBOURS, "who", "ns/pkt", "p99 ms", "lost", "drops");
    for (int i = -1; i < (int)HOSTILE_KINDS; i++) {
        struct media_hostile_row *row = &report->hostile[report->hostile_count];
        if (!measure(i < 0 ? HOSTILE_KINDS : (enum hostile_kind)i, row))
            return false;
        report->hostile_count++;
        printf("%-20s %9.0f %8.2f %6llu %8llu\n", row->who, row->ns_per_packet, row->delay_p99_ms,
               (unsigned long long)row->lost, (unsigned long long)row->drops);
        (void)fflush(stdout);
    }
    return true;
}
