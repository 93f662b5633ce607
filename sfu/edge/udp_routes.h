/* From which of the host's addresses a peer has to be answered: from the one it sends to. The
 * kernel chooses by its routing table, which is another one where a host has several addresses on a
 * line (a floating one, say). Only peers for whom that choice would be wrong are remembered.
 *
 * A fixed table; of two peers that meet in one place the later one stays, and the other returns
 * with its next connectivity check. One thread. */
#ifndef SFU_EDGE_UDP_ROUTES_H
#define SFU_EDGE_UDP_ROUTES_H

#include <stdint.h>

#include "base/address.h"
#include "base/err.h"

struct udp_routes;

MUST_USE enum err udp_routes_create(uint64_t seed, struct udp_routes **ret_routes);
void udp_routes_destroy(struct udp_routes *routes); /* accepts NULL */

/* The peer proved to send from `remote` to `local`. Asks the kernel once for each new pair. */
void udp_routes_learn(struct udp_routes *routes, const struct udp_address *remote,
                      const struct udp_address *local);
/* NULL: the kernel's own choice is right, or nothing is known. */
const struct udp_address *udp_routes_find(const struct udp_routes *routes,
                                          const struct udp_address *remote);
/* Another one whenever an answer of udp_routes_find() may have changed. */
uint32_t udp_routes_version(const struct udp_routes *routes);

#endif
