#include "signaling/edge/metrics_page.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "signaling/edge/authority.h"
#include "signaling/edge/line_test_room.h"
#include "signaling/edge/media.h"

enum { NSEC_PER_SEC = 1000000000 };

void metrics_put(struct buffer *text, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (size <= 0 || (size_t)size >= sizeof line)
        return;
    enum err err = buffer_put(text, (struct bytes){(const uint8_t *)line, (size_t)size});
    (void)err;
}

static void type_put(struct buffer *text, const char *name, const char *type)
{
    metrics_put(text, "# TYPE dienhong_%s %s\n", name, type);
}

static void number_put(struct buffer *text, const char *name, const char *type, uint64_t value)
{
    type_put(text, name, type);
    metrics_put(text, "dienhong_%s %" PRIu64 "\n", name, value);
}

static void seconds_put(struct buffer *text, const char *name, const char *type, uint64_t nsec)
{
    type_put(text, name, type);
    metrics_put(text, "dienhong_%s %" PRIu64 ".%09" PRIu64 "\n", name, nsec / NSEC_PER_SEC,
                nsec % NSEC_PER_SEC);
}

/* -- the process ------------------------------------------------------------------------------ */

static uint64_t cpu_nsec(clockid_t clock)
{
    struct timespec used;
    if (clock_gettime(clock, &used) != 0)
        return 0;
    return (uint64_t)used.tv_sec * NSEC_PER_SEC + (uint64_t)used.tv_nsec;
}

static uint64_t resident_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t open_files(void)
{
    uint64_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count - 1; /* without the folder's own */
}

static void process_write(struct buffer *text)
{
    struct rlimit files = {0};
    (void)getrlimit(RLIMIT_NOFILE, &files);
    seconds_put(text, "process_cpu_seconds_total", "counter", cpu_nsec(CLOCK_PROCESS_CPUTIME_ID));
    number_put(text, "process_resident_bytes", "gauge", resident_bytes());
    number_put(text, "process_open_files", "gauge", open_files());
    number_put(text, "process_open_files_limit", "gauge", files.rlim_cur);
}

/* -- the door --------------------------------------------------------------------------------- */

