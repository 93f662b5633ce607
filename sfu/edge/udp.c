#include "sfu/edge/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum { SOCKET_BUFFER_BYTES = 8 * 1024 * 1024 };

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct udp_control {
    _Alignas(size_t) char bytes[CMSG_SPACE(sizeof(uint16_t))]; /* begins like struct cmsghdr */
};

struct udp {
    int fd;
    uint16_t port;
    bool v6;       /* dual stack; else AF_INET */
    bool segments; /* UDP_SEGMENT has not failed yet */
    uint64_t oversized;

    struct mmsghdr in[UDP_BATCH];
    struct iovec in_part[UDP_BATCH];
    struct sockaddr_in6 in_from[UDP_BATCH];
    uint8_t in_data[UDP_BATCH][LIMIT_DATAGRAM_BYTES];

    struct mmsghdr out[UDP_BATCH];
    struct iovec out_part[UDP_BATCH];
    struct sockaddr_in6 out_to[UDP_BATCH];
    struct udp_control out_control[UDP_BATCH];
};

static void udp_enlarge(int fd, int forced, int allowed)
{
    int bytes = SOCKET_BUFFER_BYTES;
    /* The forced form may pass the system's bound but needs a privilege. */
    if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0)
        (void)setsockopt(fd, SOL_SOCKET, allowed, &bytes, sizeof bytes);
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
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static int udp_bind_v4(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (bind(fd, (const struct sockaddr *)&any, sizeof any) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
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

enum err udp_create(uint16_t port, struct udp **ret_udp)
{
    struct udp *udp = calloc(1, sizeof *udp);
    if (!udp)
        return ERR_NO_MEMORY;
    udp->segments = true;
    udp->fd = udp_bind_v6(port);
    udp->v6 = udp->fd >= 0;
    if (udp->fd < 0 && errno != EADDRINUSE && errno != EACCES)
        udp->fd = udp_bind_v4(port);
    if (udp->fd < 0) {
        free(udp);
        return ERR_IO;
    }
    udp_enlarge(udp->fd, SO_RCVBUFFORCE, SO_RCVBUF);
    udp_enlarge(udp->fd, SO_SNDBUFFORCE, SO_SNDBUF);
    udp_set_probe(udp->fd, udp->v6);
    udp->port = udp_bound_port(udp->fd);
    for (uint32_t i = 0; i < UDP_BATCH; i++) {
        udp->in_part[i] = (struct iovec){udp->in_data[i], LIMIT_DATAGRAM_BYTES};
        udp->in[i].msg_hdr.msg_name = &udp->in_from[i];
        udp->in[i].msg_hdr.msg_iov = &udp->in_part[i];
        udp->in[i].msg_hdr.msg_iovlen = 1;
        udp->out[i].msg_hdr.msg_name = &udp->out_to[i];
        udp->out[i].msg_hdr.msg_iov = &udp->out_part[i];
        udp->out[i].msg_hdr.msg_iovlen = 1;
    }
    *ret_udp = udp;
    return ERR_OK;
}

void udp_destroy(struct udp *udp)
{
    if (!udp)
        return;
    close(udp->fd);
    free(udp);
}

int udp_fd(const struct udp *udp)
{
    return udp->fd;
}

uint16_t udp_port(const struct udp *udp)
{
    return udp->port;
}

uint64_t udp_oversized(const struct udp *udp)
{
    return udp->oversized;
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static struct udp_address udp_from_v4(struct in_addr ip, in_port_t port)
{
    struct udp_address address = {.port = ntohs(port)};
    memcpy(address.ip, v4_prefix, sizeof v4_prefix);
    memcpy(address.ip + sizeof v4_prefix, &ip, sizeof ip);
    return address;
}

static struct udp_address udp_from_v6(const struct sockaddr_in6 *system)
{
    struct udp_address address = {.port = ntohs(system->sin6_port)};
    memcpy(address.ip, &system->sin6_addr, sizeof address.ip);
    return address;
}

static struct udp_address udp_from_system(const struct sockaddr_in6 *system)
{
    if (system->sin6_family == AF_INET6)
        return udp_from_v6(system);
    struct sockaddr_in v4;
    memcpy(&v4, system, sizeof v4);
    return udp_from_v4(v4.sin_addr, v4.sin_port);
}

socklen_t udp_sockaddr(const struct udp_address *address, struct sockaddr_storage *ret_system)
{
    memset(ret_system, 0, sizeof *ret_system);
    if (udp_address_is_v4(address)) {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(address->port)};
        memcpy(&v4.sin_addr, address->ip + sizeof v4_prefix, sizeof v4.sin_addr);
        memcpy(ret_system, &v4, sizeof v4);
        return sizeof v4;
    }
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
    memcpy(&v6.sin6_addr, address->ip, sizeof v6.sin6_addr);
    memcpy(ret_system, &v6, sizeof v6);
    return sizeof v6;
}

static bool udp_is_reachable(const struct ifaddrs *entry)
{
    if (!entry->ifa_addr || !(entry->ifa_flags & IFF_UP) || (entry->ifa_flags & IFF_LOOPBACK))
        return false;
    if (entry->ifa_addr->sa_family == AF_INET)
        return true;
    if (entry->ifa_addr->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 v6;
    memcpy(&v6, entry->ifa_addr, sizeof v6);
    return !IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr); /* names no host without its interface */
}

uint32_t udp_host_addresses(struct udp_address *ret_addresses, uint32_t capacity)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) != 0)
        return 0;
    uint32_t count = 0;
    for (const struct ifaddrs *entry = all; entry && count < capacity; entry = entry->ifa_next) {
        if (!udp_is_reachable(entry))
            continue;
        struct sockaddr_in6 system = {0};
        bool v6 = entry->ifa_addr->sa_family == AF_INET6;
        memcpy(&system, entry->ifa_addr, v6 ? sizeof system : sizeof(struct sockaddr_in));
        ret_addresses[count] = udp_from_system(&system);
        ret_addresses[count++].port = 0;
    }
    freeifaddrs(all);
    return count;
}

