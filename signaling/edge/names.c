#include "signaling/edge/names.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static void name_add(struct names *names, const char *text, size_t size)
{
    if (names->count == NAMES_MAX || size == 0 || size >= NAMES_TEXT_BYTES)
        return;
    char *place = names->texts[names->count];
    memcpy(place, text, size);
    place[size] = 0;
    for (size_t n = 0; n < names->count; n++)
        if (strcmp(names->texts[n], place) == 0)
            return;
    names->count++;
}

static void address_add(struct names *names, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN];
    const void *bytes = NULL;
    if (address->sa_family == AF_INET) {
        bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    } else if (address->sa_family == AF_INET6) {
        const struct in6_addr *v6 =
            &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (!IN6_IS_ADDR_LINKLOCAL(v6))
            bytes = v6;
    }
    if (bytes && inet_ntop(address->sa_family, bytes, text, sizeof text))
        name_add(names, text, strlen(text));
}

void names_read(struct names *ret_names, const char *configured)
{
    memset(ret_names, 0, sizeof *ret_names);
    while (*configured) {
        size_t size = strcspn(configured, " ,");
        name_add(ret_names, configured, size);
        configured += size;
        configured += strspn(configured, " ,");
    }
    char host[NAMES_TEXT_BYTES] = {0};
    if (gethostname(host, sizeof host - 1) == 0)
        name_add(ret_names, host, strlen(host));

    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) == 0) {
        for (const struct ifaddrs *at = list; at; at = at->ifa_next)
            if (at->ifa_addr && !(at->ifa_flags & IFF_LOOPBACK))
                address_add(ret_names, at->ifa_addr);
        freeifaddrs(list);
    }
    for (size_t n = 0; n < ret_names->count; n++)
        ret_names->pointers[n] = ret_names->texts[n];
}
