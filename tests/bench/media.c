/* What a forwarded packet costs the media server, beside what the machine allows, and what
 * thousands of receivers see of it: docs/performance.md says how each figure is taken.
 *
 * Usage: bench_media FILE.json [quick] [rows|tick|capacity|stage|idle|memory|joins|hostile]… [N…]
 * Without words: everything. DIENHONG names the server's program for the join storm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tests/bench/measure.h"
#include "tests/bench/media_hostile.h"
#include "tests/bench/media_memory.h"
#include "tests/bench/media_report.h"

enum part {
    PART_MEMORY = 1,
    PART_ROWS = 2,
    PART_CAPACITY = 4,
    PART_STAGE = 8,
    PART_IDLE = 16,
    PART_JOINS = 32,
    PART_HOSTILE = 64,
    PART_TICK = 128,
    PART_ALL = 255,
};

enum {
    COUNTS_MAX = 8,
    EVERYBODY = 3400,
    IDLE_RECEIVERS = 20,
    MEMORY_RECEIVERS = 1000,
    CAPACITY_FROM = 1000,
    CAPACITY_STEP = 250,
    CAPACITY_TO = 4000,
};

struct choice {
    const char *path;
    bool quick;
    uint32_t parts;
    uint32_t count;
    uint32_t counts[COUNTS_MAX];
    struct media_plan plan;
};

static const struct {
    const char *word;
    uint32_t part;
} words[] = {{"memory", PART_MEMORY},   {"rows", PART_ROWS}, {"capacity", PART_CAPACITY},
             {"stage", PART_STAGE},     {"idle", PART_IDLE}, {"joins", PART_JOINS},
             {"hostile", PART_HOSTILE}, {"tick", PART_TICK}};

static bool choose_word(struct choice *choice, const char *word)
{
    if (strcmp(word, "quick") == 0) {
        choice->quick = true;
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i].word) != 0)
            continue;
        choice->parts |= words[i].part;
        return true;
    }
    uint32_t n = (uint32_t)strtoul(word, NULL, 10);
    if (n == 0 || n > EVERYBODY || choice->count == COUNTS_MAX)
        return false;
    choice->counts[choice->count++] = n;
    return true;
}

static bool choose(int argc, char **argv, struct choice *ret_choice)
{
    static const uint32_t all[] = {100, 500, 1000, 2000, EVERYBODY};
    static const uint32_t few[] = {100, 1000};
    struct choice *choice = ret_choice;
    *choice = (struct choice){.path = argc > 1 ? argv[1] : NULL};
    for (int i = 2; i < argc; i++)
        if (!choose_word(choice, argv[i]))
            return false;
    if (choice->parts == 0)
        choice->parts = choice->quick ? PART_ROWS | PART_IDLE : PART_ALL;
    size_t count = choice->quick ? sizeof few / sizeof few[0] : sizeof all / sizeof all[0];
    for (size_t i = 0; i < count && (i > 0 ? choice->count == i : choice->count == 0); i++)
        choice->counts[choice->count++] = choice->quick ? few[i] : all[i];
    choice->plan = (struct media_plan){.rounds = choice->quick ? 3 : 5,
                                       .window_us = (choice->quick ? 600 : 1000) * USEC_PER_MSEC};
    return choice->path != NULL;
}

/* ---- Parts ----------------------------------------------------------------------------------- */

static bool do_rows(const struct choice *choice, struct media_report *report)
{
    uint32_t workers_most = choice->quick ? 1 : CROWD_WORKERS_MAX;
    printf("\nOne publisher (30 frames/s of 5 packets, 50 audio packets/s) to N receivers. Above "
           "what a"
           "\ncore carries the pace is lowered to 70 %% load. Medians of %u turns, floor and "
           "server.\n",
           choice->plan.rounds);
    media_report_row_head();
    for (uint32_t workers = 1; workers <= workers_most; workers++)
        for (uint32_t i = 0; i < choice->count; i++) {
            struct media_row *row = &report->rows[report->row_count];
            *row = (struct media_row){.n = choice->counts[i],
                                      .workers = workers,
                                      .whole_segments = true,
                                      .tick_us = SFU_TICK_US};
            if (!media_row_measure(&choice->plan, row))
                return false;
            report->row_count++;
            media_report_row(row);
        }
    return true;
}

static bool do_unsegmented(const struct choice *choice, struct media_report *report)
{
    printf("Without UDP_SEGMENT, the floor neither:\n");
    report->unsegmented = (struct media_row){.n = 500, .workers = 1, .tick_us = SFU_TICK_US};
    if (!media_row_measure(&choice->plan, &report->unsegmented))
        return false;
    media_report_row(&report->unsegmented);
    return true;
}

