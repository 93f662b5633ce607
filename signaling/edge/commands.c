#include "signaling/edge/commands.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/jobs.h"
#include "base/text.h"
#include "meeting/meeting.h"
#include "signaling/core/settings.h"
#include "signaling/edge/province.h"

enum { USAGE_STATUS = 2, EXAMPLE_BYTES = 32 * 1024, PATH_BYTES = 4096 };

static int usage(const char *text)
{
    fprintf(stderr, "Usage: dienhong %s\n", text);
    return USAGE_STATUS;
}

int commands_sandbox(int argc, char **argv)
{
    return sandbox_main(argc, argv);
}

/* A paper or a whole record package, by its first bytes; either is read in the sandboxed child. */
static enum err verify_file(const char *path, const char *trust, utc_ms_t at, bool *ret_valid,
                            struct buffer *ret_json)
{
    uint8_t start[PACKAGE_START_BYTES];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(start, 1, sizeof start, file) : 0;
    if (file)
        fclose(file);
    if (package_looks_like((struct bytes){start, size}))
        return sandbox_package(path, trust, at, ret_valid, ret_json);
    enum verify_verdict verdict = VERIFY_INVALID;
    enum err err = sandbox_verify(path, trust, at, &verdict, ret_json);
    *ret_valid = verdict == VERIFY_VALID;
    return err;
}

int commands_verify(int argc, char **argv)
{
    static const char USAGE[] = "verify FILE --trust FILE|FOLDER [--at MILLISECONDS]";
    const char *file = NULL, *trust = NULL;
    uint64_t at = (uint64_t)clock_utc_ms();
    for (int n = 1; n < argc; n++) {
        if (strcmp(argv[n], "--trust") == 0 && n + 1 < argc) {
            trust = argv[++n];
        } else if (strcmp(argv[n], "--at") == 0 && n + 1 < argc) {
            if (id_parse(bytes_of(argv[++n]), &at) != ERR_OK)
                return usage(USAGE);
        } else if (!file && argv[n][0] != '-') {
            file = argv[n];
        } else {
            return usage(USAGE);
        }
    }
    if (!file || !trust)
        return usage(USAGE);

    bool valid = false;
    struct buffer json = {0};
    enum err err = verify_file(file, trust, (utc_ms_t)at, &valid, &json);
    if (err != ERR_OK) {
        printf("{\"verdict\":\"invalid\",\"error\":\"%s\"}\n", err_name(err));
        return EXIT_FAILURE;
    }
    printf("%.*s\n", (int)json.size, (const char *)json.data);
    buffer_done(&json);
    return valid ? EXIT_SUCCESS : EXIT_FAILURE;
}

int commands_log(int argc, char **argv)
{
    struct log_report report;
    if (argc != 3 || strcmp(argv[1], "verify") != 0)
        return usage("log verify DATA");
    enum err err = meeting_log_verify(argv[2], &report);
    if (err != ERR_OK) {
        fprintf(stderr, "dienhong: %s: %s\n", argv[2], err_name(err));
        return EXIT_FAILURE;
    }
    json_t *json = json_pack("{s:b,s:I,s:I}", "intact", report.intact, "meetings",
                             (json_int_t)report.meetings, "events", (json_int_t)report.events);
    if (json && !report.intact) {
        json_object_set_new(json, "brokenMeeting", json_integer((json_int_t)report.broken_meeting));
        json_object_set_new(json, "brokenSeq", json_integer((json_int_t)report.broken_seq));
        json_object_set_new(json, "why", json_string(report.why));
    }
    bool written = json && json_dumpf(json, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(json);
    return written && report.intact ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Opens the record of a folder in which no server is running, and imports. */
static enum err province_into(const char *data_folder, const char *file,
                              struct province_summary *ret_summary)
{
    char folder[PATH_BYTES], trust_path[PATH_BYTES];
    snprintf(folder, sizeof folder, "%.4000s/ca", data_folder);
    snprintf(trust_path, sizeof trust_path, "%.4000s/root.pem", folder);
    struct certs_ca *ca = NULL;
    struct certs_trust *trust = NULL;
    struct jobs *jobs = NULL;
    struct meeting_service *service = NULL;
    enum err err = certs_ca_open(folder, "tỉnh Lam Giang", clock_utc_ms(), &ca);
    if (err == ERR_OK)
        err = certs_trust_load(trust_path, &trust);
    if (err == ERR_OK)
        err = jobs_create(1, 64, &jobs);
    if (err == ERR_OK) {
        struct meeting_config config = {.data_folder = data_folder,
                                        .jobs = jobs,
                                        .public_url = "https://localhost",
                                        .issuer = certs_ca_issuing(ca),
                                        .trust = trust,
                                        .trust_path = trust_path};
        err = meeting_service_open(&config, clock_utc_ms(), &service);
    }
    if (err == ERR_OK)
        err = province_import(service, file, clock_utc_ms(), ret_summary);
    meeting_service_close(service);
    jobs_destroy(jobs);
    certs_trust_free(trust);
    certs_ca_close(ca);
    return err;
}

int commands_province(int argc, char **argv)
{
    struct province_summary summary;
    if (argc != 4 || strcmp(argv[1], "import") != 0)
        return usage("province import FILE DATA");
    enum err err = sodium_init() < 0 ? ERR_IO : province_into(argv[3], argv[2], &summary);
    if (err != ERR_OK) {
        fprintf(stderr, "dienhong: %s: %s\n", argv[2], err_name(err));
        return EXIT_FAILURE;
    }
    printf("{\"units\":%" PRIu32 ",\"users\":%" PRIu32 ",\"meeting\":\"%" PRIu64 "\"}\n",
           summary.units, summary.users, summary.meeting);
    return EXIT_SUCCESS;
}

int commands_config(int argc, char **argv)
{
    static uint8_t text[EXAMPLE_BYTES];
    (void)argv;
    if (argc != 1)
        return usage("config");
    struct wr wr = wr_init(text, sizeof text);
    settings_write_example(&wr);
    bool written = !wr.failed && fwrite(text, 1, wr_size(&wr), stdout) == wr_size(&wr);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

int commands_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf("dienhong %s\n", DIENHONG_COMMIT);
    return EXIT_SUCCESS;
}
