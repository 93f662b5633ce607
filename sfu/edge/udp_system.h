/* Addresses between their plain form and the system's, and which ones this host has. */
#ifndef SFU_EDGE_UDP_SYSTEM_H
#define SFU_EDGE_UDP_SYSTEM_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/address.h"

enum { UDP_V4_PREFIX_BYTES = 12 }; /* ::ffff:0:0/96 */

/* An IPv4 address becomes AF_INET, as STUN wants it. */
socklen_t udp_sockaddr(const struct udp_address *address, struct sockaddr_storage *ret_system);
/* As a dual-stack socket takes it: IPv4 addresses stay mapped. */
void udp_sockaddr_v6(const struct udp_address *address, struct sockaddr_in6 *ret_system);
/* Needs: AF_INET or AF_INET6. */
struct udp_address udp_address_of(const struct sockaddr_storage *system);
struct udp_address udp_address_of_v4(struct in_addr ip, uint16_t port);

/* Every address of this host that another one could reach it by (loopback and link-local ones are
 * left out), at most `capacity`. Ports are 0. */
uint32_t udp_host_addresses(struct udp_address *ret_addresses, uint32_t capacity);

#endif
