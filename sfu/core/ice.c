#include "sfu/core/ice.h"

void ice_init(struct ice *ice, usec_t now)
{
    *ice = (struct ice){.joined = now};
}

void ice_on_restart(struct ice *ice, usec_t now)
{
    ice->joined = now;
    ice->nominated = false;
}

static uint8_t find_path(const struct ice *ice, const struct udp_address *address)
{
    uint8_t at = 0;
    while (at < ICE_PATHS &&
           (ice->paths[at].checked == 0 || !udp_address_equal(&ice->paths[at].address, address)))
        at++;
    return at;
}

/* A free place, or the one longest unused that is not being sent to. */
static uint8_t place_for_path(const struct ice *ice)
{
    uint8_t best = ICE_PATHS;
    for (int i = 0; i < ICE_PATHS; i++) {
        uint8_t at = (uint8_t)i;
        if (ice->paths[at].checked == 0)
            return at;
        if (at != ice->selected &&
            (best == ICE_PATHS || ice->paths[at].checked < ice->paths[best].checked))
            best = at;
    }
    return best;
}

enum ice_change ice_on_check(struct ice *ice, usec_t now, const struct udp_address *from,
                             bool nominated, struct udp_address *ret_old)
{
    enum ice_change change = ICE_SAME;
    uint8_t at = find_path(ice, from);
    if (at == ICE_PATHS) {
        at = place_for_path(ice);
        change = ICE_ADDED;
        if (ice->paths[at].checked) {
            change = ICE_REPLACED;
            *ret_old = ice->paths[at].address;
        }
        ice->paths[at].address = *from;
    }
    ice->paths[at].checked = now ? now : 1; /* 0 would mean a free place */
    ice->paths[at].unreachable = false;
    ice->checked = now;
    if (!ice_address(ice) || nominated)
        ice->selected = at;
    ice->nominated = ice->nominated || nominated;
    ice->came = true;
    return change;
}

void ice_forget(struct ice *ice, const struct udp_address *address)
{
    uint8_t at = find_path(ice, address);
    if (at < ICE_PATHS)
        ice->paths[at].checked = 0;
}

bool ice_on_unreachable(struct ice *ice, const struct udp_address *address)
{
    uint8_t at = find_path(ice, address);
    if (at == ICE_PATHS || ice->paths[at].unreachable)
        return false;
    ice->paths[at].unreachable = true;
    for (uint8_t other = 0; other < ICE_PATHS && at == ice->selected; other++)
        if (ice->paths[other].checked && !ice->paths[other].unreachable)
            ice->selected = other;
    return true;
}

const struct udp_address *ice_address(const struct ice *ice)
{
    const struct ice_path *path = &ice->paths[ice->selected];
    return ice->came && path->checked && !path->unreachable ? &path->address : NULL;
}

usec_t ice_deadline(const struct ice *ice)
{
    if (!ice->came)
        return ice->joined + ICE_ARRIVE_S * USEC_PER_SEC;
    usec_t last = ice->checked > ice->joined ? ice->checked : ice->joined;
    return last + ICE_CONSENT_S * USEC_PER_SEC;
}

bool ice_expired(const struct ice *ice, usec_t now)
{
    return now >= ice_deadline(ice);
}
