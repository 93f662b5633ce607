/* `dienhong load`: the technician's line test, from the command line to the verdict. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/clock.h"
#include "base/log.h"
#include "load/edge/door_client.h"
#include "load/edge/film_file.h"
#include "load/edge/report.h"
#include "load/edge/seats.h"
#include "load/load.h"

enum {
    EXIT_PASSED = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    PASSWORD_BYTES = 1024,
    PATH_BYTES = 256,
    FILM_SECONDS = 6,
    DESCRIPTORS_PER_SEAT = 2, /* WebSocket and media */
    SPARE_DESCRIPTORS = 64,
    JOIN_PATIENCE_US = 60 * 1000 * 1000, /* and a hundredth of a second for each seat */
    JOIN_PATIENCE_SEAT_US = 10 * 1000,
    SETTLE_US = 2500 * 1000, /* what is missing is asked for again, or given up */
};

struct line_test {
    struct options options;
    char password[PASSWORD_BYTES];
    char made_film[PATH_BYTES]; /* of ours, removed at the end; empty: none */
    struct door_client *door;
    struct door_line_test test;
    bool started;
    bool settling; /* nothing is sent any more: no progress to tell of */
    struct load *load;
    struct seats *seats;
    struct load_stats before; /* of the last line of progress */
    usec_t line_due;
    uint32_t lines;
    struct report report;
};

static void print_usage(void)
{
    fputs("Usage: dienhong load https://HOST[:PORT] --user LOGIN --password-file FILE [OPTION …]\n"
          "       dienhong load film FILE [--seconds N]\n\n"
          "  --receivers N       Số điểm nhận / seats that receive (20)\n"
          "  --senders N         Số điểm phát / seats that send (1)\n"
          "  --seconds N         Thời gian đo / how long to measure (30)\n"
          "  --tiles N           Số ô hình nhỏ mỗi điểm / tiles a seat (0)\n"
          "  --profile P         film, bench, hoặc tệp phim / or a film's file (film)\n"
          "  --frames N          Khung hình mỗi giây của bench / frames a second of bench (30)\n"
          "  --ca FILE           Chứng thư CA của máy chủ / the server's authority, PEM\n"
          "  --at-once N         Số điểm vào cùng lúc / seats that join at a time (64)\n"
          "  --decrypt-every N   Giải mã đủ một phần N số điểm / one seat of N in full (10)\n"
          "  --decode-every N    Và giải nén hình một phần N số đó / and decode one of N of these "
          "(0)\n"
          "  --max-lost-ppm N    Mức mất gói cho phép, phần triệu / loss that passes (0)\n"
          "  --first-frame-ms N  95 % số điểm thấy hình trong / must see a picture within (5000)\n"
          "  --json              Kết quả dạng JSON / the result as JSON\n",
          stderr);
}

/* ---- Before ---------------------------------------------------------------------------------- */

static bool read_password(struct line_test *test)
{
    bool from_input = strcmp(test->options.password_path, "-") == 0;
    FILE *file = from_input ? stdin : fopen(test->options.password_path, "re");
    size_t size = file ? fread(test->password, 1, PASSWORD_BYTES - 1, file) : 0;
    if (file && !from_input)
        (void)fclose(file);
    test->password[size] = 0;
    test->password[strcspn(test->password, "\r\n")] = 0;
    if (test->password[0])
        return true;
    report_sentence("load.no_password", "Không đọc được mật khẩu từ --password-file.",
                    "No password can be read from --password-file.");
    return false;
}

static bool allow_descriptors(const struct options *options)
{
    rlim_t wanted =
        (rlim_t)(options->receivers + options->senders) * DESCRIPTORS_PER_SEAT + SPARE_DESCRIPTORS;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return true;
    limit.rlim_cur = wanted;
    if (limit.rlim_max < wanted)
        limit.rlim_max = wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return true;
    report_sentence("load.too_few_descriptors",
                    "Hệ thống không cho mở đủ kết nối. Chạy lệnh `ulimit -n 16384` rồi thử lại.",
                    "The system does not allow enough connections. Run `ulimit -n 16384` first.");
    return false;
}

/* The profile's film: given, or made for this test. */
static bool choose_film(struct line_test *test, struct load_config *config)
{
    const char *profile = test->options.profile;
    config->profile = strcmp(profile, "bench") == 0 ? LOAD_PROFILE_BENCH : LOAD_PROFILE_FILM;
    config->frames_per_second = test->options.frames;
    if (config->profile == LOAD_PROFILE_BENCH)
        return true;
    config->film_path = profile;
    if (strcmp(profile, "film") != 0)
        return true;
    const char *folder = getenv("TMPDIR");
    (void)snprintf(test->made_film, PATH_BYTES, "%s/dienhong-film-XXXXXX",
                   folder ? folder : "/tmp");
    int fd = mkstemp(test->made_film);
    fprintf(stderr, "Đang tạo phim thử %d giây… / Making a film of %d seconds…\n", FILM_SECONDS,
            FILM_SECONDS);
    if (fd < 0 || close(fd) != 0 || film_file_make(test->made_film, FILM_SECONDS) != ERR_OK) {
        report_sentence("load.no_film", "Không tạo được phim thử. Kiểm tra chỗ trống của /tmp.",
                        "The film cannot be made. Check the space left in /tmp.");
        return false;
    }
    config->film_path = test->made_film;
    return true;
}

static void remove_film(struct line_test *test)
{
    if (test->made_film[0])
        (void)unlink(test->made_film);
    test->made_film[0] = 0;
}

