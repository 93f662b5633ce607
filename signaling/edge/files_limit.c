#include "signaling/edge/files_limit.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "base/log.h"

static rlim_t set_to(rlim_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    /* The hard limit yields to root alone; the soft one to anybody, up to the hard one. */
    struct rlimit both = {.rlim_cur = wanted,
                          .rlim_max = limit.rlim_max > wanted ? limit.rlim_max : wanted};
    if (setrlimit(RLIMIT_NOFILE, &both) == 0)
        return wanted;
    struct rlimit soft = {.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted,
                          .rlim_max = limit.rlim_max};
    return setrlimit(RLIMIT_NOFILE, &soft) == 0 ? soft.rlim_cur : limit.rlim_cur;
}

uint32_t files_limit_set(uint32_t connections)
{
    rlim_t wanted = (rlim_t)connections + FILES_LIMIT_BESIDES;
    rlim_t given = set_to(wanted);
    if (given >= wanted)
        return connections;
    uint32_t fit = given > FILES_LIMIT_BESIDES ? (uint32_t)(given - FILES_LIMIT_BESIDES) : 0;
    log_line(LOG_ERROR, "door.files",
             "allowed=%" PRIu64 " wanted=%" PRIu64 " connections=%" PRIu32
             " do=\"raise LimitNOFILE= of the service, or `ulimit -n` of the shell, to %" PRIu64
             "\"",
             (uint64_t)given, (uint64_t)wanted, fit, (uint64_t)wanted);
    return fit;
}