static bool do_tick(const struct choice *choice, struct media_report *report)
{
    static const uint32_t ticks[] = {0, 2000, 5000, 10000};
    enum { RECEIVERS = 1000 };
    printf("\nA busy worker that lets so much time pass between two rounds (0, 2, 5, 10 ms):\n");
    media_report_row_head();
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        struct media_row *row = &report->ticks[report->tick_count];
        *row = (struct media_row){
            .n = RECEIVERS, .workers = 1, .whole_segments = true, .tick_us = ticks[i]};
        if (!media_row_measure(&choice->plan, row))
            return false;
        report->tick_count++;
        media_report_row(row);
    }
    return true;
}

static bool do_idle(const struct choice *choice, struct media_report *report)
{
    printf("\nOne publisher to %u, the server idle otherwise:\n", IDLE_RECEIVERS);
    report->idle = (struct media_row){
        .n = IDLE_RECEIVERS, .workers = 1, .whole_segments = true, .tick_us = SFU_TICK_US};
    if (!media_row_measure(&choice->plan, &report->idle))
        return false;
    media_report_row_head();
    media_report_row(&report->idle);
    return true;
}

static bool do_memory(struct media_report *report)
{
    if (!media_memory_measure(MEMORY_RECEIVERS, &report->bytes_per_receiver))
        return false;
    printf("\nMemory of a receiving endpoint: %.1f kB\n",
           (double)report->bytes_per_receiver / 1000);
    return true;
}

static bool do_capacity(struct media_report *report)
{
    struct media_capacity *capacity = &report->capacity;
    printf("\nReceivers of the full stream on one worker:\n");
    if (!media_capacity_find(CAPACITY_FROM, CAPACITY_STEP, CAPACITY_TO, USEC_PER_SEC * 2, capacity))
        return false;
    for (uint32_t i = 0; i < capacity->step_count; i++)
        media_report_step(&capacity->steps[i]);
    printf("Carried: %u, nobody three frames late: %u. At 80 %% of what is carried:\n",
           capacity->receivers, capacity->receivers_in_time);
    media_report_step(&capacity->at_80);
    return true;
}

static bool do_stage(struct media_report *report)
{
    enum { PACE = 10 }; /* the crowd shares the two cores */
    struct media_switch *stage = &report->stage;
    if (!media_switch_measure(EVERYBODY, 2, PACE, stage))
        return false;
    printf(
        "\nStage switch for %u on 2 workers: first packet at the first receiver after %.0f ms, at "
        "the"
        "\nlast after %.0f ms (%u arrived). They waited %.0f ms at most for the publisher to send "
        "it, and\n%.0f ms at most beside; the whole keyframe, p99, was there after %.0f ms\n",
        stage->n, stage->first_ms, stage->last_ms, stage->arrived, stage->keyframe_ms,
        stage->carried_ms, stage->frame_p99_ms);
    return true;
}

static bool do_joins(struct media_report *report)
{
    const char *program = getenv("DIENHONG");
    struct media_join *join = &report->join;
    if (!program) {
        printf("\nNo join storm: DIENHONG does not name the server's program\n");
        return true;
    }
    if (!media_join_measure(program, EVERYBODY, join))
        return false;
    printf("\n%u joins by WSS in %.1f s, %u with a first frame (p50 %.0f, p95 %.0f, last %.0f ms);"
           "\nserver %.1f s of CPU, load %.1f s; %.1f kB of the server's memory each\n",
           join->n, join->seconds, join->seen, join->first_frame_p50_ms, join->first_frame_p95_ms,
           join->first_frame_max_ms, join->server_cpu_s, join->load_cpu_s,
           (double)join->server_bytes_per_join / 1000);
    return true;
}

static bool do_all(const struct choice *choice, struct media_report *report)
{
    uint32_t parts = choice->parts;
    /* Memory first: it forks, which only a process without threads may. */
    return (!(parts & PART_MEMORY) || do_memory(report)) &&
           (!(parts & PART_ROWS) || do_rows(choice, report)) &&
           (!(parts & PART_ROWS) || choice->quick || do_unsegmented(choice, report)) &&
           (!(parts & PART_TICK) || do_tick(choice, report)) &&
           (!(parts & PART_IDLE) || do_idle(choice, report)) &&
           (!(parts & PART_CAPACITY) || do_capacity(report)) &&
           (!(parts & PART_STAGE) || do_stage(report)) &&
           (!(parts & PART_JOINS) || do_joins(report)) &&
           (!(parts & PART_HOSTILE) || media_hostile_measure(report));
}

int main(int argc, char **argv)
{
    static struct media_report report;
    struct choice choice;
    if (!choose(argc, argv, &choice)) {
        fprintf(stderr, "usage: bench_media FILE.json [quick] [memory|rows|tick|capacity|stage|"
                        "idle|joins|hostile]... [N...]\n");
        return 2;
    }
    log_set_level(LOG_WARN);
    choice.plan.cipher = floor_cipher_best();
    report.floor_cipher = floor_cipher_name(choice.plan.cipher);
    printf("%u cores; the floor's cipher: %s\n", measure_cores(), report.floor_cipher);
    bool done = do_all(&choice, &report);
    return media_report_write(&report, choice.path) && done ? 0 : 1;
}
