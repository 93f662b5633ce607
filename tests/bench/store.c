/* How many acknowledged events a second the record takes: one at a time, and with group commit.
 *
 * Usage: bench_store [figures.json [folder [seconds]]]. Real service, real SQLite,
 * synchronous=FULL; an event counts once its MEETING_OUTPUT_DONE said that it is on disk. Beside
 * it, as the floor of the hardware, how often a second the same file system takes an append of 4 kB
 * and an fdatasync. Prints a table and writes build/bench/store.json. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "meeting/meeting.h"

enum { WINDOW_MAX = 256, SYNC_BYTES = 4096 };

struct bench {
    struct meeting_service *service;
    uint64_t meeting;
    uint64_t secretary;
    uint64_t submitted;
    uint64_t acknowledged;
    usec_t *sent_us; /* by ticket, modulo WINDOW_MAX */
    usec_t *waits_us;
    uint64_t wait_count;
    uint64_t wait_capacity;
};

struct figures {
    uint32_t window;
    double per_second;
    double p50_ms;
    double p99_ms;
};

static void must(bool held, const char *what)
{
    if (held)
        return;
    fprintf(stderr, "bench_store: %s\n", what);
    exit(1);
}

/* -- a meeting that is live ---------------------------------------------------------------------
 */

static uint64_t add_user(struct bench *bench, uint64_t unit, const char *login, enum user_role role)
{
    uint64_t id = 0;
    struct directory_user user = {.unit_id = unit,
                                  .roles = 1u << role,
                                  .login = login,
                                  .password_hash = "!",
                                  .name = login,
                                  .position = ""};
    must(meeting_directory_add_user(bench->service, &user, &id) == ERR_OK, "user");
    return id;
}

static void do_command(struct bench *bench, uint64_t actor, struct meeting_command command)
{
    command.meeting = bench->meeting;
    command.actor = actor;
    must(!meeting_submit(bench->service, &command, clock_utc_ms()).refusal, "command refused");
}

static void bench_open(struct bench *bench, const char *folder)
{
    struct meeting_config config = {.data_folder = folder};
    utc_ms_t now = clock_utc_ms();
    must(meeting_service_open(&config, now, &bench->service) == ERR_OK, "cannot open the folder");
    uint64_t unit = 0;
    struct directory_unit province = {.kind = UNIT_PROVINCE, .name = "tỉnh Lam Giang"};
    must(meeting_directory_add_unit(bench->service, &province, &unit) == ERR_OK, "unit");
    uint64_t chair = add_user(bench, unit, "chutoa", ROLE_LEADER);
    bench->secretary = add_user(bench, unit, "thuky", ROLE_SECRETARY);
    struct meeting_plan plan = {.actor = bench->secretary,
                                .title = "Họp đo tốc độ",
                                .place = "",
                                .start_at = now,
                                .end_at = now + 3600000,
                                .chair_id = chair,
                                .secretary_id = bench->secretary};
    bench->meeting = meeting_create(bench->service, &plan, now).id;
    struct agenda_item item = {.title = "Đo"};
    do_command(bench, bench->secretary,
               (struct meeting_command){.action = ACTION_AGENDA_SET, .of.agenda_set = {1, &item}});
    static const enum meeting_action way[] = {ACTION_SUBMIT, ACTION_APPROVE, ACTION_ANNOUNCE,
                                              ACTION_ENTER,  ACTION_ENTER,   ACTION_START};
    const uint64_t who[] = {bench->secretary, chair, bench->secretary,
                            bench->secretary, chair, chair};
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++)
        do_command(bench, who[i], (struct meeting_command){.action = way[i]});
    must(meeting_flush(bench->service) == ERR_OK, "flush");
}

/* -- measuring ----------------------------------------------------------------------------------
 */

/* One event: the secretary asks for the floor, and the next time withdraws. */
static void submit_one(struct bench *bench)
{
    struct meeting_command command = {
        .action = bench->submitted % 2 ? ACTION_FLOOR_WITHDRAW : ACTION_FLOOR_REQUEST,
        .meeting = bench->meeting,
        .actor = bench->secretary,
    };
    struct meeting_receipt receipt = meeting_submit(bench->service, &command, clock_utc_ms());
    must(!receipt.refusal, "refused");
    bench->sent_us[receipt.ticket % WINDOW_MAX] = clock_now_us();
    bench->submitted++;
}