static bool open_crowd(struct line_test *test)
{
    const struct options *options = &test->options;
    struct load_config config = {.peers = options->receivers + options->senders,
                                 .addresses = LOAD_ADDRESS_OWN,
                                 .handshakes = options->at_once,
                                 .decrypt_every = options->decrypt_every,
                                 .decode_every = options->decode_every};
    if (RAND_bytes((unsigned char *)&config.seed, sizeof config.seed) != 1 ||
        !choose_film(test, &config))
        return false;
    enum err err = load_create(&config, &test->load);
    remove_film(test); /* it is in memory */
    if (err == ERR_OK && seats_create(options, &test->test, test->load, &test->seats) == ERR_OK)
        return true;
    report_sentence(
        "load.not_started",
        "Không bắt đầu được: xem dòng lỗi ở trên (phim, bộ nhớ hoặc giới hạn socket).",
        "Cannot start: see the line above (the film, memory, or the limit of sockets).");
    return false;
}

static bool open_test(struct line_test *test)
{
    struct door_refusal refusal = {0};
    const struct options *options = &test->options;
    enum err err = door_client_open(options, test->password, &test->door, &refusal);
    OPENSSL_cleanse(test->password, sizeof test->password);
    if (err == ERR_OK)
        err = door_client_start(test->door, options->receivers, options->senders, &test->test,
                                &refusal);
    test->started = err == ERR_OK;
    if (err != ERR_OK)
        report_refusal(&refusal);
    return test->started;
}

/* ---- While it runs --------------------------------------------------------------------------- */

static void turn(struct line_test *test)
{
    struct report *report = &test->report;
    seats_run(test->seats);
    usec_t now = clock_now_us();
    report->seats = seats_counts(test->seats);
    uint32_t all = test->options.receivers + test->options.senders;
    if (report->taken_at == 0 && report->seats.took == all)
        report->taken_at = now;
    if (now < test->line_due || test->settling)
        return;
    test->line_due += USEC_PER_SEC;
    load_stats(test->load, &report->stats);
    report_progress(++test->lines, &test->options, &report->seats, &report->stats, &test->before);
    test->before = report->stats;
}

/* Everybody has a picture, or will not get one. */
static bool is_gathered(const struct line_test *test)
{
    const struct report *report = &test->report;
    const struct load_stats *stats = &report->stats;
    uint32_t all = test->options.receivers + test->options.senders;
    if (report->seats.closed > 0 || stats->failed > 0)
        return true;
    return stats->connected == all && stats->seen == test->options.receivers;
}

static void gather(struct line_test *test)
{
    usec_t patience = JOIN_PATIENCE_US + (usec_t)(test->options.receivers + test->options.senders) *
                                             JOIN_PATIENCE_SEAT_US;
    usec_t deadline = test->report.began_at + patience;
    while (!is_gathered(test) && clock_now_us() < deadline)
        turn(test);
}

static void turn_until(struct line_test *test, usec_t deadline)
{
    while (clock_now_us() < deadline)
        turn(test);
}

static void run(struct line_test *test)
{
    const struct options *options = &test->options;
    struct report *report = &test->report;
    report->began_at = clock_now_us();
    test->line_due = report->began_at + USEC_PER_SEC;
    load_stats(test->load, &test->before);
    load_send(test->load, true);
    gather(test);
    usec_t half = (usec_t)options->seconds * USEC_PER_SEC / 2;
    turn_until(test, clock_now_us() + half);
    if (options->senders > 1) {
        load_expect_stage(test->load, 2);
        seats_order_stage(test->seats, 2);
    }
    turn_until(test, clock_now_us() + half);
    report->measured_us = clock_now_us() - report->began_at;
    load_send(test->load, false);
    test->settling = true;
    turn_until(test, clock_now_us() + SETTLE_US);
    load_stats(test->load, &report->stats);
}

static int conclude(struct line_test *test)
{
    struct report *report = &test->report;
    report->options = &test->options;
    report->verdict =
        verdict_of(&test->options, &report->stats, report->seats.took, report->seats.closed);
    if (report->seats.refusal.code[0])
        report_refusal(&report->seats.refusal);
    if (test->options.json)
        report_json(report);
    else
        report_table(report);
    return report->verdict == VERDICT_PASSED ? EXIT_PASSED : EXIT_FAILED;
}

static void line_test_close(struct line_test *test)
{
    seats_destroy(test->seats);
    load_destroy(test->load);
    if (test->started)
        door_client_end(test->door, &test->test);
    door_client_close(test->door);
    remove_film(test);
    OPENSSL_cleanse(test, sizeof *test);
    free(test);
}

static int make_film(const struct options *options)
{
    if (film_file_make(options->film_path, options->seconds) == ERR_OK)
        return EXIT_PASSED;
    report_sentence("load.no_film", "Không tạo được phim: xem dòng lỗi ở trên.",
                    "The film cannot be made: see the line above.");
    return EXIT_FAILED;
}

int load_main(int argc, char **argv)
{
    const char *fault = "";
    struct line_test *test = calloc(1, sizeof *test);
    if (!test)
        return EXIT_FAILED;
    log_set_level(LOG_WARN);
    enum err err = options_parse(argc - 1, argv + 1, &test->options, &fault);
    int code = EXIT_USAGE;
    if (err != ERR_OK) {
        fprintf(stderr, "dienhong load: %s: %s\n\n", fault, err_name(err));
        print_usage();
    } else if (test->options.command == OPTIONS_HELP) {
        print_usage();
        code = EXIT_PASSED;
    } else if (test->options.command == OPTIONS_MAKE_FILM) {
        code = make_film(&test->options);
    } else if (read_password(test) && allow_descriptors(&test->options) && open_test(test) &&
               open_crowd(test)) {
        run(test);
        code = conclude(test);
    }
    line_test_close(test);
    return code;
}
