#include "sfu/edge/udp_system.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>

static const uint8_t v4_prefix[UDP_V4_PREFIX_BYTES] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct udp_address udp_address_of_v4(struct in_addr ip, uint16_t port)
{
    struct udp_address address = {.port = port};
    memcpy(address.ip, v4_prefix, sizeof v4_prefix);
    memcpy(address.ip + sizeof v4_prefix, &ip, sizeof ip);
    return address;
}

struct udp_address udp_address_of(const struct sockaddr_storage *system)
{
    if (system->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, system, sizeof v4);
        return udp_address_of_v4(v4.sin_addr, ntohs(v4.sin_port));
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, system, sizeof v6);
    struct udp_address address = {.port = ntohs(v6.sin6_port)};
    memcpy(address.ip, &v6.sin6_addr, sizeof address.ip);
    return address;
}

void udp_sockaddr_v6(const struct udp_address *address, struct sockaddr_in6 *ret_system)
{
    *ret_system = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
    memcpy(&ret_system->sin6_addr, address->ip, sizeof ret_system->sin6_addr);
}

socklen_t udp_sockaddr(const struct udp_address *address, struct sockaddr_storage *ret_system)
{
    memset(ret_system, 0, sizeof *ret_system);
    if (udp_address_is_v4(address)) {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(address->port)};
        memcpy(&v4.sin_addr, address->ip + sizeof v4_prefix, sizeof v4.sin_addr);
        memcpy(ret_system, &v4, sizeof v4);
        return sizeof v4;
    }
    struct sockaddr_in6 v6;
    udp_sockaddr_v6(address, &v6);
    memcpy(ret_system, &v6, sizeof v6);
    return sizeof v6;
}

static bool udp_is_reachable(const struct ifaddrs *entry)
{
    if (!entry->ifa_addr || !(entry->ifa_flags & IFF_UP) || (entry->ifa_flags & IFF_LOOPBACK))
        return false;
    if (entry->ifa_addr->sa_family == AF_INET)
        return true;
    if (entry->ifa_addr->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 v6;
    memcpy(&v6, entry->ifa_addr, sizeof v6);
    return !IN6_IS_ADDR_LINKLOCAL(&v6.sin6_addr); /* names no host without its interface */
}

uint32_t udp_host_addresses(struct udp_address *ret_addresses, uint32_t capacity)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) != 0)
        return 0;
    uint32_t count = 0;
    for (const struct ifaddrs *entry = all; entry && count < capacity; entry = entry->ifa_next) {
        if (!udp_is_reachable(entry))
            continue;
        struct sockaddr_storage system = {0};
        bool v6 = entry->ifa_addr->sa_family == AF_INET6;
        memcpy(&system, entry->ifa_addr,
               v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
        ret_addresses[count] = udp_address_of(&system);
        ret_addresses[count++].port = 0;
    }
    freeifaddrs(all);
    return count;
}
