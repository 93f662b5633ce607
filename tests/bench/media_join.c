#include "tests/bench/media_join.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PATH_BYTES = 128,
    LINE_BYTES = 512,
    /* A pace that leaves the two cores to the joins: 5 frames and 8 audio packets a second. */
    FRAMES_PER_SECOND = 5,
    SECONDS =
        8, /* after the joins, so that handshakes' memory is given back (sfu/edge/handshakes.h) */
};

extern char **environ;

struct place {
    char folder[PATH_BYTES];
    char config[PATH_BYTES];
    char password[PATH_BYTES];
    char data[PATH_BYTES];
    char authority[PATH_BYTES];
    char result[PATH_BYTES];
    char log[PATH_BYTES]; /* of both programs */
};

/* ---- Files ----------------------------------------------------------------------------------- */

static bool write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    bool done = fputs(text, file) >= 0;
    return fclose(file) == 0 && done;
}

static void name_in(const struct place *place, const char *name, char ret_path[PATH_BYTES])
{
    (void)snprintf(ret_path, PATH_BYTES, "%.64s/%s", place->folder, name);
}

static bool prepare(struct place *place)
{
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/dienhong-bench-XXXXXX");
    if (!mkdtemp(place->folder))
        return false;
    name_in(place, "dienhong.conf", place->config);
    name_in(place, "password", place->password);
    name_in(place, "data", place->data);
    name_in(place, "data/ca/root.pem", place->authority);
    name_in(place, "result.json", place->result);
    name_in(place, "log", place->log);
    return write_file(place->config, "[media]\nworkers = 2\nendpoints = 4096\n") &&
           write_file(place->password, "DienHong-1284\n"); /* packaging/demo/province.json */
}

static void remove_place(const struct place *place)
{
    const char *const words[] = {"rm", "-rf", "--", place->folder, NULL};
    char *arguments[sizeof words / sizeof words[0]];
    memcpy(arguments, words, sizeof words);
    pid_t child;
    if (posix_spawnp(&child, "rm", NULL, NULL, arguments, environ) == 0)
        (void)waitpid(child, NULL, 0);
}

/* ---- Processes ------------------------------------------------------------------------------- */

/* `output` becomes the program's standard output; what it says besides goes to the log. */
static pid_t start(const char *program, const char *const *words, int output, const char *log)
{
    char *arguments[32];
    size_t count = 0;
    while (words[count] && count < sizeof arguments / sizeof arguments[0] - 1)
        count++;
    memcpy(arguments, words, count * sizeof words[0]);
    arguments[count] = NULL;
    posix_spawn_file_actions_t files;
    pid_t child = -1;
    if (posix_spawn_file_actions_init(&files) != 0)
        return -1;
    (void)posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    (void)posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log,
                                           O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (posix_spawn(&child, program, &files, NULL, arguments, environ) != 0)
        child = -1;
    (void)posix_spawn_file_actions_destroy(&files);
    return child;
}

/* The line "ready https://localhost:PORT" names the door. */
static bool await_ready(FILE *output, char ret_url[LINE_BYTES])
{
    static const char ready[] = "ready ";
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, output)) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, ready, sizeof ready - 1) != 0)
            continue;
        memcpy(ret_url, line + sizeof ready - 1, sizeof line - sizeof ready + 1);
        return true;
    }
    return false;
}

static double cpu_seconds_of(pid_t process)
{
    char path[64];
    unsigned long long user = 0;
    unsigned long long system = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user,
               &system) != 2)
        user = system = 0;
    (void)fclose(file);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static uint64_t resident_of(pid_t process)
{
    char path[64];
    unsigned long long pages = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    (void)fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* ---- The storm ------------------------------------------------------------------------------- */

static bool read_result(const char *path, struct media_join *join)
{
    json_error_t fault;
    json_t *result = json_load_file(path, 0, &fault);
    json_t *picture = json_object_get(result, "firstPicture");
    json_t *counts = json_object_get(result, "counts");
    bool done = picture && counts;
    join->seen = (uint32_t)json_integer_value(json_object_get(counts, "seen"));
    join->seconds = json_number_value(json_object_get(result, "allSeenSeconds"));
    join->first_frame_p50_ms = json_number_value(json_object_get(picture, "p50Ms"));
    join->first_frame_p95_ms = json_number_value(json_object_get(picture, "p95Ms"));
    join->first_frame_max_ms = json_number_value(json_object_get(picture, "maxMs"));
    json_decref(result);
    return done;
}

static pid_t start_load(const char *program, const struct place *place, const char *url, uint32_t n)
{
    char receivers[16];
    char seconds[16];
    char frames[16];
    (void)snprintf(receivers, sizeof receivers, "%u", n);
    (void)snprintf(seconds, sizeof seconds, "%d", SECONDS);
    (void)snprintf(frames, sizeof frames, "%d", FRAMES_PER_SECOND);
    const char *const words[] = {program,         "load",      url,
                                 "--user",        "kythuat",   "--password-file",
                                 place->password, "--ca",      place->authority,
                                 "--receivers",   receivers,   "--seconds",
                                 seconds,         "--profile", "bench",
                                 "--frames",      frames,      "--decrypt-every",
                                 "100",           "--json",    NULL};
    int output = open(place->result, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    pid_t child = output >= 0 ? start(program, words, output, place->log) : -1;
    if (output >= 0)
        close(output);
    return child;
}

static bool storm(const char *program, const struct place *place, pid_t server, const char *url,
                  struct media_join *join)
{
    uint64_t before = resident_of(server);
    double cpu_before = cpu_seconds_of(server);
    pid_t load = start_load(program, place, url, join->n);
    int status = 0;
    struct rusage used = {0};
    if (load < 0)
        return false;
    while (wait4(load, &status, 0, &used) < 0 && errno == EINTR)
        ;
    uint64_t after = resident_of(server);
    join->server_cpu_s = cpu_seconds_of(server) - cpu_before;
    join->load_cpu_s = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    join->server_bytes_per_join = after > before ? (after - before) / join->n : 0;
    return read_result(place->result, join);
}

static bool serve_and_storm(const char *program, const struct place *place, struct media_join *join)
{
    const char *const words[] = {
        program, "serve",  "--config",  place->config, "--port",
        "0",     "--data", place->data, "--demo",      "packaging/demo/province.json",
        NULL};
    int ends[2];
    char url[LINE_BYTES];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t server = start(program, words, ends[1], place->log);
    close(ends[1]);
    FILE *output = fdopen(ends[0], "re");
    bool done = server > 0 && output && await_ready(output, url) &&
                storm(program, place, server, url, join);
    if (server > 0) {
        (void)kill(server, SIGTERM);
        (void)waitpid(server, NULL, 0);
    }
    if (output)
        (void)fclose(output);
    return done;
}

bool media_join_measure(const char *program, uint32_t n, struct media_join *ret_join)
{
    struct place place;
    *ret_join = (struct media_join){.n = n};
    if (!prepare(&place))
        return false;
    bool done = serve_and_storm(program, &place, ret_join);
    if (!done)
        fprintf(stderr, "bench: the join storm did not run; its files are in %s\n", place.folder);
    else
        remove_place(&place);
    return done;
}
