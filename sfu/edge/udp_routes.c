#include "sfu/edge/udp_routes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sfu/edge/udp_system.h"

enum { ROUTES = 16384 }; /* four times the endpoints of a worker; a power of two */

struct udp_route {
    bool known;
    bool pinned; /* the kernel would choose another address than `local` */
    struct udp_address remote;
    struct udp_address local;
};

struct udp_routes {
    uint64_t seed;
    uint32_t pinned;
    uint32_t version;
    struct udp_route routes[ROUTES];
};

enum err udp_routes_create(uint64_t seed, struct udp_routes **ret_routes)
{
    struct udp_routes *routes = calloc(1, sizeof *routes);
    if (!routes)
        return ERR_NO_MEMORY;
    routes->seed = seed;
    *ret_routes = routes;
    return ERR_OK;
}

void udp_routes_destroy(struct udp_routes *routes)
{
    free(routes);
}

static uint32_t routes_place(const struct udp_routes *routes, const struct udp_address *remote)
{
    return (uint32_t)udp_address_hash(remote, routes->seed) & (ROUTES - 1);
}

/* Whether the kernel would send to `remote` from `local`: a socket that is connected knows. */
static bool routes_is_default(const struct udp_address *remote, const struct udp_address *local)
{
    struct sockaddr_storage system;
    socklen_t size = udp_sockaddr(remote, &system);
    int fd = socket(system.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return true;
    struct udp_address chosen = *local;
    socklen_t chosen_size = sizeof system;
    if (connect(fd, (const struct sockaddr *)&system, size) == 0 &&
        getsockname(fd, (struct sockaddr *)&system, &chosen_size) == 0)
        chosen = udp_address_of(&system);
    close(fd);
    return memcmp(chosen.ip, local->ip, sizeof chosen.ip) == 0;
}

void udp_routes_learn(struct udp_routes *routes, const struct udp_address *remote,
                      const struct udp_address *local)
{
    struct udp_route *route = &routes->routes[routes_place(routes, remote)];
    if (route->known && udp_address_equal(&route->remote, remote) &&
        udp_address_equal(&route->local, local))
        return;
    bool was_pinned = route->pinned;
    routes->pinned -= was_pinned ? 1 : 0;
    *route = (struct udp_route){.known = true,
                                .pinned = !routes_is_default(remote, local),
                                .remote = *remote,
                                .local = *local};
    routes->pinned += route->pinned ? 1 : 0;
    routes->version += was_pinned || route->pinned ? 1 : 0;
}

const struct udp_address *udp_routes_find(const struct udp_routes *routes,
                                          const struct udp_address *remote)
{
    if (routes->pinned == 0)
        return NULL; /* nearly every host: nothing is looked up */
    const struct udp_route *route = &routes->routes[routes_place(routes, remote)];
    return route->pinned && udp_address_equal(&route->remote, remote) ? &route->local : NULL;
}

uint32_t udp_routes_version(const struct udp_routes *routes)
{
    return routes->version;
}