static void lag_write(const struct histogram *lag, struct buffer *text)
{
    type_put(text, "control_lag_seconds", "histogram");
    for (uint32_t n = 0; n < HISTOGRAM_BOUNDS; n++)
        metrics_put(text, "dienhong_control_lag_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                    (double)histogram_bounds_us[n] / (double)USEC_PER_SEC, lag->up_to[n]);
    metrics_put(text, "dienhong_control_lag_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", lag->count);
    metrics_put(text, "dienhong_control_lag_seconds_sum %.6f\n",
                (double)lag->sum_us / (double)USEC_PER_SEC);
    metrics_put(text, "dienhong_control_lag_seconds_count %" PRIu64 "\n", lag->count);
}

static void door_write(const struct door *door, struct buffer *text)
{
    seconds_put(text, "control_cpu_seconds_total", "counter", cpu_nsec(CLOCK_THREAD_CPUTIME_ID));
    lag_write(&door->lag, text);
    number_put(text, "requests_total", "counter", door->requests_total);
    number_put(text, "refusals_total", "counter", door->refusals_total);
    number_put(text, "requests_open", "gauge", door->request_pool.taken);
    number_put(text, "logins_failed_total", "counter", door->logins_failed_total);
    struct authority_load authority = authority_load(door);
    number_put(text, "authority_requests_total", "counter", authority.requests_total);
    number_put(text, "authority_refused_total", "counter", authority.refused_total);
    number_put(text, "authority_waiting", "gauge", authority.waiting);
    number_put(text, "live_connections", "gauge", door->connections_open);
    number_put(text, "live_sent_messages_total", "counter", door->live_sent_messages_total);
    number_put(text, "live_sent_bytes_total", "counter", door->live_sent_bytes_total);
    number_put(text, "users", "gauge", meeting_user_count(door->meetings));
}

static void media_write(const struct door *door, struct buffer *text)
{
    struct media_load load = media_load(door->media);
    struct line_test_counts line_test = line_test_room_counts(door->media);
    number_put(text, "joins_total", "counter", load.totals.joins);
    number_put(text, "joins_refused_total", "counter", load.totals.joins_refused);
    number_put(text, "joins_waiting", "gauge", load.joins_waiting);
    seconds_put(text, "join_seconds_total", "counter", load.totals.join_us * 1000);
    type_put(text, "media_endpoints", "gauge");
    metrics_put(text, "dienhong_media_endpoints{kind=\"meeting\"} %" PRIu32 "\n", load.meetings);
    metrics_put(text, "dienhong_media_endpoints{kind=\"line_test\"} %" PRIu32 "\n", load.line_test);
    number_put(text, "rooms", "gauge", media_room_count(door->media));
    number_put(text, "line_tests", "gauge", line_test.running);
    number_put(text, "line_test_seats", "gauge", line_test.open);
}

static void store_write(const struct door *door, struct buffer *text)
{
    struct meeting_counters counters = meeting_counters(door->meetings);
    number_put(text, "store_batches_total", "counter", counters.batches);
    number_put(text, "store_commits_total", "counter", counters.commits);
    number_put(text, "store_waiting", "gauge", counters.waiting);
}

/* -- the media workers ------------------------------------------------------------------------ */

static const char DROP[] = "drop_";

static bool is_drop(const char *name)
{
    return strncmp(name, DROP, sizeof DROP - 1) == 0;
}

static void counter_write(const char *name, const uint64_t *values, uint32_t count,
                          struct buffer *text)
{
    if (is_drop(name))
        return;
    metrics_put(text, "# TYPE dienhong_worker_%s_total counter\n", name);
    for (uint32_t n = 0; n < count; n++)
        metrics_put(text, "dienhong_worker_%s_total{worker=\"%" PRIu32 "\"} %" PRIu64 "\n", name, n,
                    values[n]);
}

static void drop_write(const char *name, const uint64_t *values, uint32_t count,
                       struct buffer *text)
{
    if (!is_drop(name))
        return;
    for (uint32_t n = 0; n < count; n++)
        metrics_put(text,
                    "dienhong_worker_dropped_total{worker=\"%" PRIu32 "\",reason=\"%s\"} %" PRIu64
                    "\n",
                    n, name + sizeof DROP - 1, values[n]);
}

static void workers_write(const struct door *door, struct buffer *text)
{
    uint32_t count = (uint32_t)settings_number(&door->settings, SETTING_WORKERS);
    struct worker_counters counters[LIMIT_WORKERS];
    uint64_t values[LIMIT_WORKERS] = {0};
    for (uint32_t n = 0; n < count; n++)
        counters[n] = sfu_counters(door->sfu, n);
    type_put(text, "media_cipher", "gauge");
    metrics_put(text, "dienhong_media_cipher{name=\"%s\"} 1\n", sfu_cipher_name(door->sfu));
    struct sfu_memory memory = sfu_memory(door->sfu);
    type_put(text, "media_endpoint_bytes", "gauge");
    metrics_put(text, "dienhong_media_endpoint_bytes{kind=\"receiver\"} %zu\n",
                memory.receiver_bytes);
    metrics_put(text, "dienhong_media_endpoint_bytes{kind=\"sender\"} %zu\n", memory.sender_bytes);
    type_put(text, "worker_cpu_seconds_total", "counter");
    for (uint32_t n = 0; n < count; n++) {
        uint64_t nsec = sfu_cpu_ns(door->sfu, n);
        metrics_put(text,
                    "dienhong_worker_cpu_seconds_total{worker=\"%" PRIu32 "\"} %" PRIu64
                    ".%09" PRIu64 "\n",
                    n, nsec / NSEC_PER_SEC, nsec % NSEC_PER_SEC);
    }
    type_put(text, "worker_endpoints", "gauge");
    for (uint32_t n = 0; n < count; n++)
        metrics_put(text, "dienhong_worker_endpoints{worker=\"%" PRIu32 "\"} %" PRIu32 "\n", n,
                    sfu_endpoints(door->sfu, n));
#define X(name)                                                                                    \
    for (uint32_t n = 0; n < count; n++)                                                           \
        values[n] = counters[n].name;                                                              \
    WRITE(#name, values, count, text);
#define WRITE counter_write
    WORKER_COUNTERS(X)
#undef WRITE
    type_put(text, "worker_dropped_total", "counter");
#define WRITE drop_write
    WORKER_COUNTERS(X)
#undef WRITE
#undef X
}

void metrics_page_write(const struct door *door, struct buffer *text)
{
    process_write(text);
    door_write(door, text);
    media_write(door, text);
    store_write(door, text);
    workers_write(door, text);
}

void metrics_health_write(const struct door *door, struct buffer *text)
{
    metrics_put(text, "{\"status\":\"%s\",\"commit\":\"%s\",\"startedAt\":%" PRId64 "}\n",
                door->stopping ? "stopping" : "ok", DIENHONG_COMMIT, door->started_at);
}
