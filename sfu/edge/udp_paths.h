/* The ways to a socket's peers, ready for sendmmsg: one per endpoint, by the index of its handle,
 * so that a send looks nothing up. A path is made anew when its endpoint is sent to somewhere else,
 * or when routes were learned since. It also remembers what it refuses: trains, or large datagrams.
 * A fixed table; one thread. */
#ifndef SFU_EDGE_UDP_PATHS_H
#define SFU_EDGE_UDP_PATHS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/address.h"
#include "base/err.h"
#include "base/units.h"
#include "sfu/edge/udp_routes.h"

/* The control message that says which of our addresses to send from. */
struct udp_source {
    _Alignas(size_t) char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    uint32_t size; /* 0: the kernel's choice is right */
};

struct udp_path {
    bool known;
    uint32_t routes_version;
    struct udp_address to;
    usec_t single_until;   /* until then it gets no trains */
    usec_t fragment_until; /* until then its datagrams may be fragmented */
    socklen_t name_size;
    union {
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } name;
    struct udp_source source;
};

struct udp_paths {
    bool v6; /* the socket's family */
    uint32_t count;
    struct udp_routes *routes;
    struct udp_path *of;
};

MUST_USE enum err udp_paths_init(struct udp_paths *paths, bool v6, uint32_t count);
void udp_paths_done(struct udp_paths *paths);

/* Whether `path` leads to `to` as it stands. */
static inline bool udp_path_leads(const struct udp_paths *paths, const struct udp_path *path,
                                  const struct udp_address *to)
{
    return path->known && path->routes_version == udp_routes_version(paths->routes) &&
           udp_address_equal(&path->to, to);
}

/* Makes it lead there. What it was found to refuse is forgotten when that is somewhere else. */
void udp_path_make(const struct udp_paths *paths, struct udp_path *path,
                   const struct udp_address *to);

#endif