static void take_answers(struct bench *bench)
{
    struct pollfd fd = {.fd = meeting_fd(bench->service), .events = POLLIN};
    struct meeting_output output;
    poll(&fd, 1, 1000);
    while (meeting_poll(bench->service, clock_utc_ms(), &output)) {
        if (output.kind != MEETING_OUTPUT_DONE)
            continue;
        must(output.err == ERR_OK, "not kept");
        bench->acknowledged++;
        if (bench->wait_count < bench->wait_capacity)
            bench->waits_us[bench->wait_count++] =
                clock_now_us() - bench->sent_us[output.ticket % WINDOW_MAX];
    }
}

static int by_size(const void *a, const void *b)
{
    usec_t left;
    usec_t right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return left < right ? -1 : left > right;
}

/* `window` events are under way at any time. */
static struct figures run(struct bench *bench, uint32_t window, double seconds)
{
    take_answers(bench);
    bench->submitted = bench->acknowledged = bench->wait_count = 0;
    usec_t begin = clock_now_us();
    usec_t end = begin + (usec_t)(seconds * 1e6);
    while (clock_now_us() < end) {
        while (bench->submitted - bench->acknowledged < window)
            submit_one(bench);
        take_answers(bench);
    }
    uint64_t counted = bench->acknowledged;
    double took = (double)(clock_now_us() - begin) / 1e6;
    while (bench->submitted > bench->acknowledged || bench->submitted % 2)
        if (bench->submitted > bench->acknowledged)
            take_answers(bench);
        else
            submit_one(bench);
    qsort(bench->waits_us, bench->wait_count, sizeof bench->waits_us[0], by_size);
    must(bench->wait_count > 0, "nothing was acknowledged");
    uint64_t half = bench->wait_count / 2;
    uint64_t most = bench->wait_count * 99 / 100;
    return (struct figures){
        .window = window,
        .per_second = (double)counted / took,
        .p50_ms = (double)bench->waits_us[half] / 1e3,
        .p99_ms = (double)bench->waits_us[most] / 1e3,
    };
}

static double syncs_per_second(const char *folder, double seconds)
{
    char path[4096];
    static const char block[SYNC_BYTES];
    snprintf(path, sizeof path, "%s/sync", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fd >= 0, "sync file");
    uint64_t count = 0;
    usec_t begin = clock_now_us();
    usec_t end = begin + (usec_t)(seconds * 1e6);
    for (; clock_now_us() < end; count++)
        must(write(fd, block, sizeof block) == SYNC_BYTES && fdatasync(fd) == 0, "sync");
    double took = (double)(clock_now_us() - begin) / 1e6;
    close(fd);
    unlink(path);
    return (double)count / took;
}

static void report(const char *path, double syncs, const struct figures *figures, size_t count)
{
    printf("%-34s %12s %10s %10s\n", "", "per second", "p50 ms", "p99 ms");
    printf("%-34s %12.0f\n", "append of 4 kB and fdatasync", syncs);
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    fprintf(file, "{\"syncsPerSecond\":%.1f,\"runs\":[", syncs);
    for (size_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "events, %u under way", figures[i].window);
        printf("%-34s %12.0f %10.2f %10.2f\n", name, figures[i].per_second, figures[i].p50_ms,
               figures[i].p99_ms);
        fprintf(file, "%s{\"underWay\":%u,\"eventsPerSecond\":%.1f,\"p50Ms\":%.3f,\"p99Ms\":%.3f}",
                i ? "," : "", figures[i].window, figures[i].per_second, figures[i].p50_ms,
                figures[i].p99_ms);
    }
    fputs("]}\n", file);
    fclose(file);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

int main(int argc, char **argv)
{
    static const uint32_t windows[] = {1, 16, WINDOW_MAX};
    char made[] = "/tmp/dienhong-bench-XXXXXX";
    const char *json = argc > 1 ? argv[1] : "build/bench/store.json";
    const char *folder = argc > 2 ? argv[2] : mkdtemp(made);
    double seconds = argc > 3 ? strtod(argv[3], NULL) : 3;
    struct bench bench = {.wait_capacity = 1 << 22};
    struct figures figures[sizeof windows / sizeof windows[0]];
    bench.sent_us = calloc(WINDOW_MAX, sizeof bench.sent_us[0]);
    bench.waits_us = calloc(bench.wait_capacity, sizeof bench.waits_us[0]);
    must(folder && bench.sent_us && bench.waits_us, "no folder or memory");
    must(mkdir(folder, 0700) == 0 || errno == EEXIST, "folder");
    double syncs = syncs_per_second(folder, seconds);
    bench_open(&bench, folder);
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++)
        figures[i] = run(&bench, windows[i], seconds);
    meeting_service_close(bench.service);
    report(json, syncs, figures, sizeof windows / sizeof windows[0]);
    if (argc <= 2)
        must(nftw(made, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0, "cannot clean up");
    free(bench.sent_us);
    free(bench.waits_us);
    return 0;
}
