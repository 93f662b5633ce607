/* The parent's side: start, listen until the deadline, judge the end. */
#include "meeting/edge/paper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "certs/certs.h"
#include "meeting/edge/paper/sandbox_run.h"

struct child {
    pid_t pid;
    int answer; /* our end of the pipe */
    usec_t deadline;
};

/* The descriptors of the child, and the signals as a new program expects them. */
static bool plan(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int file,
                 int answer, int trust)
{
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    int first_closed = trust >= 0 ? SANDBOX_TRUST_FD + 1 : SANDBOX_TRUST_FD;
    return posix_spawn_file_actions_adddup2(actions, file, STDIN_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, answer, STDOUT_FILENO) == 0 &&
           (trust < 0 || posix_spawn_file_actions_adddup2(actions, trust, SANDBOX_TRUST_FD) == 0) &&
           posix_spawn_file_actions_addclosefrom_np(actions, first_closed) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) ==
               0;
}

/* `arguments`: of the child, after "sandbox". All descriptors stay the caller's. */
static enum err start(const char *mode, const char *argument, int file, int answer, int trust,
                      pid_t *ret_pid)
{
    char name[] = "dienhong";
    char word[] = "sandbox";
    char mode_text[16];
    char argument_text[32];
    (void)snprintf(mode_text, sizeof mode_text, "%s", mode);
    (void)snprintf(argument_text, sizeof argument_text, "%s", argument ? argument : "");
    char *arguments[] = {name, word, mode_text, argument ? argument_text : NULL, NULL};
    char locale[] = "LC_ALL=C";
    char *environment[] = {locale, NULL};

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ERR_NO_MEMORY;
    if (posix_spawnattr_init(&attributes) != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return ERR_NO_MEMORY;
    }
    bool done =
        plan(&actions, &attributes, file, answer, trust) &&
        posix_spawn(ret_pid, "/proc/self/exe", &actions, &attributes, arguments, environment) == 0;
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return done ? ERR_OK : ERR_IO;
}

static int time_left_ms(usec_t deadline)
{
    usec_t now = clock_now_us();
    return now < deadline ? (int)((deadline - now) / USEC_PER_MSEC) + 1 : 0;
}

/* Waits for `fd` to be readable or closed. ERR_LIMIT at the deadline. */
static enum err wait_for(int fd, usec_t deadline)
{
    for (;;) {
        struct pollfd entry = {.fd = fd, .events = POLLIN};
        int ready = poll(&entry, 1, time_left_ms(deadline));
        if (ready > 0)
            return ERR_OK;
        if (ready == 0)
            return ERR_LIMIT;
        if (errno != EINTR)
            return ERR_IO;
    }
}

static enum err listen_to(const struct child *child, struct buffer *answer)
{
    for (;;) {
        enum err err = wait_for(child->answer, child->deadline);
        if (err == ERR_OK)
            err = buffer_reserve(answer, 4096);
        if (err != ERR_OK)
            return err;
        ssize_t got = read(child->answer, answer->data + answer->size, 4096);
        if (got == 0)
            return ERR_OK;
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            return ERR_IO;
        answer->size += got > 0 ? (size_t)got : 0;
        if (answer->size > SANDBOX_ANSWER_BYTES)
            return ERR_LIMIT;
    }
}

/* A child that closed its answer may still linger: it has until the deadline, then it is killed. */
static int reap(const struct child *child, bool patient)
{
    int handle = patient ? pidfd_open(child->pid, 0) : -1;
    if (handle >= 0) {
        patient = wait_for(handle, child->deadline) == ERR_OK;
        (void)close(handle);
    }
    if (handle < 0 || !patient)
        (void)kill(child->pid, SIGKILL);
    int status = -1;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static enum err judge_end(int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return ERR_OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == SANDBOX_EXIT_MEMORY)
        return ERR_LIMIT;
    /* Its processor time was up; or we, or the system for want of memory, ended it. */
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return ERR_LIMIT;
    return ERR_IO;
}

static enum err run_with(const struct sandbox_task *task, int file, int trust,
                         struct buffer *ret_answer)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return ERR_IO;
    struct child child = {.answer = ends[0],
                          .deadline = clock_now_us() + task->deadline_ms * USEC_PER_MSEC};
    struct buffer answer = {0};
    enum err err = start(task->mode, task->argument, file, ends[1], trust, &child.pid);
    (void)close(ends[1]);
    if (err == ERR_OK) {
        err = fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 ? ERR_OK : ERR_IO;
        if (err == ERR_OK)
            err = listen_to(&child, &answer);
        int status = reap(&child, err == ERR_OK);
        if (err == ERR_OK)
            err = judge_end(status);
    }
    (void)close(ends[0]);
    if (err != ERR_OK) {
        buffer_done(&answer);
        return err;
    }
    *ret_answer = answer;
    return ERR_OK;
}

