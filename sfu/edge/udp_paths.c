#include "sfu/edge/udp_paths.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "sfu/edge/udp_system.h"

enum err udp_paths_init(struct udp_paths *paths, bool v6, uint32_t count)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return ERR_IO;
    *paths = (struct udp_paths){
        .v6 = v6, .count = count, .of = calloc(count ? count : 1, sizeof paths->of[0])};
    if (!paths->of)
        return ERR_NO_MEMORY;
    return udp_routes_create(seed, &paths->routes);
}

void udp_paths_done(struct udp_paths *paths)
{
    udp_routes_destroy(paths->routes);
    free(paths->of);
}

static void path_put_source(struct udp_source *source, int level, int type, const void *value,
                            size_t size)
{
    struct cmsghdr control = {.cmsg_len = CMSG_LEN(size), .cmsg_level = level, .cmsg_type = type};
    memset(source->bytes, 0, sizeof source->bytes);
    memcpy(source->bytes, &control, sizeof control);
    memcpy(source->bytes + CMSG_LEN(0), value, size);
    source->size = (uint32_t)CMSG_SPACE(size);
}

static void path_make_source(bool v6, struct udp_path *path, const struct udp_address *local)
{
    path->source.size = 0;
    if (!local)
        return;
    if (v6) {
        struct in6_pktinfo info = {0};
        memcpy(&info.ipi6_addr, local->ip, sizeof info.ipi6_addr);
        path_put_source(&path->source, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    } else {
        struct in_pktinfo info = {0};
        memcpy(&info.ipi_spec_dst, local->ip + UDP_V4_PREFIX_BYTES, sizeof info.ipi_spec_dst);
        path_put_source(&path->source, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    }
}

void udp_path_make(const struct udp_paths *paths, struct udp_path *path,
                   const struct udp_address *to)
{
    if (!path->known || !udp_address_equal(&path->to, to)) {
        path->single_until = 0;
        path->fragment_until = 0;
    }
    path->known = true;
    path->to = *to;
    path->routes_version = udp_routes_version(paths->routes);
    if (paths->v6) {
        udp_sockaddr_v6(to, &path->name.v6);
        path->name_size = sizeof path->name.v6;
    } else {
        path->name.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(to->port)};
        memcpy(&path->name.v4.sin_addr, to->ip + UDP_V4_PREFIX_BYTES,
               sizeof path->name.v4.sin_addr);
        path->name_size = sizeof path->name.v4;
    }
    path_make_source(paths->v6, path, udp_routes_find(paths->routes, to));
}
