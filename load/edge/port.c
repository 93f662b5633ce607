#include "load/edge/port.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

enum {
    TRAIN_BYTES = 65536,
    READY_MAX = 64,
    QUEUE_MAX = 64,
    CONTROL_BYTES = 256,
    RECEIVE_BUFFER_BYTES = 64 << 20, /* a tenth of a second of 3,400 receivers */
    OWN_BUFFER_BYTES = 1 << 20,
    SHARED_NETWORK = 0x7f400000, /* 127.64.0.0 */
    SHARED_MASK = 0x3fffff,
};

#ifndef UDP_GRO
#define UDP_GRO 104 /* linux/udp.h, since Linux 5.0 */
#endif

struct port_out {
    uint32_t peer;
    struct sockaddr_storage to;
    socklen_t to_size;
    uint8_t data[PORT_DATAGRAM_BYTES];
    char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

struct port {
    bool shared;
    bool v6; /* own sockets are IPv6 ones that speak IPv4 too */
    int epoll;
    int wake;
    int fd; /* shared */
    uint32_t peers;
    int *fds; /* own, by peer; -1: none */
    uint32_t ready_count;
    uint32_t ready_at;
    struct epoll_event ready[READY_MAX];
    uint64_t unsent;
    uint32_t overflowed; /* as the kernel counts; it wraps */
    uint64_t overflowed_sum;

    struct mmsghdr in[PORT_BATCH];
    struct iovec in_parts[PORT_BATCH];
    struct sockaddr_storage in_from[PORT_BATCH];
    char in_control[PORT_BATCH][CONTROL_BYTES];
    uint8_t (*in_data)[TRAIN_BYTES];

    uint32_t out_count;
    struct mmsghdr out[QUEUE_MAX];
    struct iovec out_parts[QUEUE_MAX];
    struct port_out queue[QUEUE_MAX];
};

enum { EVENT_WAKE = INT32_MAX, EVENT_SHARED = INT32_MAX - 1 }; /* beside the numbers of peers */

/* ---- Sockets --------------------------------------------------------------------------------- */

static void set_options(int fd, int buffer_bytes)
{
    int on = 1;
    /* Beyond what the host allows only with privilege; else as much as it allows. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer_bytes, sizeof buffer_bytes);
    /* Each is a help and none is needed: older kernels lack some. */
    (void)setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on);
}

