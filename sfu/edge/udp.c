#include "sfu/edge/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "sfu/edge/udp_routes.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum { SOCKET_BUFFER_BYTES = 8 * 1024 * 1024 };

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* Both begin like struct cmsghdr. */
struct udp_control_in {
    _Alignas(size_t) char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct udp_control_out {
    _Alignas(
        size_t) char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
};

struct udp {
    int fd;
    uint16_t port;
    bool v6;       /* dual stack; else AF_INET */
    bool segments; /* UDP_SEGMENT has not failed yet */
    uint64_t oversized;
    struct udp_routes *routes;

    struct mmsghdr in[UDP_BATCH];
    struct iovec in_part[UDP_BATCH];
    struct sockaddr_storage in_from[UDP_BATCH];
    struct udp_control_in in_control[UDP_BATCH];
    uint8_t in_data[UDP_BATCH][LIMIT_DATAGRAM_BYTES];

    struct mmsghdr out[UDP_BATCH];
    struct iovec out_part[UDP_BATCH];
    struct sockaddr_in6 out_to[UDP_BATCH];
    struct udp_control_out out_control[UDP_BATCH];
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

/* Each datagram says which of our addresses it came to. */
static bool udp_ask_destination(int fd, bool v6)
{
    int yes = 1;
    return setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, &yes,
                      sizeof yes) == 0;
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
    uint64_t seed;
    enum err err = udp->fd < 0 || !udp_ask_destination(udp->fd, udp->v6) ||
                           getrandom(&seed, sizeof seed, 0) != sizeof seed
                       ? ERR_IO
                       : udp_routes_create(seed, &udp->routes);
    if (err != ERR_OK) {
        udp_destroy(udp);
        return err;
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
        udp->in[i].msg_hdr.msg_control = &udp->in_control[i];
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
    if (udp->fd >= 0)
        close(udp->fd);
    udp_routes_destroy(udp->routes);
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

struct udp_address udp_address_of(const struct sockaddr_storage *system)
{
    if (system->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, system, sizeof v4);
        return udp_from_v4(v4.sin_addr, v4.sin_port);
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, system, sizeof v6);
    struct udp_address address = {.port = ntohs(v6.sin6_port)};
    memcpy(address.ip, &v6.sin6_addr, sizeof address.ip);
    return address;
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
        struct sockaddr_storage system = {0};
        bool v6 = entry->ifa_addr->sa_family == AF_INET6;
        memcpy(&system, entry->ifa_addr,
               v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
        ret_addresses[count] = udp_address_of(&system);
        ret_addresses[count++].port = 0;
    }
    freeifaddrs(all);
    return count;
}

void udp_learn(struct udp *udp, const struct udp_address *from, const struct udp_address *to)
{
    udp_routes_learn(udp->routes, from, to);
}

/* ---- Batches --------------------------------------------------------------------------------- */

static struct udp_address udp_destination(const struct udp *udp, struct msghdr *header)
{
    struct udp_address to = {.port = udp->port};
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control;
         control = CMSG_NXTHDR(header, control)) {
        if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info);
            memcpy(to.ip, &info.ipi6_addr, sizeof to.ip);
        } else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info);
            to = udp_from_v4(info.ipi_addr, htons(udp->port));
        }
    }
    return to;
}

uint32_t udp_receive(struct udp *udp, struct udp_datagram ret_datagrams[UDP_BATCH])
{
    uint32_t count = 0;
    while (count == 0) {
        for (uint32_t i = 0; i < UDP_BATCH; i++) {
            udp->in[i].msg_hdr.msg_namelen = sizeof udp->in_from[i];
            udp->in[i].msg_hdr.msg_controllen = sizeof udp->in_control[i].bytes;
        }
        int got = recvmmsg(udp->fd, udp->in, UDP_BATCH, MSG_DONTWAIT, NULL);
        if (got <= 0)
            return 0;
        for (int i = 0; i < got; i++) {
            if (udp->in[i].msg_hdr.msg_flags & MSG_TRUNC) {
                udp->oversized++;
                continue;
            }
            ret_datagrams[count++] = (struct udp_datagram){
                udp_address_of(&udp->in_from[i]), udp_destination(udp, &udp->in[i].msg_hdr),
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

/* Behind what is there; the place is enough for one of each kind. */
static void udp_put_control(struct msghdr *header, int level, int type, struct bytes value)
{
    uint8_t *at = (uint8_t *)header->msg_control + header->msg_controllen;
    struct cmsghdr control = {
        .cmsg_len = CMSG_LEN(value.size), .cmsg_level = level, .cmsg_type = type};
    memset(at, 0, CMSG_SPACE(value.size));
    memcpy(at, &control, sizeof control);
    memcpy(at + CMSG_LEN(0), value.data, value.size);
    header->msg_controllen += CMSG_SPACE(value.size);
}

static void udp_put_source(struct msghdr *header, bool v6, const struct udp_address *local)
{
    if (v6) {
        struct in6_pktinfo info = {0};
        memcpy(&info.ipi6_addr, local->ip, sizeof info.ipi6_addr);
        udp_put_control(header, IPPROTO_IPV6, IPV6_PKTINFO,
                        (struct bytes){(const uint8_t *)&info, sizeof info});
    } else {
        struct in_pktinfo info = {0};
        memcpy(&info.ipi_spec_dst, local->ip + sizeof v4_prefix, sizeof info.ipi_spec_dst);
        udp_put_control(header, IPPROTO_IP, IP_PKTINFO,
                        (struct bytes){(const uint8_t *)&info, sizeof info});
    }
}

static void udp_prepare(struct udp *udp, uint32_t place, const struct worker_send *send)
{
    struct msghdr *header = &udp->out[place].msg_hdr;
    udp_address_out(udp, place, &send->to);
    udp->out_part[place] = (struct iovec){send->data, send->size};
    header->msg_control = &udp->out_control[place];
    header->msg_controllen = 0;
    if (send->segment_size != 0 && send->size > send->segment_size) {
        const uint8_t *size = (const uint8_t *)&send->segment_size;
        udp_put_control(header, IPPROTO_UDP, UDP_SEGMENT,
                        (struct bytes){size, sizeof send->segment_size});
    } /* else a single datagram, which is cheaper without the option */
    const struct udp_address *local = udp_routes_find(udp->routes, &send->to);
    if (local)
        udp_put_source(header, udp->v6, local);
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
