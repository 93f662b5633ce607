/* What one forwarded packet costs the media server: one publisher (video 150 packets/s of 1,100
 * bytes as 30 frames/s, audio 50 packets/s of 100 bytes) to N subscribers over loopback, each from
 * an address of its own. The figure is the worker thread's own CPU time by sent packet, the median
 * of several windows; the receive half of loopback runs in it and is part of it.
 *
 * Usage: bench_media FILE.json [N…] */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/support/client_identity.h"
#include "tests/support/media_house.h"

enum {
    ROOM = 1,
    PUBLISHER = 1,
    RIGHTS = SFU_RIGHT_TILE | SFU_RIGHT_STAGE | SFU_RIGHT_MICROPHONE,
    FRAME_PACKETS = 5,
    FRAME_US = 33333,
    AUDIO_US = 20000,
    KEYFRAME_EVERY = 300, /* frames */
    VIDEO_PAYLOAD_BYTES = 1100 - 12,
    WARM_UP_US = 2 * 1000 * 1000,
    WINDOW_US = 1000 * 1000,
    WINDOWS = 5,
    ROWS_MAX = 8,
    RECEIVE_BATCH = 64,
    DESCRIPTORS = 8192,
};

struct row {
    uint32_t n;
    uint32_t workers;
    double ns_per_packet;
    uint64_t packets;
    uint64_t received; /* by the subscribers */
    uint64_t drops;    /* all of the server's, by whatever reason */
};

struct audience {
    uint32_t count;
    struct media_client *clients;
    int epoll;
    atomic_bool stop;
    _Atomic uint64_t received;
};

/* ---- Subscribers ----------------------------------------------------------------------------- */

static struct udp_address subscriber_address(uint32_t index)
{
    struct udp_address address = {.ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 1, 0, 0}};
    address.ip[14] = (uint8_t)(index / 250);
    address.ip[15] = (uint8_t)(index % 250 + 1);
    return address;
}

/* Counts what arrives; decrypting it is the integration tests' matter. */
static void *audience_run(void *argument)
{
    struct audience *audience = argument;
    static uint8_t data[RECEIVE_BATCH][CLIENT_PACKET_BYTES];
    struct mmsghdr messages[RECEIVE_BATCH];
    struct iovec parts[RECEIVE_BATCH];
    for (int i = 0; i < RECEIVE_BATCH; i++) {
        parts[i] = (struct iovec){data[i], sizeof data[i]};
        messages[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[i], .msg_iovlen = 1}};
    }
    while (!atomic_load(&audience->stop)) {
        struct epoll_event ready[RECEIVE_BATCH];
        int count = epoll_wait(audience->epoll, ready, RECEIVE_BATCH, 100);
        for (int i = 0; i < count; i++) {
            int got = recvmmsg(ready[i].data.fd, messages, RECEIVE_BATCH, MSG_DONTWAIT, NULL);
            for (int j = 0; j < got; j++) {
                uint8_t type = data[j][1];
                if (messages[j].msg_len >= 12 && !(type >= 192 && type <= 223))
                    atomic_fetch_add_explicit(&audience->received, 1, memory_order_relaxed);
            }
        }
    }
    return NULL;
}

static bool audience_open(struct audience *audience, struct media_house *house, uint32_t count)
{
    static const struct media_client_options listens = {.audio_slots = 1, .video_slots = 1};
    SSL_CTX *context = client_identity_context(NULL);
    audience->clients = calloc(count, sizeof audience->clients[0]);
    audience->epoll = epoll_create1(EPOLL_CLOEXEC);
    bool done = context && audience->clients && audience->epoll >= 0;
    for (uint32_t i = 0; i < count && done; i++) {
        struct media_client_options options = listens;
        options.context = context;
        options.local = subscriber_address(i);
        struct sfu_join who = {.room = ROOM, .endpoint = PUBLISHER + 1 + i};
        struct media_client *client = &audience->clients[i];
        done = media_client_connect(client, &options, house->sfu, &who);
        audience->count++;
        struct epoll_event event = {.events = EPOLLIN, .data.fd = client->fd};
        done = done && epoll_ctl(audience->epoll, EPOLL_CTL_ADD, client->fd, &event) == 0;
        struct sfu_command view = {
            .kind = SFU_SET_VIEW, .endpoint = who.endpoint, .view = {.stage_height = 720}};
        done = done && sfu_command(house->sfu, &view) == ERR_OK;
        struct sfu_event ignored;
        while (sfu_poll(house->sfu, &ignored))
            ;
    }
    SSL_CTX_free(context); /* each connection holds it */
    return done;
}