static bool watch(const struct port *port, int fd, uint32_t what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = what};
    return epoll_ctl(port->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool open_shared(struct port *port)
{
    int on = 1;
    struct sockaddr_in any = {.sin_family = AF_INET};
    port->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (port->fd < 0 || bind(port->fd, (const struct sockaddr *)&any, sizeof any) != 0 ||
        setsockopt(port->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0)
        return false;
    set_options(port->fd, RECEIVE_BUFFER_BYTES);
    return watch(port, port->fd, EVENT_SHARED);
}

static bool host_has_v6(void)
{
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    bool has = fd >= 0 && bind(fd, (const struct sockaddr *)&any, sizeof any) == 0;
    if (fd >= 0)
        close(fd);
    return has;
}

static void prepare_batches(struct port *port)
{
    for (size_t i = 0; i < PORT_BATCH; i++) {
        port->in_parts[i] = (struct iovec){port->in_data[i], TRAIN_BYTES};
        port->in[i].msg_hdr = (struct msghdr){.msg_name = &port->in_from[i],
                                              .msg_iov = &port->in_parts[i],
                                              .msg_iovlen = 1,
                                              .msg_control = port->in_control[i]};
    }
    for (size_t i = 0; i < QUEUE_MAX; i++) {
        port->out_parts[i] = (struct iovec){port->queue[i].data, 0};
        port->out[i].msg_hdr = (struct msghdr){
            .msg_name = &port->queue[i].to, .msg_iov = &port->out_parts[i], .msg_iovlen = 1};
    }
}

enum err port_create(bool shared, uint32_t peers, struct port **ret_port)
{
    struct port *port = calloc(1, sizeof *port);
    if (!port)
        return ERR_NO_MEMORY;
    *port = (struct port){.shared = shared, .peers = peers, .fd = -1};
    port->v6 = !shared && host_has_v6();
    port->epoll = epoll_create1(EPOLL_CLOEXEC);
    port->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    port->fds = malloc(peers * sizeof port->fds[0]);
    port->in_data = malloc(PORT_BATCH * sizeof port->in_data[0]);
    for (uint32_t i = 0; port->fds && i < peers; i++)
        port->fds[i] = -1;
    if (!port->fds || !port->in_data) {
        port_destroy(port);
        return ERR_NO_MEMORY;
    }
    if (port->epoll < 0 || port->wake < 0 || !watch(port, port->wake, EVENT_WAKE) ||
        (shared && !open_shared(port))) {
        log_line(LOG_ERROR, "load.port", "event=no_socket errno=%d", errno);
        port_destroy(port);
        return ERR_IO;
    }
    prepare_batches(port);
    *ret_port = port;
    return ERR_OK;
}

void port_destroy(struct port *port)
{
    if (!port)
        return;
    for (uint32_t i = 0; port->fds && i < port->peers; i++)
        if (port->fds[i] >= 0)
            close(port->fds[i]);
    const int fds[] = {port->fd, port->wake, port->epoll};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(port->fds);
    free(port->in_data);
    free(port);
}

enum err port_open_peer(struct port *port, uint32_t peer)
{
    assert(peer < port->peers && port->fds[peer] < 0);
    if (port->shared)
        return ERR_OK;
    struct sockaddr_storage any = {.ss_family = port->v6 ? AF_INET6 : AF_INET};
    int family = any.ss_family;
    int off = 0;
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return ERR_IO;
    if (port->v6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    set_options(fd, OWN_BUFFER_BYTES);
    if (bind(fd, (const struct sockaddr *)&any,
             port->v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in)) != 0 ||
        !watch(port, fd, peer)) {
        close(fd);
        return ERR_IO;
    }
    port->fds[peer] = fd;
    return ERR_OK;
}

void port_close_peer(struct port *port, uint32_t peer)
{
    port_flush(port); /* what it queued still needs its socket */
    if (port->fds[peer] >= 0)
        close(port->fds[peer]); /* which takes it out of epoll too */
    port->fds[peer] = -1;
}

/* ---- Addresses ------------------------------------------------------------------------------- */

bool port_reaches(const struct port *port, const struct udp_address *to)
{
    return udp_address_is_v4(to) || port->v6;
}

static socklen_t write_address(const struct port *port, const struct udp_address *address,
                               struct sockaddr_storage *ret_system)
{
    if (port->v6) {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
        memcpy(&v6.sin6_addr, address->ip, sizeof v6.sin6_addr);
        memcpy(ret_system, &v6, sizeof v6);
        return sizeof v6;
    }
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(address->port)};
    memcpy(&v4.sin_addr, address->ip + 12, sizeof v4.sin_addr);
    memcpy(ret_system, &v4, sizeof v4);
    return sizeof v4;
}

static struct udp_address read_address(const struct sockaddr_storage *system)
{
    struct udp_address address = {.ip = {[10] = 0xff, [11] = 0xff}};
    if (system->ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, system, sizeof v6);
        memcpy(address.ip, &v6.sin6_addr, sizeof address.ip);
        address.port = ntohs(v6.sin6_port);
        return address;
    }
    struct sockaddr_in v4;
    memcpy(&v4, system, sizeof v4);
    memcpy(address.ip + 12, &v4.sin_addr, sizeof v4.sin_addr);
    address.port = ntohs(v4.sin_port);
    return address;
}

/* ---- In -------------------------------------------------------------------------------------- */

void port_wake(struct port *port)
{
    uint64_t one = 1;
    /* It can only fail when the counter is full, and then the sleeper is awake already. */
    (void)!write(port->wake, &one, sizeof one);
}

void port_wait(struct port *port, usec_t timeout_us)
{
    struct timespec timeout = {.tv_sec = (time_t)(timeout_us / USEC_PER_SEC),
                               .tv_nsec = (long)(timeout_us % USEC_PER_SEC * 1000)};
    int count = epoll_pwait2(port->epoll, port->ready, READY_MAX, &timeout, NULL);
    port->ready_count = count > 0 ? (uint32_t)count : 0;
    port->ready_at = 0;
}

