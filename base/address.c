#include "base/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool udp_address_equal(const struct udp_address *a, const struct udp_address *b)
{
    return a->port == b->port && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

bool udp_address_is_v4(const struct udp_address *address)
{
    return memcmp(address->ip, v4_prefix, sizeof v4_prefix) == 0;
}

uint64_t udp_address_hash(const struct udp_address *address, uint64_t seed)
{
    uint64_t half[2];
    memcpy(half, address->ip, sizeof half);
    struct rng mix = rng_seed(seed ^ half[0]);
    mix.state = rng_u64(&mix) ^ half[1];
    mix.state = rng_u64(&mix) ^ address->port;
    return rng_u64(&mix);
}

const char *udp_address_text(const struct udp_address *address, char text[ADDRESS_TEXT_BYTES])
{
    char ip[INET6_ADDRSTRLEN];
    bool v4 = udp_address_is_v4(address);
    const char *written = v4 ? inet_ntop(AF_INET, address->ip + 12, ip, sizeof ip)
                             : inet_ntop(AF_INET6, address->ip, ip, sizeof ip);
    assert(written); /* both families are fixed above and `ip` is large enough for either */
    int size = snprintf(text, ADDRESS_TEXT_BYTES, v4 ? "%s:%u" : "[%s]:%u", ip, address->port);
    assert(size > 0 && size < ADDRESS_TEXT_BYTES);
    return text;
}
