/* The command line of `dienhong load`, read: plain values with their defaults (docs/line-test.md).
 * Pure; borrows the arguments. */
#ifndef LOAD_CORE_OPTIONS_H
#define LOAD_CORE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum {
    OPTIONS_SEATS_MAX = 4096, /* receivers; the server's own bound */
    OPTIONS_SENDERS_MAX = 64,
    OPTIONS_SECONDS_MAX = 1500, /* a line test ends after 30 minutes */
    OPTIONS_HOST_BYTES = 256,
};

enum options_command { OPTIONS_TEST, OPTIONS_MAKE_FILM, OPTIONS_HELP };

struct options {
    enum options_command command;
    char host[OPTIONS_HOST_BYTES];
    uint16_t port;
    uint32_t receivers;
    uint32_t senders;
    uint32_t seconds;
    uint32_t tiles;
    uint32_t frames;  /* a second, of the bench profile */
    uint32_t at_once; /* seats that are opened at the same time */
    uint32_t decrypt_every;
    uint32_t decode_every;
    uint32_t max_lost_ppm;   /* of the packets received */
    uint32_t first_frame_ms; /* 95 of 100 receivers within; 0: any time */
    const char *ca_path;     /* NULL: the host's authorities */
    const char *login;
    const char *password_path; /* "-": standard input */
    const char *profile;       /* "film", "bench", or a film's path */
    const char *film_path;     /* OPTIONS_MAKE_FILM: to be written */
    bool json;
};

/* `arguments` without the command's own name. On failure *ret_fault is the argument at fault, and
 * *ret_options is not to be used. ERR_UNKNOWN: no such option; ERR_SHORT: it lacks its value, or a
 * needed option is missing (the fault is its name); ERR_LIMIT; ERR_FORMAT. */
MUST_USE enum err options_parse(int count, char *const *arguments, struct options *ret_options,
                                const char **ret_fault);

#endif
