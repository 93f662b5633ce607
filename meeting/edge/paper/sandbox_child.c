/* The child's side of sandbox.h. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "meeting/edge/paper/package_verify.h"
#include "meeting/edge/paper/sandbox.h"
#include "meeting/edge/paper/sandbox_run.h"

enum { NOBODY = 65534 };

static bool limit(int resource, rlim_t most)
{
    struct rlimit bound = {most, most};
    return setrlimit((__rlimit_resource_t)resource, &bound) == 0;
}

static bool set_limits(void)
{
    bool done = limit(RLIMIT_CPU, SANDBOX_CPU_S) && limit(RLIMIT_NOFILE, SANDBOX_DESCRIPTORS) &&
                limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0);
#ifndef SANDBOX_UNFILTERED /* a sanitizer's shadow memory is larger than any bound */
    done = done && limit(RLIMIT_AS, (rlim_t)SANDBOX_MEMORY_MB << 20);
#endif
    return done;
}

/* Root gives up being root; nobody owns nothing here. */
static bool drop_user(void)
{
    if (geteuid() != 0)
        return true;
    return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
           setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

/* Memory, the descriptors already open, time, the end. Any other call kills the process. */
static bool filter_calls(void)
{
#ifdef SANDBOX_UNFILTERED
    return true;
#else
    static const int calls[] = {
        SCMP_SYS(brk),          SCMP_SYS(clock_gettime),
        SCMP_SYS(close),        SCMP_SYS(exit),
        SCMP_SYS(exit_group),   SCMP_SYS(futex),
        SCMP_SYS(getpid),       SCMP_SYS(getrandom),
        SCMP_SYS(gettid),       SCMP_SYS(lseek),
        SCMP_SYS(madvise),      SCMP_SYS(mremap),
        SCMP_SYS(munmap),       SCMP_SYS(read),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(sysinfo),      SCMP_SYS(write),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!filter)
        return false;
    bool done = true;
    for (size_t i = 0; done && i < sizeof calls / sizeof *calls; i++)
        done = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
    /* Memory may be mapped, but never to be executed. */
    const struct scmp_arg_cmp not_executable = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    done = done &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable) == 0 &&
           seccomp_load(filter) == 0;
    seccomp_release(filter);
    return done;
#endif
}

bool sandbox_close_in(void)
{
    /* These would open files later, when none can be: the time zone (a fixed one is not looked up
     * again), a source of randomness. */
    if (setenv("TZ", "UTC0", 1) != 0)
        return false;
    tzset();
    json_object_seed(0);
    /* A change of user undoes the first two calls of prctl(), so it comes before them. */
    return drop_user() && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && set_limits() && filter_calls();
}

static size_t size_of(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && info.st_size > 0 ? (size_t)info.st_size : 0;
}

/* Everything of `fd`, at most `most` bytes and one more, so that too much is noticed. `expected` is
 * only a hint: glibc's fstat() is a call that could name files, so it is made before the filter. */
static enum err read_all(int fd, size_t expected, size_t most, struct buffer *ret_bytes)
{
    struct buffer bytes = {0};
    enum err err = buffer_reserve(&bytes, (expected < most ? expected : most) + 1);
    while (err == ERR_OK && bytes.size <= most) {
        size_t room = bytes.capacity - bytes.size;
        if (room == 0) {
            err = buffer_reserve(&bytes, 64 * 1024);
            continue;
        }
        ssize_t got = read(fd, bytes.data + bytes.size, room);
        if (got == 0)
            break;
        if (got > 0)
            bytes.size += (size_t)got;
        else if (errno != EINTR)
            err = ERR_IO;
    }
    if (err != ERR_OK) {
        buffer_done(&bytes);
        return err;
    }
    *ret_bytes = bytes;
    return ERR_OK;
}

static enum err write_all(int fd, struct bytes bytes)
{
    for (size_t at = 0; at < bytes.size;) {
        ssize_t put = write(fd, bytes.data + at, bytes.size - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return ERR_IO;
        at += (size_t)put;
    }
    return ERR_OK;
}

static enum err inspect(struct bytes file, struct buffer *ret_json)
{
    struct pdf_inspection inspection;
    pdf_inspect(file, &inspection);
    return pdf_inspect_write_json(&inspection, ret_json);
}

static enum err verify(struct bytes file, const struct certs_trust *trust, utc_ms_t at,
                       struct buffer *ret_json)
{
    static struct verify_report report; /* 80 kB, too much for a stack */
    pdf_verify(file, trust, at, &report);
    return pdf_verify_write_json(&report, ret_json);
}

static enum err examine(struct bytes file, const struct certs_trust *trust, utc_ms_t at,
                        struct buffer *ret_json)
{
    struct package_report report;
    enum err err = package_verify(file, trust, at, &report);
    if (err != ERR_OK)
        return err;
    err = package_report_write_json(&report, ret_json);
    package_report_done(&report);
    return err;
}

/* The trusted certificates are our own: they are read before the doors close. */
static enum err read_trust(struct certs_trust **ret_trust)
{
    struct buffer pem = {0};
    enum err err = read_all(SANDBOX_TRUST_FD, 0, SANDBOX_ANSWER_BYTES, &pem);
    if (err == ERR_OK)
        err = certs_trust_parse(buffer_bytes(&pem), ret_trust);
    buffer_done(&pem);
    return err;
}

int sandbox_main(int argc, char **argv)
{
    bool examines = argc == 4 && strcmp(argv[2], "package") == 0;
    bool verifies = examines || (argc == 4 && strcmp(argv[2], "verify") == 0);
    bool inspects = argc == 3 && strcmp(argv[2], "inspect") == 0;
    struct certs_trust *trust = NULL;
    utc_ms_t at = verifies ? strtoll(argv[3], NULL, 10) : 0;
    size_t expected = size_of(STDIN_FILENO);
    struct buffer file = {0};
    struct buffer json = {0};

    /* Without OpenSSL's configuration, which the first certificate parsed would load. */
    bool ready = (verifies || inspects) &&
                 OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1 &&
                 (!verifies || read_trust(&trust) == ERR_OK) && sandbox_close_in();
    if (!ready)
        return SANDBOX_EXIT_UNREADY;

    size_t most = examines ? LIMIT_PACKAGE_BYTES : LIMIT_PDF_BYTES;
    enum err err = read_all(STDIN_FILENO, expected, most, &file);
    if (err == ERR_OK && examines)
        err = examine(buffer_bytes(&file), trust, at, &json);
    else if (err == ERR_OK)
        err = verifies ? verify(buffer_bytes(&file), trust, at, &json)
                       : inspect(buffer_bytes(&file), &json);
    if (err == ERR_OK)
        err = write_all(STDOUT_FILENO, buffer_bytes(&json));
    buffer_done(&json);
    buffer_done(&file);
    certs_trust_free(trust);
    /* Without the handlers that libraries left: they would use calls that are not allowed. */
    _exit(err == ERR_OK ? 0 : err == ERR_NO_MEMORY ? SANDBOX_EXIT_MEMORY : SANDBOX_EXIT_FAILED);
}
