/* What the files of the socket share; private to udp*.c. */
#ifndef SFU_EDGE_UDP_PART_H
#define SFU_EDGE_UDP_PART_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "sfu/edge/udp.h"
#include "sfu/edge/udp_paths.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum {
    UDP_IN_BYTES = 64 * 1024,  /* the most that UDP_GRO joins */
    UDP_IN_STAGGER_BYTES = 64, /* so that the buffers do not all meet in the same cache sets */
};

/* Both begin like struct cmsghdr. */
struct udp_control_in {
    _Alignas(size_t) char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
};

/* The size of a train's datagrams, prepared; then the address to send from, where it matters. */
struct udp_control_out {
    _Alignas(size_t) char segment[CMSG_SPACE(sizeof(uint16_t))];
    char source[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct udp {
    int fd;
    struct udp_facts facts;
    struct udp_counters counters;
    struct udp_paths paths;
    udp_send_call *send;

    /* In: messages of the last recvmmsg, of which the first `in_taken` are used up, and of the next
     * one its first `in_at` bytes. */
    uint32_t in_count;
    uint32_t in_taken;
    size_t in_at;
    size_t in_step; /* size of its datagrams */
    struct udp_address in_peer;
    struct udp_address in_local;
    struct mmsghdr in[UDP_IN_MESSAGES];
    struct iovec in_part[UDP_IN_MESSAGES];
    struct sockaddr_storage in_from[UDP_IN_MESSAGES];
    struct udp_control_in in_control[UDP_IN_MESSAGES];
    uint8_t *in_data;

    struct mmsghdr out[UDP_BATCH];
    struct iovec out_part[UDP_BATCH];
    struct udp_control_out out_control[UDP_BATCH];
    struct udp_path out_path[UDP_BATCH]; /* of sends that name no endpoint */
};

/* Dual stack, else AF_INET. */
static inline bool udp_is_v6(const struct udp *udp)
{
    return udp->paths.v6;
}

#endif