/* ---- Batches --------------------------------------------------------------------------------- */

uint32_t udp_receive(struct udp *udp, struct udp_datagram ret_datagrams[UDP_BATCH])
{
    uint32_t count = 0;
    while (count == 0) {
        for (uint32_t i = 0; i < UDP_BATCH; i++)
            udp->in[i].msg_hdr.msg_namelen = sizeof udp->in_from[i];
        int got = recvmmsg(udp->fd, udp->in, UDP_BATCH, MSG_DONTWAIT, NULL);
        if (got <= 0)
            return 0;
        for (int i = 0; i < got; i++) {
            if (udp->in[i].msg_hdr.msg_flags & MSG_TRUNC) {
                udp->oversized++;
                continue;
            }
            ret_datagrams[count++] = (struct udp_datagram){udp_from_system(&udp->in_from[i]),
                                                           udp->in_data[i], udp->in[i].msg_len};
        }
    }
    return count;
}

static void udp_address_out(struct udp *udp, uint32_t place, const struct udp_address *to)
{
    struct msghdr *header = &udp->out[place].msg_hdr;
    if (udp->v6) {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(to->port)};
        memcpy(&v6.sin6_addr, to->ip, sizeof v6.sin6_addr);
        udp->out_to[place] = v6;
        header->msg_namelen = sizeof v6;
    } else {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(to->port)};
        memcpy(&v4.sin_addr, to->ip + sizeof v4_prefix, sizeof v4.sin_addr);
        memcpy(&udp->out_to[place], &v4, sizeof v4);
        header->msg_namelen = sizeof v4;
    }
}

static void udp_prepare(struct udp *udp, uint32_t place, const struct worker_send *send)
{
    struct msghdr *header = &udp->out[place].msg_hdr;
    udp_address_out(udp, place, &send->to);
    udp->out_part[place] = (struct iovec){send->data, send->size};
    header->msg_control = NULL;
    header->msg_controllen = 0;
    if (send->segment_size == 0 || send->size <= send->segment_size)
        return; /* a single datagram is cheaper without the option */
    header->msg_control = &udp->out_control[place];
    header->msg_controllen = sizeof udp->out_control[place].bytes;
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = IPPROTO_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof send->segment_size);
    memcpy(CMSG_DATA(control), &send->segment_size, sizeof send->segment_size);
}

static uint64_t udp_segments(const struct worker_send *send)
{
    if (send->segment_size == 0)
        return 1;
    return (send->size + send->segment_size - 1) / send->segment_size;
}

/* One send as separate datagrams; gives how many the kernel did not take. */
static uint64_t udp_send_singly(struct udp *udp, const struct worker_send *send)
{
    size_t step = send->segment_size ? send->segment_size : send->size;
    uint64_t lost = 0;
    for (size_t at = 0; at < send->size; at += step) {
        struct worker_send one = *send;
        one.data = send->data + at;
        one.size = send->size - at < step ? send->size - at : step;
        one.segment_size = 0;
        udp_prepare(udp, 0, &one);
        if (sendmsg(udp->fd, &udp->out[0].msg_hdr, MSG_DONTWAIT) < 0)
            lost++;
    }
    return lost;
}

uint64_t udp_send(struct udp *udp, const struct worker_send *sends, uint32_t count)
{
    uint64_t lost = 0;
    uint32_t done = 0;
    while (done < count) {
        if (!udp->segments && udp_segments(&sends[done]) > 1) {
            lost += udp_send_singly(udp, &sends[done++]);
            continue;
        }
        uint32_t batch = 0;
        while (batch < UDP_BATCH && done + batch < count &&
               (udp->segments || udp_segments(&sends[done + batch]) == 1)) {
            udp_prepare(udp, batch, &sends[done + batch]);
            batch++;
        }
        int sent = sendmmsg(udp->fd, udp->out, batch, MSG_DONTWAIT);
        if (sent > 0) {
            done += (uint32_t)sent;
        } else if (errno == EINTR) {
            continue;
        } else if ((errno == EIO || errno == EINVAL) && udp_segments(&sends[done]) > 1) {
            udp->segments = false;
        } else {
            lost += udp_segments(&sends[done++]); /* this one is refused; the next may not be */
        }
    }
    return lost;
}
