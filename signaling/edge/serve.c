#include "signaling/edge/serve.h"

#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "signaling/edge/door.h"
#include "signaling/edge/names.h"
#include "signaling/edge/settings_file.h"

static const char USAGE[] =
    "Usage: dienhong serve [options]\n\n"
    "  --config FILE   read settings from this file (see dienhong config); options go before it\n"
    "  --host NAME     a further name or address of this server; may be given several times\n"
    "  --port N        port of the web address; 0: any free one\n"
    "  --metrics-port N  port of the metrics, on 127.0.0.1 only; 0: the one after --port\n"
    "  --data DIR      data folder\n"
    "  --web DIR       folder of the built web client\n"
    "  --demo FILE     found this province if there are no users yet\n";

enum {
    OPTION_CONFIG = 1,
    OPTION_HOST,
    OPTION_PORT,
    OPTION_METRICS_PORT,
    OPTION_DATA,
    OPTION_WEB,
    OPTION_DEMO
};

static const struct option OPTIONS[] = {
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"host", required_argument, NULL, OPTION_HOST},
    {"port", required_argument, NULL, OPTION_PORT},
    {"metrics-port", required_argument, NULL, OPTION_METRICS_PORT},
    {"data", required_argument, NULL, OPTION_DATA},
    {"web", required_argument, NULL, OPTION_WEB},
    {"demo", required_argument, NULL, OPTION_DEMO},
    {NULL, 0, NULL, 0},
};

static enum err set(struct settings *settings, const char *key, const char *value)
{
    enum err err = settings_set(settings, bytes_of("server"), bytes_of(key), bytes_of(value));
    if (err != ERR_OK)
        fprintf(stderr, "dienhong: --%s %s: %s\n", key, value, err_name(err));
    return err;
}

/* Each --host is added to those before. */
static enum err host_add(struct settings *settings, const char *name)
{
    char hosts[SETTINGS_TEXT_BYTES];
    const char *before = settings_text(settings, SETTING_HOST);
    int size = snprintf(hosts, sizeof hosts, "%s%s%s", before, *before ? " " : "", name);
    if (size < 0 || (size_t)size >= sizeof hosts)
        return ERR_LIMIT;
    return set(settings, "host", hosts);
}

static enum err option_take(struct settings *settings, int option, const char **demo_path)
{
    switch (option) {
    case OPTION_HOST:
        return host_add(settings, optarg);
    case OPTION_PORT:
        return set(settings, "port", optarg);
    case OPTION_METRICS_PORT:
        return set(settings, "admin_port", optarg);
    case OPTION_DATA:
        return set(settings, "data", optarg);
    case OPTION_WEB:
        return set(settings, "web", optarg);
    case OPTION_DEMO:
        *demo_path = optarg;
        return ERR_OK;
    case OPTION_CONFIG:
        return ERR_OK; /* read before all others */
    default:
        return ERR_FORMAT;
    }
}

/* The file first, then the options over it. */
static enum err options_read(int argc, char **argv, struct settings *settings,
                             const char **demo_path)
{
    int option;
    enum err err = ERR_OK;
    settings_init(settings);
    optind = 1;
    while (err == ERR_OK && (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1)
        if (option == OPTION_CONFIG)
            err = settings_file_read(settings, optarg);
    optind = 1;
    opterr = 0;
    while (err == ERR_OK && (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1)
        err = option_take(settings, option, demo_path);
    return err == ERR_OK && optind < argc ? ERR_FORMAT : err;
}

static void announce(const struct door *door)
{
    struct names names;
    names_read(&names, settings_text(&door->settings, SETTING_HOST));
    for (size_t n = 0; n < names.count; n++)
        printf(strchr(names.texts[n], ':') ? "address https://[%s]:%u\n"
                                           : "address https://%s:%u\n",
               names.texts[n], door->port);
    printf("admin http://127.0.0.1:%u\n", door->admin_port);
    printf("trust %s\n", door->trust_path);
    printf("ready https://localhost:%u\n", door->port);
    fflush(stdout);
}

int serve_main(int argc, char **argv)
{
    const char *demo_path = NULL;
    struct door *door = calloc(1, sizeof *door);
    if (!door || sodium_init() < 0)
        return EXIT_FAILURE;
    if (options_read(argc, argv, &door->settings, &demo_path) != ERR_OK) {
        fputs(USAGE, stderr);
        free(door);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN); /* a reader that is gone is an error of write() */
    log_set_level(settings_flag(&door->settings, SETTING_LOG_DEBUG) ? LOG_DEBUG : LOG_INFO);

    enum err err = door_open(door, demo_path);
    if (err == ERR_OK) {
        announce(door);
        door_run(door);
    }
    door_close(door);
    free(door);
    return err == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
