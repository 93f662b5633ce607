/* A UDP transport address as a plain value, so that cores need no socket header. */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_TEXT_BYTES = 64 }; /* "[v6]:port" with its terminator fits */

/* `ip` holds 16 bytes: an IPv6 address, or an IPv4 one mapped as ::ffff:a.b.c.d (RFC 4291,
 * section 2.5.5.2). Two addresses are the same exactly when the struct's bytes are. */
struct udp_address {
    uint8_t ip[16];
    uint16_t port; /* host byte order */
};

bool udp_address_equal(const struct udp_address *a, const struct udp_address *b);
bool udp_address_is_v4(const struct udp_address *address);
/* Mixed with `seed`, so that a peer cannot choose colliding addresses. */
uint64_t udp_address_hash(const struct udp_address *address, uint64_t seed);
/* "192.0.2.1:5000" or "[2001:db8::1]:5000". Returns `text`. */
const char *udp_address_text(const struct udp_address *address, char text[ADDRESS_TEXT_BYTES]);

#endif
