/* One worker's UDP socket: whole batches in, whole batches out (recvmmsg, sendmmsg).
 *
 * A send may be a train of equal datagrams that the kernel cuts (UDP_SEGMENT, Linux 4.18). Where
 * the path refuses that (EIO, EINVAL), the train is sent one by one and no train is tried again.
 * One dual-stack socket where the host has IPv6, else an IPv4 one. One thread. */
#ifndef SFU_EDGE_UDP_H
#define SFU_EDGE_UDP_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/address.h"
#include "base/err.h"
#include "sfu/core/worker.h"

enum { UDP_BATCH = 64 };

struct udp;

struct udp_datagram {
    struct udp_address from;
    struct udp_address to; /* which of our addresses it was sent to */
    uint8_t *data; /* LIMIT_DATAGRAM_BYTES of the socket's own, until the next udp_receive() */
    size_t size;
};

/* Binds `port`, 0 for any free one. ERR_IO leaves errno as the system gave it. */
MUST_USE enum err udp_create(uint16_t port, struct udp **ret_udp);
void udp_destroy(struct udp *udp); /* accepts NULL */
int udp_fd(const struct udp *udp);
uint16_t udp_port(const struct udp *udp);

/* Up to UDP_BATCH datagrams that have arrived; 0 when none has. Larger ones than
 * LIMIT_DATAGRAM_BYTES are left out and counted in udp_oversized(). */
uint32_t udp_receive(struct udp *udp, struct udp_datagram ret_datagrams[UDP_BATCH]);
uint64_t udp_oversized(const struct udp *udp);

/* The peer proved to be at `from` and to send to `to`: it is answered from there. */
void udp_learn(struct udp *udp, const struct udp_address *from, const struct udp_address *to);

/* Sends all, in order; what the kernel does not take is gone, as on any network. Gives the number
 * of datagrams that it did not take. */
uint64_t udp_send(struct udp *udp, const struct worker_send *sends, uint32_t count);

/* Between a plain address and the system's; an IPv4 one becomes AF_INET, as STUN wants it. */
socklen_t udp_sockaddr(const struct udp_address *address, struct sockaddr_storage *ret_system);
/* Needs: AF_INET or AF_INET6. */
struct udp_address udp_address_of(const struct sockaddr_storage *system);

/* Every address of this host that another one could reach it by (loopback and link-local ones are
 * left out), at most `capacity`. Ports are 0. */
uint32_t udp_host_addresses(struct udp_address *ret_addresses, uint32_t capacity);

#endif