/* All that is trusted as one text, to be read from its beginning: the child opens no files. */
static enum err open_trust(const char *path, int *ret_fd)
{
    struct buffer pem = {0};
    int fd = memfd_create("trust", MFD_CLOEXEC);
    enum err err = fd >= 0 ? certs_trust_gather(path, &pem) : ERR_IO;
    if (err == ERR_OK &&
        (write(fd, pem.data, pem.size) != (ssize_t)pem.size || lseek(fd, 0, SEEK_SET) != 0))
        err = ERR_IO;
    buffer_done(&pem);
    if (err != ERR_OK) {
        if (fd >= 0)
            (void)close(fd);
        return err == ERR_UNKNOWN ? ERR_IO : err;
    }
    *ret_fd = fd;
    return ERR_OK;
}

enum err sandbox_run(const struct sandbox_task *task, struct buffer *ret_answer)
{
    int file = open(task->path, O_RDONLY | O_CLOEXEC);
    int trust = -1;
    enum err err = file >= 0 ? ERR_OK : ERR_IO;
    if (err == ERR_OK && task->trust_path)
        err = open_trust(task->trust_path, &trust);
    if (err == ERR_OK)
        err = run_with(task, file, trust, ret_answer);
    if (file >= 0)
        (void)close(file);
    if (trust >= 0)
        (void)close(trust);
    return err;
}

enum err sandbox_inspect(const char *path, struct pdf_inspection *ret_inspection)
{
    struct sandbox_task task = {
        .mode = "inspect", .path = path, .deadline_ms = SANDBOX_DEADLINE_MS};
    struct buffer answer = {0};
    enum err err = sandbox_run(&task, &answer);
    if (err == ERR_OK)
        err = pdf_inspect_parse_json(buffer_bytes(&answer), ret_inspection);
    buffer_done(&answer);
    return err;
}

static enum err read_verdict(struct bytes json, enum verify_verdict *ret_verdict)
{
    static const enum verify_verdict verdicts[] = {VERIFY_VALID, VERIFY_INVALID, VERIFY_UNSIGNED,
                                                   VERIFY_UNSUPPORTED};
    json_t *report = json_loadb((const char *)json.data, json.size, JSON_REJECT_DUPLICATES, NULL);
    const char *text = json_string_value(json_object_get(report, "verdict"));
    enum err err = ERR_FORMAT;
    for (size_t i = 0; text && i < sizeof verdicts / sizeof *verdicts; i++)
        if (strcmp(text, verify_verdict_name(verdicts[i])) == 0) {
            *ret_verdict = verdicts[i];
            err = ERR_OK;
        }
    json_decref(report);
    return err;
}

enum err sandbox_verify(const char *path, const char *trust_path, utc_ms_t at,
                        enum verify_verdict *ret_verdict, struct buffer *ret_json)
{
    char time[32];
    (void)snprintf(time, sizeof time, "%" PRId64, at);
    struct buffer answer = {0};
    struct sandbox_task task = {"verify", time, path, trust_path, SANDBOX_DEADLINE_MS};
    enum err err = sandbox_run(&task, &answer);
    if (err == ERR_OK)
        err = read_verdict(buffer_bytes(&answer), ret_verdict);
    if (err != ERR_OK) {
        buffer_done(&answer);
        return err;
    }
    *ret_json = answer;
    return ERR_OK;
}

enum err sandbox_package(const char *path, const char *trust_path, utc_ms_t at, bool *ret_whole,
                         struct buffer *ret_json)
{
    char time[32];
    (void)snprintf(time, sizeof time, "%" PRId64, at);
    struct buffer answer = {0};
    struct sandbox_task task = {"package", time, path, trust_path, SANDBOX_DEADLINE_MS};
    enum err err = sandbox_run(&task, &answer);
    json_t *report = err == ERR_OK ? json_loadb((const char *)answer.data, answer.size,
                                                JSON_REJECT_DUPLICATES, NULL)
                                   : NULL;
    const char *verdict = json_string_value(json_object_get(report, "verdict"));
    if (err == ERR_OK && !verdict)
        err = ERR_FORMAT;
    if (err == ERR_OK)
        *ret_whole = strcmp(verdict, "whole") == 0;
    json_decref(report);
    if (err != ERR_OK) {
        buffer_done(&answer);
        return err;
    }
    *ret_json = answer;
    return ERR_OK;
}