static void audience_close(struct audience *audience)
{
    for (uint32_t i = 0; i < audience->count; i++)
        media_client_close(&audience->clients[i]);
    free(audience->clients);
    if (audience->epoll >= 0)
        close(audience->epoll);
}

/* ---- The publisher --------------------------------------------------------------------------- */

struct publisher {
    struct media_client client;
    uint16_t audio_sequence;
    uint16_t video_sequence;
    uint32_t frames;
    usec_t next_audio;
    usec_t next_frame;
};

static bool publish_audio(struct publisher *publisher)
{
    uint8_t packet[CLIENT_PACKET_BYTES];
    struct media_rtp rtp = {.ssrc = CLIENT_MICROPHONE_SSRC,
                            .sequence = publisher->audio_sequence,
                            .timestamp = publisher->audio_sequence * 960U,
                            .level = 20};
    publisher->audio_sequence++;
    size_t size = media_house_audio(&rtp, packet);
    return media_client_send_rtp(&publisher->client, (struct bytes){packet, size});
}

static bool publish_frame(struct publisher *publisher)
{
    uint32_t keyframe = publisher->frames % KEYFRAME_EVERY == 0 ? MEDIA_KEYFRAME : 0;
    bool sent = true;
    for (uint32_t i = 0; i < FRAME_PACKETS && sent; i++) {
        uint8_t packet[CLIENT_PACKET_BYTES];
        struct media_video video = {
            .rtp = {.ssrc = CLIENT_CAMERA_SSRC,
                    .sequence = publisher->video_sequence++,
                    .timestamp = publisher->frames * 3000U},
            .picture = publisher->frames & 0x7fff,
            .parts =
                keyframe | (i == 0 ? MEDIA_FIRST : 0) | (i == FRAME_PACKETS - 1 ? MEDIA_LAST : 0),
            .size = VIDEO_PAYLOAD_BYTES,
        };
        size_t size = media_house_video(&video, packet);
        sent = media_client_send_rtp(&publisher->client, (struct bytes){packet, size});
    }
    publisher->frames++;
    return sent;
}

/* Sends what is due until `end`, sleeping in between. */
static bool publish_until(struct publisher *publisher, usec_t end)
{
    bool sent = true;
    for (usec_t now = clock_now_us(); now < end && sent; now = clock_now_us()) {
        if (now >= publisher->next_audio) {
            sent = publish_audio(publisher);
            publisher->next_audio += AUDIO_US;
        }
        if (now >= publisher->next_frame) {
            sent = sent && publish_frame(publisher);
            publisher->next_frame += FRAME_US;
        }
        usec_t next = publisher->next_audio < publisher->next_frame ? publisher->next_audio
                                                                    : publisher->next_frame;
        if (next > now)
            usleep((useconds_t)(next - now));
    }
    return sent;
}

/* ---- Measuring ------------------------------------------------------------------------------- */

static uint64_t drops_of(const struct worker_counters *counters)
{
    uint64_t sum = 0;
#define ADD_DROPS(name) sum += strncmp(#name, "drop_", 5) == 0 ? counters->name : 0;
    WORKER_COUNTERS(ADD_DROPS)
#undef ADD_DROPS
    return sum;
}

