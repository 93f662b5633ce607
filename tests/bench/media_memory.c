#include "tests/bench/media_memory.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "load/load.h"
#include "tests/support/media_house.h"

enum {
    ROOM = 1,
    SENDER = 1,
    RIGHTS = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
    PATIENCE_US = 60 * 1000 * 1000,
    /* DTLS objects are freed 5 s after the first packet that shows the keys to work. */
    SETTLED_US = 8 * 1000 * 1000,
    STEP_MS = 20,
    FRAMES_PER_SECOND = 10,
};

/* ---- Messages between the two processes: a length, then so many bytes -------------------------
 */

static bool write_all(int fd, const void *data, size_t size)
{
    const uint8_t *at = data;
    while (size > 0) {
        ssize_t done = write(fd, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

static bool read_all(int fd, void *data, size_t size)
{
    uint8_t *at = data;
    while (size > 0) {
        ssize_t done = read(fd, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

static bool write_text(int fd, const char *text)
{
    uint32_t size = (uint32_t)strlen(text);
    return write_all(fd, &size, sizeof size) && write_all(fd, text, size);
}

static bool read_text(int fd, char *ret_text, size_t capacity)
{
    uint32_t size;
    if (!read_all(fd, &size, sizeof size) || size >= capacity || !read_all(fd, ret_text, size))
        return false;
    ret_text[size] = 0;
    return true;
}

/* ---- The crowd ------------------------------------------------------------------------------- */

static bool child_connect(struct load *load, int fd, uint32_t peers)
{
    static char text[LIMIT_SDP_BYTES];
    for (uint32_t i = 0; i < peers; i++) {
        struct load_peer peer = {.sends = i == 0,
                                 .source = i == 0 ? SENDER : 0,
                                 .audio_slots = i != 0,
                                 .video_slots = i != 0};
        uint32_t number;
        if (load_add(load, &peer, &number) != ERR_OK ||
            load_offer(load, number, text, sizeof text) != ERR_OK || !write_text(fd, text) ||
            !read_text(fd, text, sizeof text) ||
            load_answer(load, number, bytes_of(text)) != ERR_OK)
            return false;
    }
    static struct load_stats stats;
    for (usec_t end = clock_now_us() + PATIENCE_US; clock_now_us() < end;) {
        load_stats(load, &stats);
        if (stats.connected == peers)
            return true;
        (void)poll(NULL, 0, STEP_MS);
    }
    return false;
}

/* Sends until the parent hangs up. */
static int child_main(int fd, uint32_t receivers)
{
    struct load_config config = {.peers = receivers + 1,
                                 .addresses = LOAD_ADDRESS_SHARED,
                                 .profile = LOAD_PROFILE_BENCH,
                                 .seed = 1,
                                 .frames_per_second = FRAMES_PER_SECOND};
    struct load *load;
    if (load_create(&config, &load) != ERR_OK)
        return 1;
    bool done = child_connect(load, fd, receivers + 1);
    char ignored;
    if (done) {
        load_send(load, true);
        done = write_text(fd, "connected");
        while (read(fd, &ignored, 1) < 0 && errno == EINTR)
            ;
    }
    load_destroy(load);
    return done ? 0 : 1;
}

/* ---- The server ------------------------------------------------------------------------------ */

static uint64_t resident_bytes(void)
{
    (void)malloc_trim(0); /* what was freed is not kept by anybody */
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%*u %llu", &pages) != 1)
        pages = 0;
    (void)fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool admit(struct media_house *house, int fd, uint64_t endpoint)
{
    static char offer[LIMIT_SDP_BYTES];
    static char answer[LIMIT_SDP_BYTES];
    struct sfu_refusal refusal;
    uint32_t source = endpoint == SENDER ? SENDER : 0;
    struct sfu_join who = {
        .room = ROOM, .endpoint = endpoint, .source = source, .rights = source ? RIGHTS : 0};
    if (!read_text(fd, offer, sizeof offer))
        return false;
    who.offer = bytes_of(offer);
    struct sfu_command view = {
        .kind = SFU_SET_VIEW, .endpoint = endpoint, .view = {.stage_height = 720}};
    struct sfu_event ignored;
    while (sfu_poll(house->sfu, &ignored))
        ;
    return sfu_join(house->sfu, &who, answer, sizeof answer, &refusal) == ERR_OK &&
           sfu_command(house->sfu, &view) == ERR_OK && write_text(fd, answer);
}

static bool parent_main(int fd, uint32_t receivers, uint64_t *ret_bytes)
{
    struct media_house house;
    char text[64] = "";
    bool done = media_house_open(&house, 1, receivers + 1);
    uint64_t before = resident_bytes();
    for (uint32_t i = 0; i <= receivers && done; i++)
        done = admit(&house, fd, SENDER + i);
    static const enum sfu_command_kind orders[] = {SFU_SET_FLOOR, SFU_SET_STAGE};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0] && done; i++) {
        struct sfu_command order = {.kind = orders[i], .room = ROOM, .source = SENDER};
        done = sfu_command(house.sfu, &order) == ERR_OK;
    }
    done = done && read_text(fd, text, sizeof text);
    for (usec_t end = clock_now_us() + SETTLED_US; done && clock_now_us() < end;) {
        struct sfu_event ignored;
        while (sfu_poll(house.sfu, &ignored))
            ;
        (void)poll(NULL, 0, STEP_MS);
    }
    /* Nobody is measured who did not receive. */
    done = done && sfu_counters(house.sfu, 0).sent_packets > receivers;
    uint64_t after = resident_bytes();
    *ret_bytes = after > before ? (after - before) / receivers : 0;
    media_house_close(&house);
    return done;
}

bool media_memory_measure(uint32_t receivers, uint64_t *ret_bytes_per_receiver)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    (void)fflush(NULL); /* what is buffered must not be written twice */
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(child_main(ends[1], receivers));
    }
    close(ends[1]);
    bool done = child > 0 && parent_main(ends[0], receivers, ret_bytes_per_receiver);
    close(ends[0]);
    int status = 1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return done && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
