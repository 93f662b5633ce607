/* One worker's UDP socket: whole batches in, whole batches out (recvmmsg, sendmmsg).
 *
 * One unconnected dual-stack socket where the host has IPv6, else an IPv4 one. Nothing blocks.
 * Out: a send may be a train of equal datagrams that the kernel cuts (UDP_SEGMENT, Linux 4.18). A
 * path that refuses trains (EIO, EINVAL) gets its datagrams one by one for UDP_SLOW_PATH_US; other
 * paths notice nothing. Datagrams carry "don't fragment"; a path that is too narrow for them
 * (EMSGSIZE, by the kernel or by ICMP) gets fragments for as long.
 * In: what the kernel joined (UDP_GRO, Linux 5.0) is cut into its datagrams again.
 * ICMP errors are taken from the socket's error queue (IP_RECVERR), which names the peer they are
 * about. Without that, the kernel would tell of a dead peer by failing a send to another one, or
 * not at all. One thread. */
#ifndef SFU_EDGE_UDP_H
#define SFU_EDGE_UDP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/address.h"
#include "base/err.h"
#include "base/units.h"
#include "sfu/core/worker.h"

enum {
    UDP_IN_MESSAGES = 16, /* of one read; fewer datagrams than that were the last that waited */
    UDP_BATCH = 64,
    UDP_SLOW_PATH_US = 5 * 60 * 1000 * 1000, /* then the path is tried again */
};

struct udp;

typedef int udp_send_call(int fd, struct mmsghdr *messages, unsigned int count, int flags);

struct udp_config {
    uint16_t port;       /* 0: any free one */
    uint32_t endpoints;  /* paths are remembered by the index of worker_send.endpoint, below this */
    bool segments;       /* send trains, where the kernel can */
    udp_send_call *send; /* NULL: sendmmsg(2); else a test's own */
};

struct udp_datagram {
    struct udp_address from;
    struct udp_address to; /* which of our addresses it was sent to */
    uint8_t *data;         /* the socket's own, until the next udp_receive() */
    size_t size;           /* at most LIMIT_DATAGRAM_BYTES */
};

/* What the socket got of what was asked for. */
struct udp_facts {
    uint16_t port;
    bool segments; /* trains go out */
    bool joins;    /* trains come in */
    int send_buffer_bytes;
    int receive_buffer_bytes;
};

struct udp_counters {
    uint64_t lost;       /* datagrams that the kernel did not take */
    uint64_t trains;     /* sends that left as trains */
    uint64_t split;      /* sends that left one by one instead */
    uint64_t fragmented; /* datagrams that left without "don't fragment" */
    uint64_t paths_slow; /* times that a path was found to refuse trains, or to be too narrow */
    uint64_t oversized;  /* datagrams that came larger than LIMIT_DATAGRAM_BYTES */
};

/* Binds the port. ERR_IO leaves errno as the system gave it. */
MUST_USE enum err udp_create(const struct udp_config *config, struct udp **ret_udp);
void udp_destroy(struct udp *udp); /* accepts NULL */
int udp_fd(const struct udp *udp);
struct udp_facts udp_facts(const struct udp *udp);
const struct udp_counters *udp_counters(const struct udp *udp);
/* Memory that the socket keeps for each endpoint. */
size_t udp_path_size(void);

/* Up to UDP_BATCH datagrams that have arrived; 0 when none has. */
uint32_t udp_receive(struct udp *udp, struct udp_datagram ret_datagrams[UDP_BATCH]);

/* The peer proved to be at `from` and to send to `to`: it is answered from there. */
void udp_learn(struct udp *udp, const struct udp_address *from, const struct udp_address *to);

/* Sends in order. What the kernel refuses is gone, as on any network, and counted. Gives how many
 * of `sends` are dealt with: fewer than `count` when the socket's buffer is full. Those left are to
 * be offered again once udp_fd() is writable. */
uint32_t udp_send(struct udp *udp, usec_t now, const struct worker_send *sends, uint32_t count);
/* How many datagrams these sends are. */
uint64_t udp_datagrams(const struct worker_send *sends, uint32_t count);

enum udp_error_kind {
    UDP_ERROR_UNREACHABLE, /* nobody listens there, or no way leads there */
    UDP_ERROR_TOO_LARGE,   /* a router needs to fragment and may not */
};

struct udp_error {
    enum udp_error_kind kind;
    struct udp_address peer;
};

/* The next ICMP error about something we sent; false when there is none. */
bool udp_next_error(struct udp *udp, struct udp_error *ret_error);
/* The path of the endpoint at `index` gets its datagrams in fragments from now on. */
void udp_on_too_large(struct udp *udp, usec_t now, uint32_t index);

#endif
