/* A media server in this process and a crowd of real clients in front of it: who joins, what flows,
 * and what a window of time cost.
 *
 *   core 0: worker 0 (and the floor, when its turn is)     core 1: the crowd, worker 1
 *
 * The crowd is load/load.h: ICE, DTLS, SRTP, feedback and all. Its senders are sources 1, 2, …; the
 * first has the floor and the stage. One thread, the bench's. */
#ifndef TESTS_BENCH_CROWD_H
#define TESTS_BENCH_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/units.h"
#include "load/load.h"
#include "tests/support/media_house.h"

enum { CROWD_ROOM = 1, CROWD_SENDERS_MAX = 2, CROWD_WORKERS_MAX = 2 };

struct crowd_config {
    uint32_t receivers; /* at most; crowd_grow() brings them */
    uint32_t senders;   /* 1 … CROWD_SENDERS_MAX */
    uint32_t workers;   /* 1 … CROWD_WORKERS_MAX */
    uint32_t frames_per_second;
    uint32_t tick_us;
    bool whole_segments; /* false: as on a kernel without UDP_SEGMENT */
    enum sfu_cipher cipher;
};

struct crowd {
    struct crowd_config config;
    struct media_house house;
    struct load *load;
    uint32_t receivers; /* connected */
    bool flowing;
    uint32_t gone;                         /* endpoints that the server gave up */
    uint64_t worker_ns[CROWD_WORKERS_MAX]; /* at the window's start */
    struct worker_counters counters;
    struct load_stats *before;
    struct load_stats *after;
};

/* What happened between crowd_begin() and crowd_end(). */
struct crowd_window {
    usec_t duration_us;
    uint64_t cpu_ns; /* of all workers */
    double busy;     /* of the busiest worker's core, 0 … 1 */
    uint64_t sent;   /* packets, by the server */
    uint64_t published;
    uint64_t received; /* by the crowd */
    uint64_t drops;    /* of the server's, whatever the reason: */
    struct worker_counters dropped;
    uint64_t lost; /* what the crowd found missing and did not get again */
    uint64_t overflowed;
    uint64_t load_cpu_ns;
    struct times delay_us;
};

/* Senders connected, nobody else; silent. False with a line on stderr. */
bool crowd_open(struct crowd *crowd, const struct crowd_config *config);
void crowd_close(struct crowd *crowd);
/* Until `receivers` are connected. */
bool crowd_grow(struct crowd *crowd, uint32_t receivers);
/* Senders begin or stop; gives what is under way a moment. */
void crowd_flow(struct crowd *crowd, bool on);
void crowd_begin(struct crowd *crowd);
void crowd_end(struct crowd *crowd, struct crowd_window *ret_window);
/* Lets `duration` pass, looking after the server's events. */
void crowd_pass(struct crowd *crowd, usec_t duration);
bool crowd_stage(struct crowd *crowd, uint32_t source);

/* "auth 3, unsent 1": the reasons, for people. */
void crowd_name_drops(const struct worker_counters *counters, char *ret_text, size_t capacity);
/* All counters whose names say that something was dropped. */
uint64_t crowd_drops(const struct worker_counters *counters);

static inline double crowd_ns_per_packet(const struct crowd_window *window)
{
    return window->sent ? (double)window->cpu_ns / (double)window->sent : 0;
}

#endif
