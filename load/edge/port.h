/* The crowd's sockets: batches in (recvmmsg, UDP_GRO), batches out (sendmmsg).
 *
 * Shared, one unbound-address IPv4 socket serves all peers: IP_PKTINFO tells peer n, whose address
 * is 127.64.0.0 + n + 1, from the others, both ways. Otherwise each peer has a socket of its own,
 * IPv6 and IPv4 where the host has both. The kernel stamps what arrives, so that our own reading
 * does not count as delay. port_open_peer() and port_wake() may be called by any thread, the rest
 * by one. */
#ifndef LOAD_EDGE_PORT_H
#define LOAD_EDGE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/err.h"
#include "base/units.h"

struct port;

enum { PORT_BATCH = 32, PORT_DATAGRAM_BYTES = 1500 };

/* A datagram, or a train of equal ones of which the last may be shorter. */
struct port_train {
    uint32_t peer;
    struct udp_address from;
    uint8_t *data; /* the port's own, until the next port_receive() */
    size_t size;
    size_t segment; /* of each datagram; `size` when there is one */
    uint64_t at_ns; /* civil clock, by the kernel; 0: not told */
};

MUST_USE enum err port_create(bool shared, uint32_t peers, struct port **ret_port);
void port_destroy(struct port *port); /* accepts NULL */

/* ERR_IO: no socket. Nothing to do when shared. */
MUST_USE enum err port_open_peer(struct port *port, uint32_t peer);
/* Needs: a peer that was opened. Closes its socket, if it has one of its own. */
void port_close_peer(struct port *port, uint32_t peer);

/* Sleeps until something is readable, port_wake(), or `timeout_us` passed (0: only looks). */
void port_wait(struct port *port, usec_t timeout_us);
void port_wake(struct port *port);
/* Trains of one socket that was readable at the last port_wait(); 0 when all are read. */
uint32_t port_receive(struct port *port, struct port_train ret_trains[PORT_BATCH]);

/* Queues a copy; what is queued leaves at port_flush(), or when the queue is full. */
void port_send(struct port *port, uint32_t peer, const struct udp_address *to, const uint8_t *data,
               size_t size);
void port_flush(struct port *port);

/* Whether this port can send to that address at all. */
bool port_reaches(const struct port *port, const struct udp_address *to);

/* Since the start: datagrams lost because they were not read in time; not taken when sent. */
uint64_t port_overflowed(const struct port *port);
uint64_t port_unsent(const struct port *port);

#endif