static void read_control(struct port *port, struct msghdr *message, struct port_train *train)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec at;
            memcpy(&at, CMSG_DATA(c), sizeof at);
            train->at_ns = (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            uint32_t overflowed;
            memcpy(&overflowed, CMSG_DATA(c), sizeof overflowed);
            if (port->shared) {
                port->overflowed_sum += overflowed - port->overflowed;
                port->overflowed = overflowed;
            }
        } else if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
            int segment;
            memcpy(&segment, CMSG_DATA(c), sizeof segment);
            train->segment = segment > 0 ? (size_t)segment : train->size;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            train->peer = (ntohl(info.ipi_addr.s_addr) & SHARED_MASK) - 1;
        }
    }
}

static uint32_t receive_from(struct port *port, int fd, uint32_t peer,
                             struct port_train trains[PORT_BATCH])
{
    for (size_t i = 0; i < PORT_BATCH; i++) {
        port->in[i].msg_hdr.msg_namelen = sizeof port->in_from[i];
        port->in[i].msg_hdr.msg_controllen = CONTROL_BYTES;
    }
    int got = recvmmsg(fd, port->in, PORT_BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) {
        trains[i] = (struct port_train){.peer = peer,
                                        .from = read_address(&port->in_from[i]),
                                        .data = port->in_data[i],
                                        .size = port->in[i].msg_len,
                                        .segment = port->in[i].msg_len};
        read_control(port, &port->in[i].msg_hdr, &trains[i]);
    }
    return got > 0 ? (uint32_t)got : 0;
}

uint32_t port_receive(struct port *port, struct port_train ret_trains[PORT_BATCH])
{
    while (port->ready_at < port->ready_count) {
        uint32_t what = port->ready[port->ready_at].data.u32;
        if (what == EVENT_WAKE) {
            uint64_t count;
            (void)!read(port->wake, &count, sizeof count);
            port->ready_at++;
            continue;
        }
        int fd = what == EVENT_SHARED ? port->fd : port->fds[what];
        uint32_t got = fd >= 0 ? receive_from(port, fd, what, ret_trains) : 0;
        if (got < PORT_BATCH)
            port->ready_at++; /* all is read; what came meanwhile shows at the next wait */
        if (got > 0)
            return got;
    }
    return 0;
}

uint64_t port_overflowed(const struct port *port)
{
    return port->overflowed_sum;
}

/* ---- Out ------------------------------------------------------------------------------------- */

static void put_source(struct port_out *out, struct msghdr *message)
{
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(SHARED_NETWORK + out->peer + 1)};
    message->msg_control = out->control;
    message->msg_controllen = sizeof out->control;
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(c), &info, sizeof info);
}

void port_send(struct port *port, uint32_t peer, const struct udp_address *to, const uint8_t *data,
               size_t size)
{
    assert(size <= PORT_DATAGRAM_BYTES);
    if (port->out_count == QUEUE_MAX)
        port_flush(port);
    struct port_out *out = &port->queue[port->out_count];
    struct msghdr *message = &port->out[port->out_count].msg_hdr;
    out->peer = peer;
    message->msg_namelen = write_address(port, to, &out->to);
    memcpy(out->data, data, size);
    port->out_parts[port->out_count++].iov_len = size;
    if (port->shared)
        put_source(out, message);
}

/* In order; one that the kernel refuses is gone, as on any network. */
static void flush_shared(struct port *port)
{
    uint32_t at = 0;
    while (at < port->out_count) {
        int sent = sendmmsg(port->fd, port->out + at, port->out_count - at, 0);
        port->unsent += sent <= 0;
        at += sent > 0 ? (uint32_t)sent : 1;
    }
}

void port_flush(struct port *port)
{
    if (port->shared)
        flush_shared(port);
    for (uint32_t i = 0; i < port->out_count && !port->shared; i++) {
        int fd = port->fds[port->queue[i].peer];
        port->unsent += fd < 0 || sendmsg(fd, &port->out[i].msg_hdr, 0) < 0;
    }
    port->out_count = 0;
}

uint64_t port_unsent(const struct port *port)
{
    return port->unsent;
}
