/* Where an endpoint may be reached: ICE-lite's view (RFC 8445, section 2.5; RFC 7675).
 *
 * Only addresses that an authenticated binding request came from are valid. The pair the peer
 * nominates is used at once; until it nominates one, the first that was valid. Consent lasts 30 s
 * from the last authenticated request. Pure; the edge does the STUN. */
#ifndef SFU_CORE_ICE_H
#define SFU_CORE_ICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/units.h"

enum {
    ICE_PATHS = 4,
    ICE_CONSENT_S = 30, /* RFC 7675, section 5.1 */
    ICE_ARRIVE_S = 30,  /* from joining to the first valid check */
};

struct ice_path {
    struct udp_address address;
    usec_t checked;   /* 0: this place is free */
    bool unreachable; /* the network said so, and nothing was heard from there since */
};

struct ice {
    usec_t joined; /* or restarted */
    usec_t checked;
    bool came;
    bool nominated;
    uint8_t selected; /* a place in `paths`; meaningful once `came` */
    struct ice_path paths[ICE_PATHS];
};

enum ice_change {
    ICE_SAME,     /* an address known before */
    ICE_ADDED,    /* a new one */
    ICE_REPLACED, /* a new one, in the place of the longest unused */
};

void ice_init(struct ice *ice, usec_t now);
/* New credentials: the paths stay in use, and the peer has its time again. */
void ice_on_restart(struct ice *ice, usec_t now);
/* An authenticated check came from `from`. *ret_old is filled for ICE_REPLACED. */
enum ice_change ice_on_check(struct ice *ice, usec_t now, const struct udp_address *from,
                             bool nominated, struct udp_address *ret_old);
/* `address` now belongs to another endpoint. */
void ice_forget(struct ice *ice, const struct udp_address *address);
/* The network says that nobody is at `address`: another path is taken where there is one. The next
 * check from there makes it usable again. False when it changes nothing. */
bool ice_on_unreachable(struct ice *ice, const struct udp_address *address);
/* Where to send; NULL while there is no valid path. */
const struct udp_address *ice_address(const struct ice *ice);
/* When ice_expired() becomes true unless a check comes. */
usec_t ice_deadline(const struct ice *ice);
bool ice_expired(const struct ice *ice, usec_t now);

#endif
