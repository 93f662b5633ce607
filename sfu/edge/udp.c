#include "sfu/edge/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sfu/edge/udp_part.h"

enum { SOCKET_BUFFER_BYTES = 8 * 1024 * 1024 };

static void udp_enlarge(int fd, int forced, int allowed)
{
    int bytes = SOCKET_BUFFER_BYTES;
    /* The forced form may pass the system's bound but needs a privilege. */
    if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0)
        (void)setsockopt(fd, SOL_SOCKET, allowed, &bytes, sizeof bytes);
}

static int udp_buffer(int fd, int option)
{
    int bytes = 0;
    socklen_t size = sizeof bytes;
    return getsockopt(fd, SOL_SOCKET, option, &bytes, &size) == 0 ? bytes / 2 : 0;
}

/* Our datagrams carry "don't fragment" and are small enough; the kernel is not to learn and
 * enforce path MTUs from ICMP that anybody can forge. */
static void udp_set_probe(int fd, bool v6)
{
    int probe = IP_PMTUDISC_PROBE;
    (void)setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &probe, sizeof probe);
    int probe6 = IPV6_PMTUDISC_PROBE;
    if (v6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &probe6, sizeof probe6);
}

/* ICMP errors wait in a queue of their own, with the address that they are about. */
static void udp_ask_errors(int fd, bool v6)
{
    int yes = 1;
    (void)setsockopt(fd, IPPROTO_IP, IP_RECVERR, &yes, sizeof yes);
    if (v6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &yes, sizeof yes);
}

/* Each datagram says which of our addresses it came to. */
static bool udp_ask_destination(int fd, bool v6)
{
    int yes = 1;
    return setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, &yes,
                      sizeof yes) == 0;
}

/* Zero is "none by default": the sends themselves say how large. */
static bool udp_can_segment(int fd)
{
    int none = 0;
    return setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &none, sizeof none) == 0;
}

static bool udp_can_join(int fd)
{
    int yes = 1;
    return setsockopt(fd, IPPROTO_UDP, UDP_GRO, &yes, sizeof yes) == 0;
}

static int udp_close_failed(int fd)
{
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static int udp_bind_v6(uint16_t port)
{
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int no = 0;
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0 &&
        bind(fd, (const struct sockaddr *)&any, sizeof any) == 0)
        return fd;
    return udp_close_failed(fd);
}

static int udp_bind_v4(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (bind(fd, (const struct sockaddr *)&any, sizeof any) == 0)
        return fd;
    return udp_close_failed(fd);
}

static uint16_t udp_bound_port(int fd)
{
    struct sockaddr_in6 bound = {0};
    socklen_t size = sizeof bound;
    /* The port lies in the same place in both families' addresses. */
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0)
        return 0;
    return ntohs(bound.sin6_port);
}

static void udp_prepare_in(struct udp *udp)
{
    for (uint32_t i = 0; i < UDP_IN_MESSAGES; i++) {
        uint8_t *data = udp->in_data + (size_t)i * (UDP_IN_BYTES + UDP_IN_STAGGER_BYTES);
        udp->in_part[i] = (struct iovec){data, UDP_IN_BYTES};
        udp->in[i].msg_hdr.msg_name = &udp->in_from[i];
        udp->in[i].msg_hdr.msg_iov = &udp->in_part[i];
        udp->in[i].msg_hdr.msg_iovlen = 1;
        udp->in[i].msg_hdr.msg_control = &udp->in_control[i];
    }
}

static void udp_prepare_out(struct udp *udp)
{
    struct cmsghdr control = {.cmsg_len = CMSG_LEN(sizeof(uint16_t)),
                              .cmsg_level = IPPROTO_UDP,
                              .cmsg_type = UDP_SEGMENT};
    for (uint32_t i = 0; i < UDP_BATCH; i++) {
        memcpy(udp->out_control[i].segment, &control, sizeof control);
        udp->out[i].msg_hdr.msg_iov = &udp->out_part[i];
        udp->out[i].msg_hdr.msg_iovlen = 1;
    }
}

static enum err udp_equip(struct udp *udp, const struct udp_config *config, bool v6)
{
    if (!udp_ask_destination(udp->fd, v6))
        return ERR_IO;
    udp_enlarge(udp->fd, SO_RCVBUFFORCE, SO_RCVBUF);
    udp_enlarge(udp->fd, SO_SNDBUFFORCE, SO_SNDBUF);
    udp_set_probe(udp->fd, v6);
    udp_ask_errors(udp->fd, v6);
    udp->facts = (struct udp_facts){.port = udp_bound_port(udp->fd),
                                    .segments = config->segments && udp_can_segment(udp->fd),
                                    .joins = udp_can_join(udp->fd),
                                    .send_buffer_bytes = udp_buffer(udp->fd, SO_SNDBUF),
                                    .receive_buffer_bytes = udp_buffer(udp->fd, SO_RCVBUF)};
    udp->in_data = malloc((size_t)UDP_IN_MESSAGES * (UDP_IN_BYTES + UDP_IN_STAGGER_BYTES));
    if (!udp->in_data)
        return ERR_NO_MEMORY;
    udp_prepare_in(udp);
    udp_prepare_out(udp);
    return udp_paths_init(&udp->paths, v6, config->endpoints);
}

enum err udp_create(const struct udp_config *config, struct udp **ret_udp)
{
    struct udp *udp = calloc(1, sizeof *udp);
    if (!udp)
        return ERR_NO_MEMORY;
    udp->send = config->send ? config->send : sendmmsg;
    udp->fd = udp_bind_v6(config->port);
    bool v6 = udp->fd >= 0;
    if (udp->fd < 0 && errno != EADDRINUSE && errno != EACCES)
        udp->fd = udp_bind_v4(config->port);
    enum err err = udp->fd < 0 ? ERR_IO : udp_equip(udp, config, v6);
    if (err != ERR_OK) {
        udp_destroy(udp);
        return err;
    }
    *ret_udp = udp;
    return ERR_OK;
}

void udp_destroy(struct udp *udp)
{
    if (!udp)
        return;
    if (udp->fd >= 0)
        close(udp->fd);
    udp_paths_done(&udp->paths);
    free(udp->in_data);
    free(udp);
}

int udp_fd(const struct udp *udp)
{
    return udp->fd;
}

struct udp_facts udp_facts(const struct udp *udp)
{
    return udp->facts;
}

const struct udp_counters *udp_counters(const struct udp *udp)
{
    return &udp->counters;
}

size_t udp_path_size(void)
{
    return sizeof(struct udp_path);
}

void udp_learn(struct udp *udp, const struct udp_address *from, const struct udp_address *to)
{
    udp_routes_learn(udp->paths.routes, from, to);
}