static int compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static bool measure(struct media_house *house, struct publisher *publisher,
                    struct audience *audience, struct row *ret_row)
{
    double window[WINDOWS];
    if (!publish_until(publisher, clock_now_us() + WARM_UP_US))
        return false;
    struct worker_counters first = sfu_counters(house->sfu, 0);
    uint64_t received = atomic_load(&audience->received);
    for (int i = 0; i < WINDOWS; i++) {
        uint64_t packets = sfu_counters(house->sfu, 0).sent_packets;
        uint64_t cpu = sfu_cpu_ns(house->sfu, 0);
        if (!publish_until(publisher, clock_now_us() + WINDOW_US))
            return false;
        packets = sfu_counters(house->sfu, 0).sent_packets - packets;
        cpu = sfu_cpu_ns(house->sfu, 0) - cpu;
        window[i] = packets ? (double)cpu / (double)packets : 0;
    }
    struct worker_counters last = sfu_counters(house->sfu, 0);
    qsort(window, WINDOWS, sizeof window[0], compare);
    ret_row->ns_per_packet = window[WINDOWS / 2];
    ret_row->packets = last.sent_packets - first.sent_packets;
    ret_row->drops = drops_of(&last) - drops_of(&first);
    ret_row->received = atomic_load(&audience->received) - received;
    return ret_row->packets > 0;
}

static bool bench_order(struct media_house *house, enum sfu_command_kind kind)
{
    struct sfu_command command = {.kind = kind, .room = ROOM, .source = PUBLISHER};
    return sfu_command(house->sfu, &command) == ERR_OK;
}

static bool bench_row(struct row *row)
{
    static const struct media_client_options sends = {.sends = true};
    struct media_house house;
    struct publisher publisher = {0};
    struct audience audience = {.epoll = -1};
    struct sfu_join who = {
        .room = ROOM, .endpoint = PUBLISHER, .source = PUBLISHER, .rights = RIGHTS};
    bool done = media_house_open(&house, row->workers, row->n + 1) &&
                media_client_connect(&publisher.client, &sends, house.sfu, &who) &&
                bench_order(&house, SFU_SET_FLOOR) && bench_order(&house, SFU_SET_STAGE) &&
                audience_open(&audience, &house, row->n);
    pthread_t thread;
    if (done && pthread_create(&thread, NULL, audience_run, &audience) == 0) {
        publisher.next_audio = publisher.next_frame = clock_now_us();
        done = measure(&house, &publisher, &audience, row);
        atomic_store(&audience.stop, true);
        pthread_join(thread, NULL);
    }
    audience_close(&audience);
    media_client_close(&publisher.client);
    media_house_close(&house);
    return done;
}

/* ---- Report ---------------------------------------------------------------------------------- */

static bool write_json(const char *path, const struct row *rows, uint32_t count)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    fprintf(file, "{\"rows\":[");
    for (uint32_t i = 0; i < count; i++)
        fprintf(file, "%s{\"n\":%u,\"workers\":%u,\"ns_per_packet\":%.0f,\"drops\":%llu}",
                i ? "," : "", rows[i].n, rows[i].workers, rows[i].ns_per_packet,
                (unsigned long long)rows[i].drops);
    fprintf(file, "]}\n");
    return fclose(file) == 0;
}

static void allow_descriptors(void)
{
    struct rlimit limit = {DESCRIPTORS, DESCRIPTORS};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        fprintf(stderr, "cannot open more than the usual number of sockets\n");
}

int main(int argc, char **argv)
{
    struct row rows[ROWS_MAX] = {{.n = 100, .workers = 1}};
    uint32_t count = 1;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_media FILE.json [N...]\n");
        return 2;
    }
    for (int i = 2; i < argc && i - 2 < ROWS_MAX; i++) {
        rows[i - 2] = (struct row){.n = (uint32_t)strtoul(argv[i], NULL, 10), .workers = 1};
        count = (uint32_t)i - 1;
    }
    log_set_level(LOG_WARN);
    allow_descriptors();
    printf("%8s %8s %14s %12s %12s %8s\n", "N", "workers", "ns per packet", "sent", "received",
           "drops");
    for (uint32_t i = 0; i < count; i++) {
        if (!bench_row(&rows[i])) {
            fprintf(stderr, "bench: N=%u did not run\n", rows[i].n);
            return 1;
        }
        printf("%8u %8u %14.0f %12llu %12llu %8llu\n", rows[i].n, rows[i].workers,
               rows[i].ns_per_packet, (unsigned long long)rows[i].packets,
               (unsigned long long)rows[i].received, (unsigned long long)rows[i].drops);
    }
    return write_json(argv[1], rows, count) ? 0 : 1;
}
