#include "tests/bench/measure.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t measure_thread_ns(void)
{
    struct timespec used = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * UINT64_C(1000000000) + (uint64_t)used.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

double measure_quantile(double *values, size_t count, double share)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof values[0], by_value);
    size_t at = (size_t)(share * (double)count);
    return values[at < count ? at : count - 1];
}

double measure_median(double *values, size_t count)
{
    return measure_quantile(values, count, 0.5);
}

uint32_t measure_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? (uint32_t)cores : 1;
}

static cpu_set_t only(uint32_t core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core % measure_cores(), &set);
    return set;
}

void measure_pin(pthread_t thread, uint32_t core)
{
    cpu_set_t set = only(core);
    (void)pthread_setaffinity_np(thread, sizeof set, &set);
}

void measure_unpin(pthread_t thread)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (uint32_t core = 0; core < measure_cores(); core++)
        CPU_SET(core, &set);
    (void)pthread_setaffinity_np(thread, sizeof set, &set);
}

void measure_prefer(bool before_others)
{
    enum { SOONER = -8 };
    static _Thread_local int before;
    if (before_others)
        before = getpriority(PRIO_PROCESS, 0);
    /* On Linux this is a thread's own; without the privilege everybody stays equal. */
    (void)setpriority(PRIO_PROCESS, 0, before_others ? before + SOONER : before);
}

static bool has_name(const char *task, const char *name)
{
    char path[64];
    char text[32] = "";
    (void)snprintf(path, sizeof path, "/proc/self/task/%.16s/comm", task);
    FILE *file = fopen(path, "re");
    bool read = file && fgets(text, sizeof text, file);
    if (file)
        (void)fclose(file);
    text[strcspn(text, "\n")] = 0;
    return read && strcmp(text, name) == 0;
}

bool measure_pin_named(const char *name, uint32_t core)
{
    cpu_set_t set = only(core);
    bool found = false;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks && (task = readdir(tasks));)
        if (task->d_name[0] != '.' && has_name(task->d_name, name))
            found = sched_setaffinity((pid_t)strtol(task->d_name, NULL, 10), sizeof set, &set) == 0;
    if (tasks)
        closedir(tasks);
    return found;
}
