#include "tests/bench/floor_sink.h"

#include <netinet/udp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "tests/bench/measure.h"

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum {
    BATCH = 64,
    TRAIN_BYTES = 65536,
    SOCKET_BYTES = 64 * 1024 * 1024,
    FEED_EVERY_US = 1000,
    IDLE_MS = 5,
};

struct control {
    _Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

struct floor_sink {
    int fd;
    int epoll;
    pthread_t thread;
    bool started;
    atomic_bool stop;
    atomic_bool feeding;
    _Atomic uint64_t received;
    const struct sink_feedback *feedback;
    uint32_t subscribers;
    struct sockaddr_in server;
    usec_t fed_until; /* feedback due before this was sent */
    uint32_t next;    /* subscriber whose turn it is */
    uint8_t *data;    /* BATCH trains */
    struct mmsghdr in[BATCH];
    struct iovec in_part[BATCH];
    struct control in_control[BATCH];
    struct mmsghdr out[BATCH];
    struct iovec out_part[BATCH];
    struct control out_control[BATCH];
};

/* ---- Receiving ------------------------------------------------------------------------------- */

/* The kernel says the size of the pieces that it left joined (udp(7), UDP_GRO). */
static uint64_t datagrams_in(struct mmsghdr *message)
{
    struct msghdr *header = &message->msg_hdr;
    for (struct cmsghdr *at = CMSG_FIRSTHDR(header); at; at = CMSG_NXTHDR(header, at)) {
        int piece = 0;
        if (at->cmsg_level != IPPROTO_UDP || at->cmsg_type != UDP_GRO)
            continue;
        memcpy(&piece, CMSG_DATA(at), sizeof piece);
        if (piece > 0)
            return (message->msg_len + (uint32_t)piece - 1) / (uint32_t)piece;
    }
    return 1;
}

static bool sink_receive(struct floor_sink *sink)
{
    for (int i = 0; i < BATCH; i++)
        sink->in[i].msg_hdr.msg_controllen = sizeof sink->in_control[i];
    int got = recvmmsg(sink->fd, sink->in, BATCH, MSG_DONTWAIT, NULL);
    uint64_t count = 0;
    for (int i = 0; i < got; i++)
        count += datagrams_in(&sink->in[i]);
    atomic_fetch_add_explicit(&sink->received, count, memory_order_relaxed);
    return got == BATCH;
}

/* ---- Feedback -------------------------------------------------------------------------------- */

static void sink_put_feedback(struct floor_sink *sink, uint32_t place)
{
    const struct sink_feedback *one = &sink->feedback[sink->next];
    struct in_pktinfo info = {.ipi_spec_dst = one->from};
    struct msghdr *header = &sink->out[place].msg_hdr;
    struct cmsghdr control = {
        .cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
    memcpy(sink->out_control[place].bytes, &control, sizeof control);
    memcpy(sink->out_control[place].bytes + CMSG_LEN(0), &info, sizeof info);
    union {
        const uint8_t *given;
        void *base; /* struct iovec has no const, though sending only reads */
    } data = {one->data};
    sink->out_part[place] = (struct iovec){data.base, one->size};
    *header = (struct msghdr){.msg_name = &sink->server,
                              .msg_namelen = sizeof sink->server,
                              .msg_iov = &sink->out_part[place],
                              .msg_iovlen = 1,
                              .msg_control = &sink->out_control[place],
                              .msg_controllen = sizeof sink->out_control[place]};
    sink->next = (sink->next + 1) % sink->subscribers;
}

/* All that is due, a subscriber's turn coming round ten times a second. */
static void sink_feed(struct floor_sink *sink, usec_t now)
{
    usec_t each = USEC_PER_SEC / ((usec_t)sink->subscribers * SINK_FEEDBACK_HZ);
    if (each == 0)
        each = 1;
    uint32_t most = sink->subscribers; /* after a pause nobody sends twice */
    while (sink->fed_until + each <= now && most > 0) {
        uint32_t count = 0;
        for (; count < BATCH && most > 0 && sink->fed_until + each <= now; count++, most--) {
            sink_put_feedback(sink, count);
            sink->fed_until += each;
        }
        (void)sendmmsg(sink->fd, sink->out, count, 0);
    }
    if (most == 0)
        sink->fed_until = now;
}

static void *sink_run(void *argument)
{
    struct floor_sink *sink = argument;
    sink->fed_until = clock_now_us();
    while (!atomic_load_explicit(&sink->stop, memory_order_relaxed)) {
        struct epoll_event ready;
        bool feeding = atomic_load_explicit(&sink->feeding, memory_order_relaxed);
        if (epoll_wait(sink->epoll, &ready, 1, feeding ? 0 : IDLE_MS) > 0)
            while (sink_receive(sink))
                ;
        usec_t now = clock_now_us();
        if (!feeding)
            sink->fed_until = now;
        else if (now >= sink->fed_until + FEED_EVERY_US)
            sink_feed(sink, now);
    }
    return NULL;
}

/* ---- Life ------------------------------------------------------------------------------------ */

static bool sink_open(struct floor_sink *sink)
{
    int yes = 1;
    int bytes = SOCKET_BYTES;
    struct sockaddr_in any = {.sin_family = AF_INET};
    sink->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sink->fd < 0)
        return false;
    if (setsockopt(sink->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        (void)setsockopt(sink->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    struct epoll_event readable = {.events = EPOLLIN};
    sink->epoll = epoll_create1(EPOLL_CLOEXEC);
    return setsockopt(sink->fd, IPPROTO_UDP, UDP_GRO, &yes, sizeof yes) == 0 &&
           bind(sink->fd, (const struct sockaddr *)&any, sizeof any) == 0 && sink->epoll >= 0 &&
           epoll_ctl(sink->epoll, EPOLL_CTL_ADD, sink->fd, &readable) == 0;
}

struct floor_sink *floor_sink_create(const struct sink_feedback *feedback, uint32_t subscribers,
                                     const struct sockaddr_in *server, uint32_t core)
{
    struct floor_sink *sink = calloc(1, sizeof *sink);
    if (!sink)
        return NULL;
    sink->fd = -1;
    sink->epoll = -1;
    sink->feedback = feedback;
    sink->subscribers = subscribers;
    sink->server = *server;
    sink->data = malloc((size_t)BATCH * TRAIN_BYTES);
    if (!sink->data || !sink_open(sink)) {
        floor_sink_destroy(sink);
        return NULL;
    }
    for (int i = 0; i < BATCH; i++) {
        sink->in_part[i] = (struct iovec){sink->data + (size_t)i * TRAIN_BYTES, TRAIN_BYTES};
        sink->in[i].msg_hdr = (struct msghdr){
            .msg_iov = &sink->in_part[i], .msg_iovlen = 1, .msg_control = &sink->in_control[i]};
    }
    sink->started = pthread_create(&sink->thread, NULL, sink_run, sink) == 0;
    if (!sink->started) {
        floor_sink_destroy(sink);
        return NULL;
    }
    measure_pin(sink->thread, core);
    return sink;
}

void floor_sink_destroy(struct floor_sink *sink)
{
    if (!sink)
        return;
    atomic_store(&sink->stop, true);
    if (sink->started)
        pthread_join(sink->thread, NULL);
    if (sink->epoll >= 0)
        close(sink->epoll);
    if (sink->fd >= 0)
        close(sink->fd);
    free(sink->data);
    free(sink);
}

uint16_t floor_sink_port(const struct floor_sink *sink)
{
    struct sockaddr_in bound = {0};
    socklen_t size = sizeof bound;
    (void)getsockname(sink->fd, (struct sockaddr *)&bound, &size);
    return ntohs(bound.sin_port);
}

void floor_sink_feed(struct floor_sink *sink, bool on)
{
    atomic_store_explicit(&sink->feeding, on, memory_order_relaxed);
}

uint64_t floor_sink_received(const struct floor_sink *sink)
{
    return atomic_load_explicit(&sink->received, memory_order_relaxed);
}
