/* Batches in: recvmmsg, and what UDP_GRO joined cut into datagrams again. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <string.h>

#include "sfu/edge/udp_part.h"
#include "sfu/edge/udp_system.h"

/* Which of our addresses it came to, and the size of its datagrams where several were joined. */
static void udp_read_control(struct udp *udp, struct msghdr *header)
{
    udp->in_local = (struct udp_address){.port = udp->facts.port};
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control;
         control = CMSG_NXTHDR(header, control)) {
        if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info);
            memcpy(udp->in_local.ip, &info.ipi6_addr, sizeof udp->in_local.ip);
        } else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info);
            udp->in_local = udp_address_of_v4(info.ipi_addr, udp->facts.port);
        } else if (control->cmsg_level == IPPROTO_UDP && control->cmsg_type == UDP_GRO) {
            int step;
            memcpy(&step, CMSG_DATA(control), sizeof step);
            if (step > 0)
                udp->in_step = (size_t)step;
        }
    }
}

static void udp_begin_message(struct udp *udp)
{
    struct mmsghdr *message = &udp->in[udp->in_taken];
    udp->in_at = 0;
    udp->in_step = message->msg_len;
    udp->in_peer = udp_address_of(&udp->in_from[udp->in_taken]);
    udp_read_control(udp, &message->msg_hdr);
}

/* The next datagram of the messages that are here; false when all are used up. */
static bool udp_next_datagram(struct udp *udp, struct udp_datagram *ret_datagram)
{
    while (udp->in_taken < udp->in_count) {
        if (udp->in_at == 0)
            udp_begin_message(udp);
        size_t left = udp->in[udp->in_taken].msg_len - udp->in_at;
        size_t size = left < udp->in_step ? left : udp->in_step;
        *ret_datagram = (struct udp_datagram){
            udp->in_peer, udp->in_local,
            (uint8_t *)udp->in_part[udp->in_taken].iov_base + udp->in_at, size};
        udp->in_at += size;
        if (udp->in_at == udp->in[udp->in_taken].msg_len) {
            udp->in_taken++;
            udp->in_at = 0;
        }
        if (size > 0 && size <= LIMIT_DATAGRAM_BYTES)
            return true;
        udp->counters.oversized += size > 0; /* an empty one is nothing at all */
    }
    return false;
}

static bool udp_fetch(struct udp *udp)
{
    for (uint32_t i = 0; i < UDP_IN_MESSAGES; i++) {
        udp->in[i].msg_hdr.msg_namelen = sizeof udp->in_from[i];
        udp->in[i].msg_hdr.msg_controllen = sizeof udp->in_control[i].bytes;
    }
    int got = -1;
    /* An error that waits is about something we sent (udp_next_error() tells), and told once. */
    for (int tries = 0; tries < 2 && got < 0 && (tries == 0 || errno != EAGAIN); tries++)
        got = recvmmsg(udp->fd, udp->in, UDP_IN_MESSAGES, MSG_DONTWAIT, NULL);
    udp->in_count = got > 0 ? (uint32_t)got : 0;
    udp->in_taken = 0;
    udp->in_at = 0;
    return got > 0;
}

uint32_t udp_receive(struct udp *udp, struct udp_datagram ret_datagrams[UDP_BATCH])
{
    uint32_t count = 0;
    while (count < UDP_BATCH && udp_next_datagram(udp, &ret_datagrams[count]))
        count++;
    /* What was given points into the buffers: they are not filled again before the next call. */
    while (count == 0 && udp_fetch(udp))
        while (count < UDP_BATCH && udp_next_datagram(udp, &ret_datagrams[count]))
            count++;
    return count;
}

/* ---- Errors ---------------------------------------------------------------------------------- */

static bool udp_read_error(struct msghdr *header, const struct sockaddr_storage *peer,
                           struct udp_error *ret_error)
{
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control;
         control = CMSG_NXTHDR(header, control)) {
        bool v4 = control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR;
        bool v6 = control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR;
        struct sock_extended_err error;
        if (!v4 && !v6)
            continue;
        memcpy(&error, CMSG_DATA(control), sizeof error);
        /* The kernel's own errors were the result of the send already. */
        if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6)
            return false;
        ret_error->kind = error.ee_errno == EMSGSIZE ? UDP_ERROR_TOO_LARGE : UDP_ERROR_UNREACHABLE;
        ret_error->peer = udp_address_of(peer);
        return true;
    }
    return false;
}

bool udp_next_error(struct udp *udp, struct udp_error *ret_error)
{
    for (;;) {
        _Alignas(size_t) char control[512];
        struct sockaddr_storage peer = {0};
        struct msghdr header = {.msg_name = &peer,
                                .msg_namelen = sizeof peer,
                                .msg_control = control,
                                .msg_controllen = sizeof control};
        if (recvmsg(udp->fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            return false;
        if ((peer.ss_family == AF_INET || peer.ss_family == AF_INET6) &&
            udp_read_error(&header, &peer, ret_error))
            return true;
    }
}
